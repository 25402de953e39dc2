import type { RolloutFacts } from '../../gates/workload.ts';
import { times } from './pod-words.ts';
import { type RolloutContext, rolloutFacts, type Stand, stand } from './rollout-chain.ts';
import { createFailed } from './rollout-stateful-set.ts';
import { conditionOf, type SeenCondition, type SeenWorkload } from './seen-workload.ts';

const isTrue = (condition: SeenCondition | null): condition is SeenCondition => condition?.status === 'True';

const whyFailed = (condition: SeenCondition): string =>
  [condition.reason, condition.message].filter((part) => part !== null).join(': ');

const running = (workload: SeenWorkload): Stand => {
  const { desired } = workload;
  const { succeeded, active, failed, backoffLimit } = workload.job ?? {
    succeeded: 0,
    active: 0,
    failed: 0,
    backoffLimit: 6,
  };
  const because =
    failed === 0 ? null : `${times(failed, 'failed try').replace('trys', 'tries')}, ${backoffLimit} allowed`;
  return active === 0 && succeeded === 0 && failed === 0
    ? stand('waiting-for-controller', 'WAITING FOR CONTROLLER')
    : stand('updating', `RUNNING ${succeeded}/${desired} done`, because);
};

export const jobRollout = (workload: SeenWorkload, context: RolloutContext): RolloutFacts => {
  const failed = conditionOf(workload, 'Failed');
  const failing = conditionOf(workload, 'FailureTarget');
  const isFailed = isTrue(failed) ? failed : isTrue(failing) ? failing : null;
  const found =
    isFailed !== null
      ? stand('failed', 'FAILED', whyFailed(isFailed))
      : isTrue(conditionOf(workload, 'Complete'))
        ? stand('complete', 'COMPLETE')
        : workload.isPaused
          ? stand('paused', 'PAUSED', 'spec.suspend is true')
          : isTrue(conditionOf(workload, 'SuccessCriteriaMet'))
            ? stand('ending', 'ENDING')
            : (createFailed(workload, context) ?? running(workload));
  const done = Math.floor((100 * (workload.job?.succeeded ?? 0)) / Math.max(1, workload.desired));
  return rolloutFacts(workload, context, found, { percent: found.phase === 'complete' ? 100 : Math.min(99, done) });
};
