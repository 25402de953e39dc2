import type {
  ClusterFacts,
  EventRow,
  ForeignChange,
  PodCounts,
  PodRow,
  RevisionFacts,
  WorkloadFacts,
} from '../../gates/workload.ts';
import {
  imageTag,
  isLive,
  podCountWords,
  rolloutWords,
  sourceWords,
  workloadWord,
} from '../../session/cluster-words.ts';
import { clock, timeOfDay } from '../../text/duration.ts';
import { type SafeText, safe, safeLine, safeText } from '../../text/safe-text.ts';
import { padTo, widthOf } from '../../text/width.ts';
import {
  bar,
  blank,
  fitRow,
  labelled,
  leftRight,
  type Row,
  row,
  rowWidth,
  type Style,
  span,
  wrapRow,
  wrapRows,
} from '../rows.ts';
import type { Theme } from '../theme.ts';
import { podTone, sourceRows, wordTone } from './cluster-panel.ts';
import { unwatchedRows } from './cluster-title.ts';
import { outputRow } from './output-line.ts';

/** A pod that the cursor can stand on, and the row it is on. */
export interface PodPlace {
  readonly workload: WorkloadFacts;
  readonly pod: PodRow;
  readonly row: number;
}

export interface ClusterPage {
  readonly rows: readonly Row[];
  readonly pods: readonly PodPlace[];
}

export interface ClusterPageView {
  readonly cluster: ClusterFacts;
  /** What others changed since the run began, oldest first, whichever process saw it. */
  readonly changes: readonly ForeignChange[];
  readonly now: number;
  readonly width: number;
  readonly theme: Theme;
  readonly selected: string | null;
  readonly tails: Readonly<Record<string, readonly string[]>>;
}

/** All that is known of the cluster, in one text with a cursor. */
export const clusterPage = (of: ClusterPageView): ClusterPage => {
  const rows: Row[] = [];
  const pods: PodPlace[] = [];
  const first = of.cluster.workloads.flatMap((workload) => workload.pods)[0]?.uid ?? null;
  const at = { ...of, selected: selectedIn(of) ?? first };
  for (const workload of of.cluster.workloads) {
    if (rows.length > 0) rows.push(blank);
    rows.push(...workloadRows(workload, at));
    for (const pod of workload.pods) {
      pods.push({ workload, pod, row: rows.length });
      rows.push(...podRows(workload, pod, at));
    }
    rows.push(...restRows(workload));
  }
  const nothing = unwatchedRows(of.cluster, of.width);
  if (nothing.length > 0) return { rows: nothing, pods };
  rows.push(...selectionRows(at), ...scalerRows(at), ...foreignRows(at), ...eventRows(at));
  return { rows, pods };
};

const selectedIn = ({ cluster, selected }: ClusterPageView): string | null =>
  cluster.workloads.some(({ pods }) => pods.some(({ uid }) => uid === selected)) ? selected : null;

const workloadRows = (workload: WorkloadFacts, { now, width, theme }: ClusterPageView): readonly Row[] => {
  const word = workloadWord(workload);
  const right: Row = [
    span(safeText(word), { tone: wordTone(word), bold: true }),
    span(safe`  ${sourceWords(workload.source, now)}`, { dim: true }),
  ];
  const [first = [], ...names] = wrapRows(safeLine(workload.reference), width - rowWidth(right) - 1, { bold: true });
  const last = names.at(-1) ?? first;
  const namespace = span(safe`  ${safeLine(workload.namespace)}`, { dim: true });
  const head = [
    leftRight(last === first ? [...first, namespace] : first, right, width),
    ...names.map((line) => fitRow(line === last ? [...line, namespace] : line, width)),
  ];
  const style: Style = isLive(workload.source) ? {} : { dim: true };
  const { rollout } = workload;
  if (rollout === null) return [...head, ...sourceRows(workload.source, width)];
  const step =
    rollout.step === null
      ? ''
      : `   step ${rollout.step.index} of ${rollout.step.of}${rollout.step.weight === null ? '' : `, ${rollout.step.weight} % of traffic`}`;
  const stable = workload.stableSince === null ? '' : `   stable for ${clock(now - workload.stableSince)}`;
  const restarts = workload.restartTimes.length;
  // What runs alone is neither new nor old.
  const isAlone = rollout.phase === 'complete' && !workload.revisions.some(({ isNew, total }) => !isNew && total > 0);
  return [
    ...head,
    ...sourceRows(workload.source, width),
    ...labelled(safeText('  rollout    '), safeLine(`${rolloutWords(workload)}${step}${stable}`), width, style),
    ...(rollout.phase === 'complete'
      ? []
      : [
          row(
            safe`             ${bar(rollout.percent / 100, Math.min(30, width - 24), theme)}  ${rollout.percent} %`,
            style,
          ),
        ]),
    ...workload.revisions.flatMap((revision) => revisionRow(revision, isAlone, width, style)),
    ...rollout.analysis.flatMap(({ name, phase, message }) =>
      labelled(
        safeText('  analysis   '),
        safeLine(`${name}: ${phase}${message === null ? '' : `: ${message}`}`),
        width,
        style,
      ),
    ),
    ...(restarts === 0 ? [] : [row(safe`  restarts   ${restarts} since the run began`, { tone: 'wait' })]),
    ...(workload.owners.length === 0
      ? []
      : labelled(safeText('  owned by   '), safeLine(workload.owners.join(', ')), width, style)),
  ];
};

const revisionRow = (
  { name, number, images, isNew, total, ready }: RevisionFacts,
  isAlone: boolean,
  width: number,
  style: Style,
): readonly Row[] => {
  const image = images.map(imageTag).join(', ');
  const which = `${image}${number === null ? '' : `  rev ${number}`}`;
  return labelled(
    safe`  ${isNew ? (isAlone ? 'now' : 'new') : 'old'}        `,
    safeLine(`${which}   ${ready} of ${total} ready   ${name}`),
    width,
    style,
  );
};

const age = (pod: PodRow, now: number): string => (pod.createdAt === 0 ? '' : clock(now - pod.createdAt));

/** Columns for what is said of a pod beside its name. */
const podFacts = 44;

/** Pods of a workload differ at the end of their names only. */
const endOf = (name: string, room: number): SafeText =>
  safeLine(widthOf(name) <= room ? name : `…${name.slice(-(room - 1))}`);

const podRows = (
  workload: WorkloadFacts,
  pod: PodRow,
  { now, width, theme, selected, tails }: ClusterPageView,
): readonly Row[] => {
  const here = pod.uid === selected;
  const tone = podTone(pod);
  const room = Math.max(16, width - podFacts);
  const name = padTo(endOf(pod.name, room), Math.min(Math.max(16, widthOf(pod.name)), room));
  const facts = safe`  ${pod.isNew ? 'new' : 'old'}  ${wordOfPod(pod).padEnd(11)}  restarts ${String(pod.restarts).padEnd(3)} ${age(pod, now)}`;
  const line: Row = [
    span(safe`${here ? theme.glyph.now : ' '} `, { tone: 'now', bold: true }),
    span(name, here ? { inverse: true } : pod.isNew ? {} : { dim: true }),
    span(facts, tone === undefined ? { dim: !pod.isNew } : { tone }),
  ];
  const why =
    pod.reason === null ? [] : wrapRows(safeLine(pod.reason), width, tone === undefined ? { dim: true } : { tone }, 6);
  const tail = (tails[pod.uid] ?? []).flatMap((text) =>
    wrapRow(outputRow(text), width - 8).map((part): Row => [span(safeText('      | '), { dim: true }), ...part]),
  );
  return [line, ...why, ...(isLive(workload.source) ? tail : [])];
};

const wordOfPod = (pod: PodRow): string =>
  ({
    UNKNOWN: 'unknown',
    TERMINATING: 'terminating',
    DONE: 'done',
    REPLACED: 'replaced',
    DOOMED: 'FAIL',
    FAILING: 'FAIL',
    STUCK: 'stuck',
    WARN: 'not ready',
    PROGRESSING: 'starting',
    OK: 'ok',
  })[pod.class];

/** Pods that are not listed one by one. */
const restRows = (workload: WorkloadFacts): readonly Row[] => {
  const listed = workload.pods.length;
  const total = (counts: PodCounts): number => Object.values(counts).reduce((sum, count) => sum + count, 0);
  const rest = total(workload.newPods) + total(workload.oldPods) - listed;
  if (rest <= 0) return [];
  const capped = workload.isCapped ? ['  more than 20,000 pods: counts only'] : [];
  return [
    ...capped.map((text) => row(safeText(text), { tone: 'wait' as const })),
    row(safe`  ${rest} more pods are counted, not listed`, { dim: true }),
    row(safe`  new: ${podCountWords(workload.newPods)}`, { dim: true }),
    row(safe`  old: ${podCountWords(workload.oldPods)}`, { dim: true }),
  ];
};

const title = (text: string): readonly Row[] => [blank, row(safeText(text), { bold: true })];

const selectionRows = ({ cluster, now }: ClusterPageView): readonly Row[] => {
  const all = Object.entries(cluster.selections);
  if (all.length === 0) return [];
  return [
    ...title('Pods that checks ask for'),
    ...all.map(([selector, { counts, source }]) =>
      row(safeLine(`  ${selector}   ${isLive(source) ? podCountWords(counts) : sourceWords(source, now)}`)),
    ),
  ];
};

const scalerRows = ({ cluster, width }: ClusterPageView): readonly Row[] => {
  if (cluster.scalers.length === 0) return [];
  return [
    ...title('Autoscalers and jobs'),
    ...cluster.scalers.flatMap(({ reference, text }) =>
      labelled(safe`  ${safeLine(reference)}   `, safeLine(text), width),
    ),
  ];
};

const foreignRows = ({ changes, width }: ClusterPageView): readonly Row[] => {
  if (changes.length === 0)
    return [...title('Changed by others since the start'), row(safeText('  nothing'), { dim: true })];
  return [
    ...title('Changed by others since the start'),
    ...changes.flatMap(({ at, workload, by, what }) =>
      labelled(safe`  ${timeOfDay(at)}  `, safeLine(`${workload} by ${by}: ${what}`), width, { tone: 'wait' }),
    ),
  ];
};

const eventText = ({ reason, message, object, count }: EventRow): SafeText =>
  safeLine(`${reason}${count > 1 ? ` x${count}` : ''}  ${object}${message === '' ? '' : `: ${message}`}`);

/** The newest first. */
const eventRows = ({ cluster, width }: ClusterPageView): readonly Row[] => {
  if (cluster.events.length === 0) return [];
  return [
    ...title('Events, the newest first'),
    ...cluster.events
      .toReversed()
      .flatMap((event) =>
        labelled(
          safe`  ${timeOfDay(event.at)}  `,
          eventText(event),
          width,
          event.type === 'Warning' ? { tone: 'wait' } : {},
        ),
      ),
  ];
};
