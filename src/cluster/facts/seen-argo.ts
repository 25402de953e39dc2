import { hasPart, numberOf, partOf, partsOf, type Raw, shortCopy, textOf } from './raw.ts';

/** What is kept of an Argo Rollout beside what every workload has. */
export interface SeenArgo {
  /** `Healthy`, `Progressing`, `Paused`, `Degraded`. */
  readonly phase: string | null;
  readonly message: string | null;
  readonly isAborted: boolean;
  /** `CanaryPauseStep`, `BlueGreenPause`, `InconclusiveAnalysisRun`. */
  readonly pausedBecause: readonly string[];
  readonly stableRevision: string | null;
  readonly isCanary: boolean;
  /** Index from 0 of the step under way; `steps` when all are done; null without steps. */
  readonly step: number | null;
  readonly steps: number;
  /** Percent of the traffic, or of the pods, that the new revision has. */
  readonly weight: number | null;
  /** Names of the analysis runs that the status speaks of now. */
  readonly analysis: readonly { readonly name: string; readonly phase: string; readonly message: string | null }[];
}

const runs: readonly (readonly [string, string])[] = [
  ['canary', 'currentStepAnalysisRunStatus'],
  ['canary', 'currentBackgroundAnalysisRunStatus'],
  ['blueGreen', 'prePromotionAnalysisRunStatus'],
  ['blueGreen', 'postPromotionAnalysisRunStatus'],
];

const analysisOf = (status: Raw): SeenArgo['analysis'] =>
  runs.flatMap(([strategy, key]) => {
    const run = partOf(status, strategy, key);
    const name = textOf(run.name);
    return name === null ? [] : [{ name, phase: textOf(run.status) ?? 'Pending', message: shortCopy(run.message) }];
  });

/** Where traffic is weighted the status tells; elsewhere the last `setWeight` up to the step under way. */
const weightOf = (steps: readonly Raw[], index: number | null, status: Raw): number | null => {
  const routed = numberOf(partOf(status, 'canary', 'weights', 'canary').weight);
  if (routed !== null || index === null) return routed;
  if (index >= steps.length) return 100;
  const set = steps.slice(0, index + 1).findLast((step) => numberOf(step.setWeight) !== null);
  return set === undefined ? 0 : numberOf(set.setWeight);
};

export const argoStatus = (spec: Raw, status: Raw): SeenArgo => {
  const isCanary = hasPart(partOf(spec, 'strategy'), 'canary');
  const steps = partsOf(partOf(spec, 'strategy', 'canary').steps);
  const stableRevision = textOf(status.stableRS);
  const isPromoted = stableRevision !== null && stableRevision === status.currentPodHash;
  const index = steps.length === 0 ? null : isPromoted ? steps.length : (numberOf(status.currentStepIndex) ?? 0);
  return {
    phase: textOf(status.phase),
    message: shortCopy(status.message),
    isAborted: status.abort === true,
    pausedBecause: partsOf(status.pauseConditions).map(({ reason }) => textOf(reason) ?? 'paused'),
    stableRevision,
    isCanary,
    step: index,
    steps: steps.length,
    weight: isPromoted ? (steps.length === 0 ? null : 100) : weightOf(steps, index, status),
    analysis: analysisOf(status),
  };
};
