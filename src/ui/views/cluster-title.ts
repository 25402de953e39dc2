import type { ClusterFacts } from '../../gates/workload.ts';
import { connectionWords, skewWords, sourceWords, watchesNothing } from '../../session/cluster-words.ts';
import { type SafeText, safe, safeLine, safeText } from '../../text/safe-text.ts';
import { widthOf } from '../../text/width.ts';
import { type Row, row, wrapRows } from '../rows.ts';

/** Head of the cluster panel: how live it is always stands in the title as a whole. */
export interface ClusterTitle {
  readonly title: SafeText;
  /** What had no room in the title. */
  readonly rows: readonly Row[];
}

/** `room` columns for the title, `width` for the rows: the clock skew goes to a row of its own first, then the name goes. */
export const clusterTitle = (cluster: ClusterFacts, now: number, room: number, width: number): ClusterTitle => {
  const fits = (text: string): boolean => widthOf(safeLine(text)) <= room;
  const whole = `Pods · ${connectionWords(cluster, now)}`;
  if (fits(whole)) return { title: safeLine(whole), rows: [] };
  const source = sourceWords(cluster.source, now);
  const skew = skewWords(cluster);
  const below = skew === null ? [] : [row(safeText(skew), { tone: 'wait' })];
  const tries = cluster.source.state === 'reconnecting' ? [`reconnecting (${cluster.source.tries})`] : [];
  const short = [`Pods · ${source}`, source, ...tries].find(fits);
  if (short !== undefined) return { title: safeLine(short), rows: below };
  // The reason of a failure may be long: the rows below have it in full.
  const rows = [...wrapRows(safeLine(source), width, { tone: 'blind' }), ...below];
  return { title: safeText('Pods · BLIND'), rows };
};

/** Nothing is shown because nothing is named, and how to name it. */
export const unwatchedRows = (cluster: ClusterFacts, width: number): readonly Row[] =>
  watchesNothing(cluster)
    ? [
        ...wrapRows(safeText('The runbook names no workload to watch: its target.workloads is empty.'), width),
        ...wrapRows(safeText('Name one there, for the next run:'), width, { dim: true }),
        row(safe`  workloads: [deployment/NAME]`, { dim: true }),
      ]
    : [];
