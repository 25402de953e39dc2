import type { VerdictWord } from '../gates/sample.ts';
import type { ClusterFacts, ForeignChange, PodCounts, PodRow, SourceHealth, WorkloadFacts } from '../gates/workload.ts';
import { clock, timeOfDay } from '../text/duration.ts';

/** What a source of facts is worth now: `live 2 s`, `STALE 48 s`, `reconnecting (3)`, `no permission (list pods)`. */
export const sourceWords = (source: SourceHealth, now: number): string => {
  const age = source.freshAt === null ? null : Math.max(0, now - source.freshAt);
  switch (source.state) {
    case 'loading':
      return 'asking';
    case 'live':
      return age === null ? 'live' : `live ${Math.floor(age / 1000)} s`;
    case 'reconnecting':
      return `reconnecting (${source.tries})${age === null ? '' : `, ${Math.floor(age / 1000)} s old`}`;
    case 'stale':
      return `STALE ${age === null ? '' : age < 60_000 ? `${Math.floor(age / 1000)} s` : clock(age)}`.trim();
    case 'denied':
      return source.because ?? 'no permission';
    case 'login-expired':
      return 'LOGIN EXPIRED';
    case 'not-found':
      return source.because ?? 'not found';
    case 'error':
      return source.because ?? 'error';
  }
};

const worthSayingMs = 30_000;

/** `clock skew +42 s`: the server is ahead of us; null up to 30 s. */
export const skewWords = ({ clockSkewMs }: Pick<ClusterFacts, 'clockSkewMs'>): string | null =>
  clockSkewMs === null || Math.abs(clockSkewMs) <= worthSayingMs
    ? null
    : `clock skew ${clockSkewMs > 0 ? '+' : '-'}${Math.round(Math.abs(clockSkewMs) / 1000)} s`;

/** The runbook names no workload and no gate asks for pods: no answer will ever come. */
export const watchesNothing = ({ workloads, selections }: ClusterFacts): boolean =>
  workloads.length === 0 && Object.keys(selections).length === 0;

/** As `sourceWords`, of the connection as a whole: `live 2 s · clock skew +42 s`. */
export const connectionWords = (cluster: ClusterFacts, now: number): string =>
  watchesNothing(cluster)
    ? 'none watched'
    : [sourceWords(cluster.source, now), skewWords(cluster)].filter((words) => words !== null).join(' · ');

/** Facts of it may be shown as they are now; of anything else they are old, or there are none. */
export const isFresh = (source: SourceHealth): boolean => source.state === 'live' || source.state === 'reconnecting';

/** They are as it is now: nothing is lost on the way. */
export const isLive = (source: SourceHealth): boolean => source.state === 'live';

const failing = (counts: PodCounts): number => counts.DOOMED + counts.FAILING;
const hindered = (counts: PodCounts): number => counts.STUCK + counts.WARN + counts.UNKNOWN;

/** The one word for a workload: only pods of the new revision can make it FAIL. */
export const workloadWord = ({ source, rollout, newPods }: WorkloadFacts): VerdictWord => {
  if (source.state === 'not-found') return 'FAIL';
  if (source.state === 'loading') return 'wait';
  if (!isFresh(source) || rollout === null) return 'BLIND';
  if (rollout.phase === 'failed' || rollout.phase === 'failing' || failing(newPods) > 0) return 'FAIL';
  if (rollout.phase !== 'complete' || hindered(newPods) > 0) return 'wait';
  // What was fine may no longer be, and nobody would hear of it.
  return source.state === 'live' ? 'ok' : 'wait';
};

const order: readonly VerdictWord[] = ['FAIL', 'BLIND', 'wait', 'ok'];

/** The worst first, else as the runbook names them. */
export const worstFirst = (workloads: readonly WorkloadFacts[]): readonly WorkloadFacts[] =>
  workloads.toSorted((left, right) => order.indexOf(workloadWord(left)) - order.indexOf(workloadWord(right)));

/** The worst word over all workloads; `ok` without any. */
export const clusterWord = ({ source, workloads }: ClusterFacts): VerdictWord => {
  const words = workloads.map(workloadWord);
  if (words.length === 0 && source.state !== 'loading' && !isFresh(source)) return 'BLIND';
  return order.find((word) => words.includes(word)) ?? 'ok';
};

/** `4 of 6 ready`, `FAILED: progress deadline exceeded`, `not found`. */
export const rolloutWords = ({ source, rollout }: WorkloadFacts): string => {
  if (source.state === 'not-found') return source.because ?? 'not found';
  if (rollout === null) return source.state === 'loading' ? 'asking' : (source.because ?? 'no answer yet');
  return rollout.because === null ? rollout.text : `${rollout.text}: ${rollout.because}`;
};

/** The pod to tell of first: the worst one of the new revision. */
export const worstPod = ({ troubled }: WorkloadFacts): PodRow | null =>
  troubled.find(({ isNew }) => isNew) ?? troubled[0] ?? null;

/** Why a workload is not ok, in one line; null when it is. */
export const workloadTrouble = (workload: WorkloadFacts, now: number): string | null => {
  const word = workloadWord(workload);
  if (word === 'ok') return null;
  if (word === 'BLIND') return `${workload.reference}: ${sourceWords(workload.source, now)}`;
  const pod = worstPod(workload);
  const failed = failing(workload.newPods);
  if (word === 'FAIL' && pod !== null && failed > 0)
    return `${workload.name}: ${failed} ${failed === 1 ? 'pod' : 'pods'}: ${pod.reason ?? pod.class}`;
  const lost = workload.source.state === 'reconnecting' ? `, ${sourceWords(workload.source, now)}` : '';
  return `${workload.name}: ${rolloutWords(workload)}${lost}`;
};

/** The tag of an image, else the end of its digest: `v2.3.1`. */
export const imageTag = (image: string): string => {
  const [name = image, digest] = image.split('@');
  const tag = /:([^:/]+)$/.exec(name)?.[1];
  return tag ?? (digest === undefined ? name : digest.slice(-12));
};

/** `1 workload and 4 rollback criteria are ok`; what nobody watches is not said to be fine. */
export const watchedWords = (workloads: number, criteria: number): string => {
  const parts = [
    ...(workloads === 0 ? [] : [workloads === 1 ? '1 workload' : `${workloads} workloads`]),
    ...(criteria === 0 ? [] : [criteria === 1 ? '1 rollback criterion' : `${criteria} rollback criteria`]),
  ];
  if (parts.length === 0) return 'nothing else is watched';
  return `${parts.join(' and ')} watched, all ok`;
};

const podWords: readonly (readonly [keyof PodCounts, string])[] = [
  ['DOOMED', 'cannot start'],
  ['FAILING', 'failing'],
  ['STUCK', 'stuck'],
  ['UNKNOWN', 'unknown'],
  ['WARN', 'not ready'],
  ['PROGRESSING', 'starting'],
  ['OK', 'ok'],
  ['TERMINATING', 'terminating'],
  ['DONE', 'done'],
  ['REPLACED', 'replaced'],
];

/** `2 failing, 4 ok`, the worst first; `none`. */
export const podCountWords = (counts: PodCounts): string => {
  const parts = podWords.flatMap(([name, words]) => (counts[name] === 0 ? [] : [`${counts[name]} ${words}`]));
  return parts.length === 0 ? 'none' : parts.join(', ');
};

/** `deployment/checkout changed outside this run, 14:46:03, by kubectl-set: replicas 6 -> 9`. */
export const foreignWords = ({ at, workload, by, what }: ForeignChange): string =>
  `${workload} changed outside this run, ${timeOfDay(at)}, by ${by}: ${what}`;
