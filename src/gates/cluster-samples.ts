import { timeOfDay } from '../text/duration.ts';
import { bad, failedToAsk, good, noData, type Sample } from './sample.ts';
import type { ClusterFacts, PodClass, PodRow, SourceHealth, WorkloadFacts } from './workload.ts';

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
/** Controllers see a change, and show that they do, within it: what was read earlier may be the state before it. */
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
  ro: 'rollout',
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

/** From when on what is read can be of after the last change, UTC ms; null = from any time on, or not yet. */
export const provenFrom = ({ changedAt }: ClusterMoment): number | null =>
  typeof changedAt === 'number' ? changedAt + arrivesMs : null;

/** Not everything has been read since the last change: what the watch shows, and even tells, may be from before. */
const isBeforeChange = (source: SourceHealth, moment: ClusterMoment): boolean => {
  if (moment.changedAt === 'running') return true;
  const from = provenFrom(moment);
  return from !== null && (source.provenAt ?? Number.NEGATIVE_INFINITY) < from;
};

/** Null when what is known of every source was read after the last change, else the sample that waits for it. */
export const unprovenSample = (
  sources: readonly SourceHealth[],
  moment: ClusterMoment,
  value: string,
): Sample | null => (sources.some((source) => isBeforeChange(source, moment)) ? awaits(moment.at, value) : null);

const awaits = (at: number, value: string): Sample => bad(at, value, 'not read anew since the last change', 'underway');

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
  return unprovenSample([workload.source], moment, rollout.text) ?? rolloutState(workload, rollout, moment);
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
  const hopeless = hopelessPod(workload);
  if (hopeless !== null) return bad(at, text, podWords(hopeless), 'terminal');
  if (phase === 'failing') return bad(at, text, rollout.because ?? 'its pods cannot be created');
  const stuck = isDoneJob(workload) ? null : firstOf(workload.troubled, ['STUCK']);
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

const isDoneJob = ({ kind, rollout }: WorkloadFacts): boolean => kind === 'Job' && rollout?.phase === 'complete';

/**
 * A new pod that nobody waits for. A try of a Job that failed is none: there may be another, and the Job itself says
 * when it has failed.
 */
const hopelessPod = (workload: WorkloadFacts): PodRow | null =>
  isDoneJob(workload) ? null : firstOf(workload.troubled, workload.kind === 'Job' ? ['DOOMED'] : ['DOOMED', 'FAILING']);

export const firstOf = (pods: readonly PodRow[], classes: readonly PodClass[]): PodRow | null =>
  pods.find((pod) => pod.isNew && classes.includes(pod.class)) ?? null;

/** The reason first: it is what must not be cut. */
export const podWords = ({ name, reason, class: own }: PodRow): string => `${reason ?? own} (${name})`;

/** Why checks of the target's workloads can never be judged. */
export const noWorkloads = 'no workloads are watched: name them under target.workloads of the runbook that is started';

/**
 * New pods of the target's workloads that are DOOMED or FAILING: the breach of `pods: failing`. Those of a Job only once
 * the Job has failed.
 */
export const failingPods = (
  facts: ClusterFacts,
): { readonly count: number; readonly doomed: number; readonly first: string | null } => {
  const judged = facts.workloads.filter(({ kind, rollout }) => kind !== 'Job' || rollout?.phase === 'failed');
  const sum = (name: PodClass): number => judged.reduce((all, { newPods }) => all + newPods[name], 0);
  const worst = judged.map(({ troubled }) => firstOf(troubled, ['DOOMED', 'FAILING'])).find((pod) => pod !== null);
  return {
    count: sum('DOOMED') + sum('FAILING'),
    doomed: sum('DOOMED'),
    first: worst === undefined || worst === null ? null : podWords(worst),
  };
};

/** Restarts of new pods with a non-zero exit since `from`, UTC ms. */
export const restartsSince = (facts: ClusterFacts, from: number): number =>
  facts.workloads.reduce((all, { restartTimes }) => all + restartTimes.filter((time) => time >= from).length, 0);
