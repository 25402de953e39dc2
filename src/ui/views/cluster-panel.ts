import type { VerdictWord } from '../../gates/sample.ts';
import type {
  ClusterFacts,
  ForeignChange,
  PodRow,
  RevisionFacts,
  SourceHealth,
  WorkloadFacts,
} from '../../gates/workload.ts';
import {
  clusterWord,
  imageTag,
  isFresh,
  isLive,
  podCountWords,
  rolloutWords,
  sourceWords,
  workloadWord,
  worstFirst,
} from '../../session/cluster-words.ts';
import { timeOfDay } from '../../text/duration.ts';
import { safe, safeLine, safeText } from '../../text/safe-text.ts';
import { truncate, widthOf } from '../../text/width.ts';
import {
  bar,
  blank,
  fitRow,
  labelled,
  leftRight,
  type Row,
  row,
  type Section,
  type Style,
  span,
  type Tone,
  wrapRows,
} from '../rows.ts';
import type { Theme } from '../theme.ts';
import { clusterTitle, unwatchedRows } from './cluster-title.ts';
import { lastEvents } from './event-rows.ts';

/** What the column of the wide screen and the lines of the narrow one are made from. */
export interface ClusterPanel {
  readonly cluster: ClusterFacts;
  /** What others changed since the run began, oldest first, whichever process saw it. */
  readonly changes: readonly ForeignChange[];
  /** UTC ms. */
  readonly now: number;
  readonly width: number;
  readonly theme: Theme;
}

export const wordTone = (word: VerdictWord): Tone =>
  word === 'FAIL' ? 'fail' : word === 'BLIND' ? 'blind' : word === 'wait' ? 'wait' : 'ok';

const wordSpan = (word: VerdictWord) => span(safeText(word), { tone: wordTone(word), bold: word !== 'ok' });

const faded = (workload: WorkloadFacts): Style => (isLive(workload.source) ? {} : { dim: true });

const tagOf = (revision: RevisionFacts): string =>
  imageTag(revision.images[0] ?? '') || (revision.number === null ? revision.name : `rev ${revision.number}`);

/** `new v2.3.1   4 of 6 ready   ██████░░`, `old v2.3.0   2 left`; what runs alone is neither: `now v2.3.0`. */
const revisionRows = (workload: WorkloadFacts, { width, theme }: Omit<ClusterPanel, 'changes'>): readonly Row[] => {
  const { rollout, revisions } = workload;
  if (rollout === null) return [];
  const style = faded(workload);
  const fresh = revisions.find(({ isNew }) => isNew);
  const old = revisions.filter(({ isNew, total }) => !isNew && total > 0).slice(0, 2);
  const longest = Math.max(10, ...[fresh ?? [], old].flat().map((revision) => tagOf(revision).length));
  const line = (name: string, tag: string, count: string): string =>
    `  ${name} ${tag.padEnd(Math.min(longest, width - 21))} ${count}`;
  const rows: Row[] = [];
  if (fresh !== undefined) {
    const name = old.length === 0 && rollout.phase === 'complete' ? 'now' : 'new';
    const text = safeLine(line(name, tagOf(fresh), `${fresh.ready} of ${rollout.desired} ready`));
    const room = width - text.length - 3;
    const share = rollout.desired === 0 ? 1 : fresh.ready / rollout.desired;
    const isMoving = rollout.phase !== 'complete' && room >= 8;
    rows.push([
      span(text, style),
      ...(isMoving ? [span(safe`   ${bar(share, Math.min(20, room), theme)}`, style)] : []),
    ]);
  }
  for (const revision of old) rows.push(row(safeLine(line('old', tagOf(revision), `${revision.total} left`)), style));
  return rows;
};

/** What a pod's class means for this deployment: old pods never make it fail. */
export const podTone = ({ class: is, isNew }: PodRow): Tone | undefined => {
  if (is === 'DOOMED' || is === 'FAILING') return isNew ? 'fail' : 'wait';
  return is === 'STUCK' || is === 'WARN' || is === 'UNKNOWN' ? 'wait' : undefined;
};

const mostNames = 4;
const reasonRows = 3;

/** Pods with the same trouble are told of once, with their names: `2 pods: ImagePullBackOff: …`. */
const podRows = (workload: WorkloadFacts, width: number, most: number): readonly Row[] => {
  const groups = new Map<string, PodRow[]>();
  for (const pod of workload.troubled) {
    const reason = (pod.reason ?? pod.class).replaceAll(pod.name, 'it');
    groups.set(reason, [...(groups.get(reason) ?? []), pod]);
  }
  const shown = [...groups].slice(0, most);
  const rows = shown.flatMap(([reason, pods]): readonly Row[] => {
    const [first] = pods;
    const tone = first === undefined ? undefined : podTone(first);
    const style: Style = tone === undefined ? {} : { tone };
    const names = pods.slice(0, mostNames).map(({ name }) => shortName(name));
    const rest = pods.length > mostNames ? `, ${pods.length - mostNames} more` : '';
    const count = pods.length === 1 ? '1 pod' : `${pods.length} pods`;
    const said = wrapRows(safeLine(`${count}: ${reason}`), width, style, 2);
    return [
      ...said.slice(0, reasonRows - 1),
      ...(said.length < reasonRows ? [] : [fitRow(joinRows(said.slice(reasonRows - 1)), width)]),
      row(truncate(safeLine(`    ${names.join(', ')}${rest}`), width), { dim: true }),
    ];
  });
  const left = groups.size - shown.length;
  return left > 0 ? [...rows, row(safe`  ${left} more kinds of trouble, c shows all`, { dim: true })] : rows;
};

/** One line of several, to be cut where the place ends. */
const joinRows = (rows: readonly Row[]): Row =>
  rows.flatMap((each, i) => (i === 0 ? each : [span(safeText(' ')), ...each.slice(1)]));

/** The part of a pod's name that tells it from its sisters. */
const shortName = (name: string): string => name.slice(name.lastIndexOf('-') + 1);

/** Why facts are old or missing, and what to do about it; nothing while they are live. */
export const sourceRows = (source: SourceHealth, width: number): readonly Row[] => {
  if (isLive(source) || source.state === 'loading') return [];
  const { state, because, nextStep } = source;
  const words = state === 'denied' || state === 'not-found' || state === 'error' ? null : because;
  return [
    ...(words === null ? [] : wrapRows(safeText(words), width, { tone: 'blind' }, 2)),
    ...(nextStep === null ? [] : wrapRows(safeText(nextStep), width, { bold: true }, 2)),
  ];
};

const workloadRows = (workload: WorkloadFacts, panel: ClusterPanel): readonly Row[] => {
  const { width, now } = panel;
  const word = workloadWord(workload);
  const style = faded(workload);
  const fresh = isFresh(workload.source);
  const said = fresh ? rolloutWords(workload) : sourceWords(workload.source, now);
  const one = widthOf(workload.name) + widthOf(said) + 2 + word.length + 1 <= width;
  const bold = { bold: true, ...style };
  const name = span(safeLine(workload.name), bold);
  const words = fresh ? style : { tone: 'blind' as const };
  const [first = [], ...rest] = wrapRows(safeLine(workload.name), width - word.length - 1, bold);
  return [
    leftRight(one ? [name, span(safe`  ${safeLine(said)}`, words)] : first, [wordSpan(word)], width),
    ...(one ? [] : [...rest, ...wrapRows(safeLine(said), width, words, 2)]),
    ...sourceRows(workload.source, width),
    ...revisionRows(workload, panel),
    ...podRows(workload, width, 3).map((line) =>
      isLive(workload.source) ? line : line.map((piece) => ({ ...piece, dim: true })),
    ),
  ];
};

const otherRows = ({ cluster, changes, width }: ClusterPanel): readonly Row[] => {
  const restarts = cluster.workloads.reduce((sum, { restartTimes }) => sum + restartTimes.length, 0);
  const last = changes.at(-1);
  const changed =
    last === undefined
      ? [row(safeText(width < 33 ? 'changed by others: no' : 'changed by others since start: no'))]
      : wrapRows(
          safeLine(`changed outside this run, ${timeOfDay(last.at).slice(0, 5)}, by ${last.by}: ${last.what}`),
          width,
          { tone: 'wait', bold: true },
        );
  return [
    row(safe`restarts ${restarts}`, restarts > 0 ? { tone: 'wait' } : {}),
    ...changed,
    ...cluster.scalers.slice(0, 2).flatMap(({ reference, text }) => wrapRows(safeLine(`${reference}  ${text}`), width)),
  ];
};

/** Pods that gates ask for where the runbook names no workload. */
const selectionRows = ({ cluster, now, width }: ClusterPanel): readonly Row[] =>
  Object.entries(cluster.selections).flatMap(([selector, { counts, source }]) =>
    labelled(
      safeLine(`${selector}  `),
      safeLine(isLive(source) ? podCountWords(counts) : sourceWords(source, now)),
      width,
    ),
  );

const workloadsRows = (workloads: readonly WorkloadFacts[], panel: ClusterPanel): readonly Row[] =>
  workloads.flatMap((workload, i) => [...(i === 0 ? [] : [blank]), ...workloadRows(workload, panel)]);

/** What stands above the rest of the column; of too much the worst first, and what others changed always. */
const podsRows = (panel: ClusterPanel, head: readonly Row[], height: number): readonly Row[] => {
  const { cluster, width } = panel;
  const { workloads } = cluster;
  const nothing = unwatchedRows(cluster, width);
  if (nothing.length > 0) return nothing;
  const below = aged(cluster, otherRows(panel));
  if (workloads.length === 0)
    return cutTo([...head, ...sourceRows(cluster.source, width), ...selectionRows(panel), ...below], height);
  const rows = [...head, ...workloadsRows(workloads, panel)];
  if (rows.length + below.length + 1 <= height) return [...rows, blank, ...below];
  const worst = [...head, ...workloadsRows(worstFirst(workloads), panel)];
  return [...cutTo(worst, Math.max(1, height - below.length)), ...below];
};

/** The column beside the step: workloads with their pods, then the last events. */
export const clusterSections = (panel: ClusterPanel, height: number): readonly Section[] => {
  const { cluster, now, width } = panel;
  const head = clusterTitle(cluster, now, width - 1, width);
  const rows = podsRows(panel, head.rows, height - 2);
  const seen = aged(cluster, lastEvents(cluster.events, width, height - rows.length - 4));
  return [{ title: head.title, rows }, ...(seen.length === 0 ? [] : [{ title: safeText('Events'), rows: seen }])];
};

/** What is no longer known to be so is dimmed. */
const aged = ({ source }: ClusterFacts, rows: readonly Row[]): readonly Row[] =>
  isLive(source) ? rows : rows.map((line) => line.map((piece) => ({ ...piece, dim: true })));

/** As many rows as there is room for, with a word that there are more. */
const cutTo = (rows: readonly Row[], height: number): readonly Row[] =>
  rows.length <= height
    ? rows
    : [
        ...rows.slice(0, Math.max(0, height - 1)),
        row(safe`${rows.length - height + 1} more lines, c shows all`, { bold: true }),
      ];

/** For a narrow screen: up to three lines for the workload that is worst, or that moves. */
export const clusterLines = (panel: Omit<ClusterPanel, 'changes'>): readonly Row[] => {
  const { cluster, now, width } = panel;
  const word = clusterWord(cluster);
  const workload = cluster.workloads.find((each) => workloadWord(each) === word) ?? cluster.workloads[0];
  if (workload === undefined) return sourceRows(cluster.source, width).slice(0, 2);
  const fresh = isFresh(workload.source);
  const style = faded(workload);
  const said = sourceWords(workload.source, now);
  const others = cluster.workloads.length - 1;
  const more = others === 0 ? '' : `   and ${others} more, c`;
  // A long reason has a row of its own: the name goes first.
  const beside = widthOf(said) + widthOf(workload.name) + more.length + word.length + 6 <= width;
  const live = span(safeLine(said), isLive(workload.source) ? { dim: true } : { tone: 'blind' });
  const head = leftRight(
    [
      wordSpan(word),
      span(safeLine(`${' '.repeat(6 - word.length)}${workload.name}`), { bold: true, ...style }),
      ...(fresh ? [span(safeLine(`  ${rolloutWords(workload)}`), style)] : []),
      span(safeLine(more), { dim: true }),
    ],
    fresh || beside ? [live] : [],
    width,
  );
  if (!fresh) {
    const reason = beside ? [] : wrapRows(safeLine(said), width, { tone: 'blind' }, 2);
    return [head, ...reason, ...sourceRows(workload.source, width)].slice(0, 3);
  }
  const troubled = podRows(workload, width, 1).slice(0, 2);
  const moving = revisionRows(workload, { ...panel, width: Math.min(width, 60) });
  const lost = sourceRows(workload.source, width).slice(0, 1);
  if (lost.length > 0) return [head, ...lost, ...moving.slice(0, 1)];
  return [head, ...(troubled.length > 0 ? [...moving.slice(0, 1), ...troubled] : moving.slice(0, 2))];
};
