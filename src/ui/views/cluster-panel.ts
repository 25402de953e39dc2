import type { VerdictWord } from '../../gates/sample.ts';
import type { ClusterFacts, EventRow, RevisionFacts, WorkloadFacts } from '../../gates/workload.ts';
import {
  clusterWord,
  imageTag,
  isFresh,
  rolloutWords,
  sourceWords,
  workloadWord,
} from '../../session/cluster-words.ts';
import { timeOfDay } from '../../text/duration.ts';
import { safe, safeLine, safeText } from '../../text/safe-text.ts';
import { truncate } from '../../text/width.ts';
import { bar, leftRight, type Row, row, type Section, type Style, span, type Tone } from '../rows.ts';
import type { Theme } from '../theme.ts';

/** What the column of the wide screen and the lines of the narrow one are made from. */
export interface ClusterPanel {
  readonly cluster: ClusterFacts;
  /** UTC ms. */
  readonly now: number;
  readonly width: number;
  readonly theme: Theme;
}

export const wordTone = (word: VerdictWord): Tone =>
  word === 'FAIL' ? 'fail' : word === 'BLIND' ? 'blind' : word === 'wait' ? 'wait' : 'ok';

const wordSpan = (word: VerdictWord) => span(safeText(word), { tone: wordTone(word), bold: word !== 'ok' });

const faded = (workload: WorkloadFacts): Style => (isFresh(workload.source) ? {} : { dim: true });

const tagOf = (revision: RevisionFacts): string =>
  imageTag(revision.images[0] ?? '') || (revision.number === null ? revision.name : `rev ${revision.number}`);

/** `new v2.3.1   4 of 6 ready   ██████░░`, `old v2.3.0   2 left`. */
const revisionRows = (workload: WorkloadFacts, { width, theme }: ClusterPanel): readonly Row[] => {
  const { rollout, revisions } = workload;
  if (rollout === null) return [];
  const style = faded(workload);
  const fresh = revisions.find(({ isNew }) => isNew);
  const old = revisions.filter(({ isNew, total }) => !isNew && total > 0);
  const line = (name: string, tag: string, count: string): string => `  ${name} ${tag.padEnd(10)} ${count}`;
  const rows: Row[] = [];
  if (fresh !== undefined) {
    const text = safeLine(line('new', tagOf(fresh), `${fresh.ready} of ${rollout.desired} ready`));
    const room = width - text.length - 3;
    const share = rollout.desired === 0 ? 1 : fresh.ready / rollout.desired;
    const isMoving = rollout.phase !== 'complete' && room >= 8;
    rows.push([
      span(text, style),
      ...(isMoving ? [span(safe`   ${bar(share, Math.min(20, room), theme)}`, style)] : []),
    ]);
  }
  for (const revision of old.slice(0, 2))
    rows.push(row(safeLine(line('old', tagOf(revision), `${revision.total} left`)), style));
  return rows;
};

const podRows = (workload: WorkloadFacts, width: number, most: number): readonly Row[] => {
  const shown = workload.troubled.slice(0, most);
  const rows = shown.map((pod): Row => {
    const tone: Tone = pod.class === 'DOOMED' || pod.class === 'FAILING' ? (pod.isNew ? 'fail' : 'wait') : 'wait';
    const name = `  ${pod.name.startsWith(`${workload.name}-`) ? pod.name.slice(workload.name.length + 1) : pod.name}`;
    return [span(safeLine(name), { tone }), span(truncate(safeLine(`  ${pod.reason ?? pod.class}`), width))];
  });
  const more = workload.troubled.length - shown.length;
  return more > 0 ? [...rows, row(safe`  ${more} more, c shows all`, { dim: true })] : rows;
};

const workloadRows = (workload: WorkloadFacts, panel: ClusterPanel): readonly Row[] => {
  const { width, now } = panel;
  const word = workloadWord(workload);
  const style = faded(workload);
  const said = isFresh(workload.source) ? rolloutWords(workload) : sourceWords(workload.source, now);
  const head = leftRight(
    [span(safeLine(workload.name), { bold: true, ...style }), span(safe`  ${safeLine(said)}`, style)],
    [wordSpan(word)],
    width,
  );
  return [head, ...revisionRows(workload, panel), ...podRows(workload, width, 3)];
};

/** `14:45:21 Scheduled, Pulled  x2`. */
const eventRow = ({ at, type, reason, message, count }: EventRow): Row => [
  span(safe`${timeOfDay(at)} `, { dim: true }),
  span(safeLine(reason), type === 'Warning' ? { tone: 'wait' } : {}),
  span(safeLine(`${count > 1 ? ` x${count}` : ''}  ${type === 'Warning' ? message : ''}`.trimEnd())),
];

const otherRows = ({ cluster, width }: ClusterPanel): readonly Row[] => {
  const restarts = cluster.workloads.reduce((sum, { restartTimes }) => sum + restartTimes.length, 0);
  const last = cluster.foreignChanges.at(-1);
  const changed =
    last === undefined
      ? row(safeText('changed by others since start: no'))
      : row(truncate(safeLine(`changed outside this run, ${timeOfDay(last.at).slice(0, 5)}, by ${last.by}`), width), {
          tone: 'wait',
          bold: true,
        });
  return [
    row(safe`restarts ${restarts}`, restarts > 0 ? { tone: 'wait' } : {}),
    changed,
    ...cluster.scalers.slice(0, 2).map(({ reference, text }) => row(safeLine(`${reference}  ${text}`))),
  ];
};

/** The column beside the step: workloads with their pods, then the last events. */
export const clusterSections = (panel: ClusterPanel, height: number): readonly Section[] => {
  const { cluster, now } = panel;
  const pods = [...cluster.workloads.flatMap((workload) => workloadRows(workload, panel)), ...otherRows(panel)];
  const sections: Section[] = [{ title: safeLine(`Pods · ${sourceWords(cluster.source, now)}`), rows: pods }];
  const room = height - pods.length - 4;
  const events = cluster.events.slice(-Math.max(0, Math.min(8, room)));
  if (events.length > 0 && room > 0) sections.push({ title: safeText('Events'), rows: events.map(eventRow) });
  return sections;
};

/** For a narrow screen: two lines for the workload that is worst, or that moves. */
export const clusterLines = (panel: ClusterPanel): readonly Row[] => {
  const { cluster, now, width } = panel;
  const word = clusterWord(cluster);
  const workload = cluster.workloads.find((each) => workloadWord(each) === word) ?? cluster.workloads[0];
  if (workload === undefined) return [];
  const style = faded(workload);
  const live = span(
    safeLine(sourceWords(workload.source, now)),
    isFresh(workload.source) ? { dim: true } : { tone: 'blind' },
  );
  const head = leftRight(
    [
      span(safeLine(`${workload.name}  `), { bold: true, ...style }),
      wordSpan(word),
      span(safeLine(`  ${rolloutWords(workload)}`), style),
    ],
    [live],
    width,
  );
  const troubled = podRows(workload, width, 1);
  const moving = revisionRows(workload, { ...panel, width: Math.min(width, 60) });
  return [head, ...(troubled.length > 0 ? [...moving.slice(0, 1), ...troubled.slice(0, 1)] : moving.slice(0, 2))];
};
