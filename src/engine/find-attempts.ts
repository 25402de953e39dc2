import type { Clock } from '../ports/clock.ts';
import type { CommandRunner } from '../ports/commands.ts';
import type { Report } from '../session/intents.ts';
import type { AttemptState } from '../session/state.ts';
import type { RunningAttempts } from './running-attempts.ts';

interface FindParts {
  readonly runner: Pick<CommandRunner, 'recover'>;
  readonly clock: Clock;
  readonly report: (what: Report) => Promise<void>;
  readonly failed: (error: unknown) => void;
}

/** What became of attempts that nobody here has seen end: their files know it. */
export interface FoundAttempts {
  /** `because`: why it has not begun, when it has not. */
  recoverOne(attempt: Pick<AttemptState, 'attempt' | 'spec'>, because: string): Promise<void>;
  /** Something went wrong on the way: whether the command ran is known to its files only. */
  findOut(attempt: number, spec: AttemptState['spec'], because: string): Promise<void>;
}

export const findAttempts = (
  { runner, clock, report, failed }: FindParts,
  { follow, watchSteady }: Pick<RunningAttempts, 'follow' | 'watchSteady'>,
): FoundAttempts => {
  const recoverOne: FoundAttempts['recoverOne'] = async ({ attempt, spec }, because) => {
    const found = await runner.recover(attempt);
    switch (found.kind) {
      case 'not-started':
        return report({ type: 'attempt-not-started', attempt, because });
      case 'recovered':
        return report({ type: 'attempt-finished', attempt, outcome: found.outcome, recovered: true });
      case 'unknown':
        return report({ type: 'attempt-unknown', attempt, startedAt: found.startedAt, survivors: found.survivors });
      case 'still-running':
        follow(found.running, true);
        if (spec.background) watchSteady(attempt);
        return report({ type: 'attempt-started', attempt, pid: found.running.pid, startedAt: found.running.startedAt });
    }
  };
  return {
    recoverOne,
    findOut: async (attempt, spec, because) => {
      try {
        await recoverOne({ attempt, spec }, because);
      } catch (error) {
        failed(error);
        await report({ type: 'attempt-unknown', attempt, startedAt: clock.now(), survivors: [] });
      }
    },
  };
};
