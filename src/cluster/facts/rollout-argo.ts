import type { RolloutFacts } from '../../gates/workload.ts';
import {
  byCounts,
  percentOf,
  type RolloutContext,
  rolloutFacts,
  type Stand,
  stand,
  waitingForController,
} from './rollout-chain.ts';
import type { SeenArgo } from './seen-argo.ts';
import { conditionOf, type SeenWorkload } from './seen-workload.ts';

const pauses: Readonly<Record<string, string>> = {
  CanaryPauseStep: 'pause step of the canary',
  BlueGreenPause: 'waits for the promotion of the preview',
  InconclusiveAnalysisRun: 'an analysis run was inconclusive',
};

const pausedBecause = (workload: SeenWorkload, argo: SeenArgo): string => {
  if (workload.isPaused) return 'spec.paused is true';
  const reasons = argo.pausedBecause.map((reason) => pauses[reason] ?? reason);
  return reasons.length === 0 ? (argo.message ?? 'paused') : reasons.join(', ');
};

/** `step 2/4, 20 %`: counts from 1, stays at the last when all are done. */
const stepText = (step: NonNullable<RolloutFacts['step']>): string =>
  `step ${step.index}/${step.of}${step.weight === null ? '' : `, ${step.weight} %`}`;

const stepOf = ({ step, steps, weight }: SeenArgo): RolloutFacts['step'] =>
  step === null ? null : { index: Math.min(step + 1, steps), of: steps, weight };

const failure = (workload: SeenWorkload, argo: SeenArgo): Stand | null => {
  if (argo.isAborted) return stand('failed', 'ABORTED', argo.message ?? 'the update was aborted');
  const invalid = conditionOf(workload, 'InvalidSpec');
  if (invalid?.status === 'True') return stand('failed', 'FAILED', invalid.message ?? 'invalid spec');
  if (argo.phase === 'Degraded') return stand('failed', 'DEGRADED', argo.message ?? 'degraded');
  const replicas = conditionOf(workload, 'ReplicaFailure');
  return replicas?.status === 'True' ? stand('failing', 'FAILING', replicas.message ?? replicas.reason) : null;
};

/** Before the last step a canary keeps old pods on purpose: its steps say how far it is, not the counts. */
const underWay = (workload: SeenWorkload, argo: SeenArgo, endingOld: number): Stand => {
  const isStepping = argo.step !== null && argo.step < argo.steps;
  const counted = byCounts(workload, isStepping ? workload.updated : workload.desired, endingOld);
  if (counted.phase !== 'complete' && counted.phase !== 'ending') return { ...counted, because: argo.message };
  return argo.phase === 'Healthy' ? counted : stand('updating', 'UPDATING', argo.message);
};

const standOf = (workload: SeenWorkload, argo: SeenArgo, endingOld: number): Stand => {
  const isPaused = workload.isPaused || argo.phase === 'Paused' || argo.pausedBecause.length > 0;
  const early = waitingForController(workload) ?? failure(workload, argo);
  if (early !== null) return early;
  if (argo.phase === null) return stand('waiting-for-controller', 'WAITING FOR CONTROLLER');
  if (isPaused) return stand('paused', 'PAUSED', pausedBecause(workload, argo));
  if (argo.phase === 'Healthy')
    return endingOld > 0 ? stand('ending', `ENDING ${endingOld}`) : stand('complete', 'COMPLETE');
  return underWay(workload, argo, endingOld);
};

const analysisOf = (argo: SeenArgo, workload: SeenWorkload, context: RolloutContext): RolloutFacts['analysis'] => {
  const watched = context.analyses.filter(({ revision }) => revision === workload.updateRevision);
  const told = argo.analysis.filter(({ name }) => !watched.some((run) => run.name === name));
  return [...watched.map(({ name, phase, message }) => ({ name, phase, message })), ...told];
};

export const argoRollout = (workload: SeenWorkload, context: RolloutContext): RolloutFacts => {
  const { argo } = workload;
  if (argo === null) return rolloutFacts(workload, context, stand('waiting-for-controller', 'WAITING FOR CONTROLLER'));
  const found = standOf(workload, argo, context.endingOld);
  const step = stepOf(argo);
  const isDone = found.phase === 'complete';
  const isStepping = !isDone && found.phase !== 'waiting-for-controller';
  const shown = step === null || !isStepping ? found : { ...found, text: `${found.text} ${stepText(step)}` };
  const stepped = Math.floor((100 * (argo.step ?? 0)) / Math.max(1, argo.steps));
  return rolloutFacts(workload, context, shown, {
    percent: step === null ? percentOf(workload, context.newAvailable, isDone) : isDone ? 100 : Math.min(99, stepped),
    step,
    analysis: analysisOf(argo, workload, context),
  });
};
