import { spoken } from '../text/duration.ts';
import type { GateCheck } from './check.ts';
import {
  type ClusterMoment,
  failingPods,
  noWorkloads,
  restartsSince,
  sourceProblem,
  unprovenSample,
} from './cluster-samples.ts';
import { comparisonWords, holds } from './comparison.ts';
import type { CriterionSample } from './criterion.ts';
import { bad, failedToAsk, good, type Sample } from './sample.ts';
import type { ClusterFacts } from './workload.ts';

type StateCheck = Extract<GateCheck, { kind: 'deadline' | 'failing' | 'restarts' }>;

const seen = (sample: Sample, amount: number): CriterionSample => ({ sample, amount, notYet: false });

/**
 * Criteria over the state of the target's workloads; true is the breach. Workloads that do not exist yet are left out;
 * when none exists it is "not yet". `runStartedAt` is UTC ms.
 */
export const stateCriterion = (
  check: StateCheck,
  all: ClusterFacts | null,
  { at }: ClusterMoment,
  runStartedAt: number,
): CriterionSample => {
  if (all === null) return seen(failedToAsk(at, 'there is no cluster to ask'), 0);
  if (all.workloads.length === 0) return seen(failedToAsk(at, noWorkloads), 0);
  const workloads = all.workloads.filter(({ source }) => source.state !== 'not-found');
  const facts = { ...all, workloads };
  const problem =
    sourceProblem(facts.source, at) ?? workloads.map(({ source }) => sourceProblem(source, at)).find((p) => p !== null);
  if (workloads.length === 0) return { sample: good(at, 'not there yet'), amount: 0, notYet: true };
  if (problem !== null && problem !== undefined) return seen(problem, 0);
  switch (check.kind) {
    case 'failing':
      return failing(facts, at);
    case 'deadline':
      return deadline(facts, at);
    case 'restarts': {
      const { count, words } = restartCount(facts, check, at, runStartedAt);
      return holds(check.comparison, count)
        ? seen(bad(at, words, `${words}, ${comparisonWords(check.comparison)} is the breach`), count)
        : seen(good(at, words), count);
    }
  }
};

const failing = (facts: ClusterFacts, at: number): CriterionSample => {
  const { count, doomed, first } = failingPods(facts);
  const value = `${count} failing`;
  if (count === 0) return seen(good(at, value), 0);
  return seen(bad(at, value, first ?? value, doomed > 0 ? 'terminal' : null), count);
};

const deadline = (facts: ClusterFacts, at: number): CriterionSample => {
  const late = facts.workloads.filter(({ rollout }) => rollout?.phase === 'failed');
  const first = late[0];
  if (first === undefined) return seen(good(at, 'within its deadline'), 0);
  return seen(
    bad(
      at,
      first.rollout?.text ?? 'failed',
      `${first.reference}: ${first.rollout?.because ?? 'its deadline has passed'}`,
      'terminal',
    ),
    late.length,
  );
};

const restartCount = (
  facts: ClusterFacts,
  { windowMs }: Extract<StateCheck, { kind: 'restarts' }>,
  at: number,
  runStartedAt: number,
): { readonly count: number; readonly words: string } => {
  const count = restartsSince(facts, windowMs === null ? runStartedAt : at - windowMs);
  const noun = count === 1 ? 'restart' : 'restarts';
  return { count, words: `${count} ${noun} ${windowMs === null ? 'since the run began' : `in ${spoken(windowMs)}`}` };
};

/** `restarts:` in a gate states health: true is GOOD. */
export const restartsSample = (
  check: Extract<StateCheck, { kind: 'restarts' }>,
  facts: ClusterFacts | null,
  moment: ClusterMoment,
  runStartedAt: number,
): Sample => {
  const { at } = moment;
  if (facts === null) return failedToAsk(at, 'there is no cluster to ask');
  if (facts.workloads.length === 0) return failedToAsk(at, noWorkloads);
  const problem =
    sourceProblem(facts.source, at) ??
    facts.workloads.map(({ source }) => sourceProblem(source, at)).find((p) => p !== null);
  if (problem !== null && problem !== undefined) return problem;
  const { count, words } = restartCount(facts, check, at, runStartedAt);
  if (!holds(check.comparison, count)) return bad(at, words, `${words}, not ${comparisonWords(check.comparison)}`);
  const sources = facts.workloads.map(({ source }) => source);
  return unprovenSample(sources, moment, words) ?? good(at, words);
};

/** `http`, `command` and `logs` state health, as in gates. */
export const healthCriterion = (sample: Sample): CriterionSample => seen(sample, sample.kind === 'BAD' ? 1 : 0);

/** There is nothing to watch yet, or any more. */
export const withoutTrack = (sample: Sample): CriterionSample => ({ sample, amount: 0, notYet: true });
