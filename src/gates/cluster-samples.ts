import { timeOfDay } from '../text/duration.ts';
import { bad, failedToAsk, good, grey, noData, type Sample } from './sample.ts';
import {
  type ClusterFacts,
  noPods,
  type PodClass,
  type PodCounts,
  type PodRow,
  type SourceHealth,
  type WorkloadFacts,
} from './workload.ts';

/** What the samples of cluster facts need to know of the run. */
export interface ClusterMoment {
  /** UTC ms of the sample. */
  readonly at: number;
  /** When the last changing command of the run ended, UTC ms; null = none, `running` = one runs. */
  readonly changedAt: number | 'running' | null;
}

/** How long a finished rollout must stay as it is. Source: 40-cluster, "Pod health". */
export const stableMs = 60_000;
/** No sign of life for so long and nothing of it counts any more. Source: 40-cluster, "List and watch". */
export const staleMs = 45_000;
/** What the watch shows right after a change may be the state before it. */
export const arrivesMs = 2_000;
/** A second failure in a row is no brief break: what was seen before it counts no more. Source: bad-inputs, "Network faults". */
const brokenTries = 2;

/** Why nothing can be read of a source: `no permission (list pods); ask …`, `LOGIN EXPIRED; run …`. */
export const unreadWords = ({ state, because, nextStep }: SourceHealth): string => {
  const isSaid = because?.startsWith(loginExpired) === true;
  const detail = because === null ? '' : ` (${because})`;
  const what = state === 'login-expired' && !isSaid ? `${loginExpired}${detail}` : (because ?? state);
  return nextStep === null ? what : `${what}; ${nextStep}`;
};

const loginExpired = 'LOGIN EXPIRED';

/** Null when the facts of a source can be judged, else the sample that says why not. */
export const sourceProblem = (source: SourceHealth, at: number): Sample | null => {
  switch (source.state) {
    case 'denied':
    case 'login-expired':
    case 'error':
      return failedToAsk(at, unreadWords(source));
    case 'stale':
      return noData(at, 'stale', staleWords(source));
    case 'loading':
      return noData(at, 'empty', 'the cluster has not answered yet');
    case 'not-found':
      return noData(at, 'empty', source.because ?? 'not there');
    case 'live':
    case 'reconnecting':
      if (source.freshAt === null || at - source.freshAt > staleMs) return noData(at, 'stale', staleWords(source));
      return source.state === 'live' || source.tries < brokenTries
        ? null
        : noData(at, 'empty', source.because === null ? 'reconnecting' : `reconnecting: ${source.because}`);
  }
};

/** Since when, not for how long: it is read later than it is written. */
const staleWords = ({ freshAt, because }: SourceHealth): string => {
  const since = freshAt === null ? 'no answer yet' : `no news since ${timeOfDay(freshAt)}`;
  return because === null ? since : `${since} (${because})`;
};

const kinds: Readonly<Record<string, string>> = {
  deploy: 'deployment',
  deployments: 'deployment',
  sts: 'statefulset',
  statefulsets: 'statefulset',
  ds: 'daemonset',
  daemonsets: 'daemonset',
  jobs: 'job',
  rollouts: 'rollout',
};

/** `Deploy/web` and `deployments.apps/web` are `deployment/web`. */
export const workloadReference = (written: string): string => {
  const [kind = '', name = ''] = written.split('/', 2);
  const plain = kind.toLowerCase().split('.')[0] ?? '';
  return `${kinds[plain] ?? plain}/${name}`;
};

export const workloadIn = (facts: ClusterFacts, written: string): WorkloadFacts | null => {
  const reference = workloadReference(written);
  return facts.workloads.find((workload) => workloadReference(workload.reference) === reference) ?? null;
};

/** The watch has shown no sign of life since the last change, or not long enough: what it shows may be from before. */
const isBeforeChange = (source: SourceHealth, { at, changedAt }: ClusterMoment): boolean => {
  if (changedAt === null) return false;
  return changedAt === 'running' || at - changedAt < arrivesMs || (source.freshAt ?? 0) <= changedAt;
};

const awaits = (at: number, value: string): Sample =>
  bad(at, value, 'no news from the cluster since the last change', 'underway');

/**
 * Complete, then 60 s as it is: GOOD. A new pod that is DOOMED or FAILING, and a deadline that the controller says has
 * passed, are terminal: nobody waits for what cannot get better. What merely goes on is underway.
 */
export const rolloutSample = (facts: ClusterFacts | null, written: string, moment: ClusterMoment): Sample => {
  const { at } = moment;
  if (facts === null) return failedToAsk(at, 'there is no cluster to ask');
  const workload = workloadIn(facts, written);
  if (workload === null)
    return failedToAsk(at, `${written} is not watched: name it under target.workloads of the runbook that is started`);
  if (workload.source.state === 'not-found')
    return bad(at, 'not found', workload.source.because ?? `${written} not found in ${workload.namespace}`);
  const problem = sourceProblem(workload.source, at);
  if (problem !== null) return problem;
  const { rollout } = workload;
  if (rollout === null) return noData(at, 'empty', 'its state is not known yet');
  if (isBeforeChange(workload.source, moment)) return awaits(at, rollout.text);
  return rolloutState(workload, rollout, moment);
};

/** Until when it was seen as it is: time without a connection is no time in which it stayed so. */
const seenUntil = ({ state, freshAt }: SourceHealth, at: number): number =>
  state === 'live' ? at : Math.min(at, freshAt ?? 0);

const rolloutState = (
  workload: WorkloadFacts,
  rollout: NonNullable<WorkloadFacts['rollout']>,
  { at, changedAt }: ClusterMoment,
): Sample => {
  const { phase, text } = rollout;
  if (phase === 'waiting-for-controller') return bad(at, text, 'the controller has not seen the change', 'underway');
  if (phase === 'failed') return bad(at, text, rollout.because ?? 'its deadline has passed', 'terminal');
  const hopeless = firstOf(workload.troubled, ['DOOMED', 'FAILING']);
  if (hopeless !== null) return bad(at, text, podWords(hopeless), 'terminal');
  if (phase === 'failing') return bad(at, text, rollout.because ?? 'its pods cannot be created');
  const stuck = firstOf(workload.troubled, ['STUCK']);
  if (stuck !== null) return bad(at, text, podWords(stuck), 'underway');
  if (phase !== 'complete') return bad(at, text, rollout.because ?? text, 'underway');
  if (workload.stableSince === null) return bad(at, text, 'complete, and not stable yet', 'underway');
  const since = Math.max(workload.stableSince, typeof changedAt === 'number' ? changedAt : 0);
  const seen = seenUntil(workload.source, at);
  if (seen - since >= stableMs) return good(at, `${text}, stable`);
  if (at - since >= stableMs)
    return bad(at, text, `not seen since ${timeOfDay(seen)}: ${workload.source.because ?? 'reconnecting'}`, 'underway');
  const until = `stable since ${timeOfDay(since)}, long enough at ${timeOfDay(since + stableMs)}`;
  return bad(at, `${text}, ${until}`, until, 'underway');
};

const firstOf = (pods: readonly PodRow[], classes: readonly PodClass[]): PodRow | null =>
  pods.find((pod) => pod.isNew && classes.includes(pod.class)) ?? null;

/** The reason first: it is what must not be cut. */
const podWords = ({ name, reason, class: own }: PodRow): string => `${reason ?? own} (${name})`;

/** Pods that count: those being ended, done or replaced do not. */
const counted: readonly PodClass[] = ['OK', 'PROGRESSING', 'WARN', 'STUCK', 'FAILING', 'DOOMED', 'UNKNOWN'];

const totalOf = (counts: PodCounts): number => counted.reduce((sum, name) => sum + counts[name], 0);

const added = (a: PodCounts, b: PodCounts): PodCounts =>
  Object.fromEntries(Object.keys(noPods).map((name) => [name, a[name as PodClass] + b[name as PodClass]])) as PodCounts;

/** Troubled pods of an older revision are shown and judge nothing; one with old restarts that is ready, is ready. */
const judgedCounts = (counts: PodCounts, troubled: readonly PodRow[]): PodCounts => {
  const left: Record<PodClass, number> = { ...counts };
  for (const { isNew, class: own, ready } of troubled) {
    const isReady = own === 'WARN' && ready;
    if (isNew && !isReady) continue;
    left[own] = Math.max(0, left[own] - 1);
    if (isReady) left.OK += 1;
  }
  return left;
};

interface PodsSeen {
  readonly source: SourceHealth;
  readonly counts: PodCounts;
  readonly troubled: readonly PodRow[];
  /** How many there should be; null = not known. */
  readonly desired: number | null;
}

/** Why checks of the target's workloads can never be judged. */
export const noWorkloads = 'no workloads are watched: name them under target.workloads of the runbook that is started';

/** `SELECTOR ready`, or `ready` for the pods of the target's workloads. */
export const readySample = (facts: ClusterFacts | null, selector: string | null, moment: ClusterMoment): Sample => {
  const { at } = moment;
  if (facts === null) return failedToAsk(at, 'there is no cluster to ask');
  const seen = selector === null ? ofWorkloads(facts) : selectedIn(facts, selector);
  if (selector === null && seen.length === 0) return failedToAsk(at, noWorkloads);
  if (seen.length === 0)
    return sourceProblem(facts.source, at) ?? noData(at, 'empty', 'these pods are not watched yet');
  const samples = seen.map((pods) => podsSample(pods, selector, moment));
  const worst = samples.find(({ kind, pace }) => kind === 'BAD' && pace === 'terminal');
  return (
    worst ??
    samples.find(({ kind }) => kind === 'ERROR') ??
    samples.find(({ kind }) => kind === 'NO-DATA') ??
    samples.find(({ kind }) => kind === 'BAD') ??
    samples.find(({ kind }) => kind === 'GREY') ??
    good(at, samples.map(({ value }) => value).join(', '))
  );
};

const ofWorkloads = (facts: ClusterFacts): readonly PodsSeen[] =>
  facts.workloads.map(({ source, newPods, oldPods, troubled, rollout }) => ({
    source,
    counts: added(newPods, oldPods),
    troubled,
    desired: rollout?.desired ?? null,
  }));

const selectedIn = (facts: ClusterFacts, selector: string): readonly PodsSeen[] => {
  const found = facts.selections[selector];
  return found === undefined ? [] : [{ ...found, desired: null }];
};

const podsSample = (pods: PodsSeen, selector: string | null, moment: ClusterMoment): Sample => {
  const { at } = moment;
  if (pods.source.state === 'not-found' && selector !== null)
    return bad(at, 'not found', pods.source.because ?? `no pods for ${selector}`);
  const problem = sourceProblem(pods.source, at);
  if (problem !== null) return problem;
  const counts = judgedCounts(pods.counts, pods.troubled);
  const total = Math.max(totalOf(counts), pods.desired ?? 0);
  const value = `${counts.OK} of ${total} ready`;
  if (isBeforeChange(pods.source, moment)) return awaits(at, value);
  const hopeless = firstOf(pods.troubled, ['DOOMED', 'FAILING']);
  if (hopeless !== null) return bad(at, value, podWords(hopeless), 'terminal');
  if (total === 0 && pods.desired === 0) return good(at, 'none wanted, none there');
  if (total === 0)
    return bad(at, value, selector === null ? 'there are no pods' : `no pods match ${selector}`, 'underway');
  const troubled = firstOf(
    pods.troubled.filter(({ ready }) => !ready),
    ['STUCK', 'WARN'],
  );
  if (troubled !== null) return bad(at, value, podWords(troubled), troubled.class === 'STUCK' ? 'underway' : null);
  if (counts.UNKNOWN > 0)
    return grey(at, value, `of ${counts.UNKNOWN} pods nothing is known: their node does not answer`);
  return counts.OK >= total ? good(at, value) : bad(at, value, value, 'underway');
};

/** New pods of the target's workloads that are DOOMED or FAILING: the breach of `pods: failing`. */
export const failingPods = (
  facts: ClusterFacts,
): { readonly count: number; readonly doomed: number; readonly first: string | null } => {
  const sum = (name: PodClass): number => facts.workloads.reduce((all, { newPods }) => all + newPods[name], 0);
  const worst = facts.workloads
    .map(({ troubled }) => firstOf(troubled, ['DOOMED', 'FAILING']))
    .find((pod) => pod !== null);
  return {
    count: sum('DOOMED') + sum('FAILING'),
    doomed: sum('DOOMED'),
    first: worst === undefined || worst === null ? null : podWords(worst),
  };
};

/** Restarts of new pods with a non-zero exit since `from`, UTC ms. */
export const restartsSince = (facts: ClusterFacts, from: number): number =>
  facts.workloads.reduce((all, { restartTimes }) => all + restartTimes.filter((time) => time >= from).length, 0);
