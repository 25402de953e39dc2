import type { DeployLock, LockInfo, LockState } from '../ports/deploy-lock.ts';
import type { RunEvent } from '../session/events.ts';
import type { SessionState } from '../session/state.ts';

export const frameOf = (state: SessionState): number => Math.max(0, state.frame);

export const acquired = (
  { scope }: DeployLock,
  { epoch, where }: Extract<LockState, { kind: 'held' }>,
  state: SessionState,
): RunEvent => ({ type: 'lock.acquired', frame: frameOf(state), data: { scope, epoch, where } });

/** Said once, and again when it is for another reason. */
export const unlocked = (
  { scope }: DeployLock,
  state: SessionState,
  because: string,
  info: LockInfo | null,
): readonly RunEvent[] => {
  const holder = info?.holder ?? null;
  const known = state.lock.kind === 'unlocked' && state.lock.because === because && state.lock.holder === holder;
  return known ? [] : [{ type: 'lock.unlocked', frame: frameOf(state), data: { scope, because, holder } }];
};
