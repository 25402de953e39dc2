import type { CommandRunner, RunningAttempt, StartRequest } from '../ports/commands.ts';
import type { DeployLock } from '../ports/deploy-lock.ts';
import type { SessionState } from '../session/state.ts';

/** Refuses to start changes when the lock was lost, or this process stood still, since they were confirmed. */
export const guardStarts = (
  runner: CommandRunner,
  lock: DeployLock,
  session: () => SessionState | null,
): CommandRunner => ({
  ...runner,
  start: async (request) => {
    const because = obstacleNow(lock, session(), request);
    return because === null ? runner.start(request) : neverStarted(request, because);
  },
  startInteractive: async (request) => {
    const because = obstacleNow(lock, session(), request);
    return because === null ? runner.startInteractive(request) : { kind: 'not-started', because };
  },
});

/** Confirmed under the lock, and not started before it was lost, or before somebody else may have it. */
const obstacleNow = (lock: DeployLock, session: SessionState | null, { spec }: StartRequest): string | null => {
  if (spec.risk === 'read' || session?.rollback !== null) return null;
  const now = lock.state();
  if (now.kind === 'lost') {
    // Confirmed without it, with a reason: nothing else has become known since then.
    if (now.isOverdue === true && session.lock.kind === 'unlocked') return null;
    return `the deploy lock was lost after it was confirmed: ${now.because}`;
  }
  if (now.kind !== 'held' || lock.isFresh()) return null;
  return 'gonogo stood still after it was confirmed; the deploy lock has to be read again';
};

const neverStarted = ({ attempt }: StartRequest, because: string): RunningAttempt => ({
  attempt,
  pid: null,
  startedAt: 0,
  onOutput: () => () => undefined,
  onTimeout: () => () => undefined,
  ended: Promise.resolve({ kind: 'not-started', because }),
  stop: async () => undefined,
});
