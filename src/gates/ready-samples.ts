import {
  type ClusterMoment,
  firstOf,
  noWorkloads,
  podWords,
  sourceProblem,
  unprovenSample,
} from './cluster-samples.ts';
import { bad, failedToAsk, good, grey, noData, type Sample } from './sample.ts';
import {
  type ClusterFacts,
  noPods,
  type PodClass,
  type PodCounts,
  type PodRow,
  type SelectionFacts,
  type SelectionOwner,
  type SourceHealth,
  type WorkloadFacts,
} from './workload.ts';

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
  /** Whose pods they are, as far as the target's workloads are concerned. */
  readonly owners: readonly Owner[];
}

interface Owner {
  readonly workload: WorkloadFacts;
  /** Of its pods not one of the new revision is among those that are asked for. */
  readonly isAllOld: boolean;
  /** Every pod of it is asked for. */
  readonly isWhole: boolean;
}

/** `SELECTOR ready`, or `ready` for the pods of the target's workloads. */
export const readySample = (facts: ClusterFacts | null, selector: string | null, moment: ClusterMoment): Sample => {
  const { at } = moment;
  if (facts === null) return failedToAsk(at, 'there is no cluster to ask');
  const seen = selector === null ? facts.workloads.map(ofWorkload) : selectedIn(facts, selector, moment);
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

/** Old pods that stay on purpose: a canary between its steps, a partition, a rollout that somebody paused. */
const keepsOld = ({ rollout }: WorkloadFacts): boolean =>
  rollout !== null && (rollout.step !== null || rollout.phase === 'paused');

/** Only pods of the new revision are ready for a change; the old ones were so before it. */
const ofWorkload = (workload: WorkloadFacts): PodsSeen => {
  const { source, newPods, oldPods, troubled, rollout } = workload;
  const withOld = keepsOld(workload);
  return {
    source,
    counts: withOld ? added(newPods, oldPods) : newPods,
    troubled: withOld ? troubled : troubled.filter(({ isNew }) => isNew),
    desired: rollout?.desired ?? null,
    owners: [{ workload, isAllOld: totalOf(newPods) === 0 && totalOf(oldPods) > 0, isWhole: true }],
  };
};

/** Before a change of ours any pod that is ready will do. */
const selectedIn = (facts: ClusterFacts, selector: string, { changedAt }: ClusterMoment): readonly PodsSeen[] => {
  const found = facts.selections[selector];
  if (found === undefined) return [];
  const owners = changedAt === null ? [] : ownersIn(facts, found);
  const whole = owners.filter(({ isWhole, workload }) => isWhole && workload.kind !== 'Job');
  const desired = whole.reduce((sum, { workload }) => sum + (workload.rollout?.desired ?? 0), 0);
  return [{ ...found, desired: desired === 0 ? null : desired, owners }];
};

const ownersIn = (facts: ClusterFacts, { owners }: SelectionFacts): readonly Owner[] =>
  owners.flatMap(({ reference, newPods, oldPods, isWhole }: SelectionOwner): readonly Owner[] => {
    const workload = facts.workloads.find((one) => one.reference === reference);
    return workload === undefined ? [] : [{ workload, isAllOld: newPods === 0 && oldPods > 0, isWhole }];
  });

const podsSample = (pods: PodsSeen, selector: string | null, moment: ClusterMoment): Sample => {
  const { at } = moment;
  if (pods.source.state === 'not-found' && selector !== null)
    return bad(at, 'not found', pods.source.because ?? `no pods for ${selector}`);
  const problem = sourceProblem(pods.source, at) ?? ownerProblem(pods.owners, at);
  if (problem !== null) return problem;
  const counts = judgedCounts(pods.counts, pods.troubled);
  const total = Math.max(totalOf(counts), pods.desired ?? 0);
  const value = `${counts.OK} of ${total} ready`;
  const sources = [pods.source, ...pods.owners.map(({ workload }) => workload.source)];
  return (
    unprovenSample(sources, moment, value) ??
    ownersSample(pods.owners, value, at) ??
    countsSample(pods, { counts, total, value }, selector, at)
  );
};

const ownerProblem = (owners: readonly Owner[], at: number): Sample | null =>
  owners.map(({ workload }) => sourceProblem(workload.source, at)).find((sample) => sample !== null) ?? null;

interface Counted {
  readonly counts: PodCounts;
  readonly total: number;
  readonly value: string;
}

const countsSample = (
  { troubled, desired, owners }: PodsSeen,
  { counts, total, value }: Counted,
  selector: string | null,
  at: number,
): Sample => {
  const hopeless = firstOf(troubled, ['DOOMED', 'FAILING']);
  if (hopeless !== null && !isTryOfJob(owners)) return bad(at, value, podWords(hopeless), 'terminal');
  if (total === 0 && desired === 0) return good(at, 'none wanted, none there');
  if (total === 0)
    return bad(at, value, selector === null ? 'there are no pods' : `no pods match ${selector}`, 'underway');
  const uneasy = firstOf(
    troubled.filter(({ ready }) => !ready),
    ['STUCK', 'WARN'],
  );
  if (uneasy !== null) return bad(at, value, podWords(uneasy), uneasy.class === 'STUCK' ? 'underway' : null);
  if (counts.UNKNOWN > 0)
    return grey(at, value, `of ${counts.UNKNOWN} pods nothing is known: their node does not answer`);
  if (counts.OK < total) return bad(at, value, value, 'underway');
  return owners.map((owner) => lackSample(owner, value, at)).find((sample) => sample !== null) ?? good(at, value);
};

/** There may be another try; the Job itself says when it has failed. */
const isTryOfJob = (owners: readonly Owner[]): boolean => owners.some(({ workload }) => workload.kind === 'Job');

/** What their controllers say against it, and a Job that is done. */
const ownersSample = (owners: readonly Owner[], value: string, at: number): Sample | null => {
  for (const { workload } of owners) {
    const { rollout, reference } = workload;
    if (rollout === null) return noData(at, 'empty', `the state of ${reference} is not known yet`);
    const said = `${reference}: ${rollout.because ?? rollout.text}`;
    if (rollout.phase === 'waiting-for-controller')
      return bad(at, value, `the controller has not seen the change of ${reference}`, 'underway');
    const hopeless = workload.kind === 'Job' ? null : firstOf(workload.troubled, ['DOOMED', 'FAILING']);
    if (rollout.phase === 'failed') return bad(at, value, hopeless === null ? said : podWords(hopeless), 'terminal');
    if (rollout.phase === 'failing' && hopeless === null) return bad(at, value, said);
  }
  const [only] = owners;
  return owners.length === 1 && only?.workload.kind === 'Job' && only.workload.rollout?.phase === 'complete'
    ? good(at, only.workload.rollout.text)
    : null;
};

/** All are ready, but not enough of them are new. */
const lackSample = ({ workload, isAllOld, isWhole }: Owner, value: string, at: number): Sample | null => {
  const { rollout, newPods, oldPods, troubled, kind, reference } = workload;
  if (rollout === null || rollout.phase === 'complete' || rollout.desired === 0 || kind === 'Job') return null;
  if (isAllOld) return bad(at, value, `its pods are of the revision before: ${reference} ${rollout.text}`, 'underway');
  if (!isWhole) return null;
  const ready = judgedCounts(
    newPods,
    troubled.filter(({ isNew }) => isNew),
  ).OK;
  const wanted = keepsOld(workload) ? 1 : rollout.desired;
  const old = totalOf(oldPods);
  const others = old === 0 ? '' : `, ${old} of the revision before`;
  return ready >= wanted
    ? null
    : bad(at, value, `${reference}: ${ready} of ${rollout.desired} new${others}`, 'underway');
};
