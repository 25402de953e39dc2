import type { DeployLock, LockInfo, LockState } from '../ports/deploy-lock.ts';
import type { EventData, RunEvent } from '../session/events.ts';
import type { SessionState } from '../session/state.ts';

export const frameOf = (state: SessionState): number => Math.max(0, state.frame);

export type HeldLock = Extract<LockState, { kind: 'held' }>;

/** How it came to this run is told once for as long as it has it. `tellsFrom` false: another event tells it. */
export const acquired = (
  { scope }: DeployLock,
  { epoch, where, since, before }: HeldLock,
  state: SessionState,
  tellsFrom = true,
): RunEvent => {
  const isKnown = !tellsFrom || before?.isUsual === true || state.lockTenure?.since === since;
  const from = isKnown || (before?.how ?? null) === null ? {} : { from: before?.how ?? '' };
  const data: EventData['lock.acquired'] = { scope, epoch, where, since, ...from };
  return { type: 'lock.acquired', frame: frameOf(state), data };
};

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
