import { dateTime } from '../text/duration.ts';

/** `alice` of `alice@host/run-id`. */
export const holderUser = (holder: string): string => holder.split('@')[0] ?? holder;

/** The run's id of `alice@host/run-id`; null when the holder is not of that form. */
export const holderRun = (holder: string): string | null => {
  const slash = holder.indexOf('/');
  return slash === -1 ? null : holder.slice(slash + 1);
};

/** `host` of `alice@host/run-id`; null when the holder is not of that form. */
export const holderHost = (holder: string): string | null => /@([^/]*)\//.exec(holder)?.[1] ?? null;

/** What is known of a lock that somebody else has. */
export interface LockHolder {
  /** `user@host/run-id`. */
  readonly holder: string;
  readonly who: string;
  readonly why: string;
  readonly ticket: string | null;
  readonly step: string | null;
  /** UTC ms by the holder's clock. */
  readonly since: number | null;
  /** Parked, or kept after a rollback; null = it is being worked under. */
  readonly note: string | null;
}

/** `Bob (bob@host/0199…) has the deploy lock "checkout" since 2026-11-20 14:02 UTC: Deploy checkout v2.3.0 (CHG-4711), at step 2.3 Set the image`. */
export const holderWords = (scope: string, info: LockHolder, stale: boolean): string => {
  const since = info.since === null ? '' : ` since ${dateTime(info.since)} UTC`;
  const what = [info.why, info.ticket === null ? '' : `(${info.ticket})`].filter((part) => part !== '').join(' ');
  const where = info.note ?? (info.step === null ? null : `at step ${info.step}`);
  const renewed = stale ? 'STALE: it is no longer renewed' : null;
  const more = [what === '' ? null : what, where, renewed].filter((part) => part !== null).join(', ');
  const name = info.who === '' || info.who === info.holder ? info.holder : `${info.who} (${info.holder})`;
  return `${name} has the deploy lock "${scope}"${since}${more === '' ? '' : `: ${more}`}`;
};

/** How the note of a run ends that was left half-way. */
export const resumable = 'resumable';

/** Where a lock is kept: in a cluster that the run is bound to, else on this host. */
export interface LockedTarget {
  readonly context: string | null;
  readonly namespace: string | null;
  readonly pinned: boolean;
}

export const noTarget: LockedTarget = { context: null, namespace: null, pinned: false };

/** What can be done about somebody else's lock besides going on; `stale`: it may be taken over. */
export const holderNextStep = (
  scope: string,
  info: LockHolder,
  seen: { readonly stale: boolean; readonly observable: boolean },
  target: LockedTarget,
): string => {
  const run = holderRun(info.holder);
  const here = seen.observable && run !== null ? `gonogo resume ${run}` : null;
  const unlock = unlockCommand(scope, target);
  if (info.note === null) {
    const observe = here === null ? '' : `${here} observes it from here. `;
    if (!seen.stale) return `${observe}Wait until it is free`;
    return `${observe}Take it over: say why and type ${holderUser(info.holder)}. Or ${unlock} gives it free, with a reason`;
  }
  const goesOn = here === null || !info.note.endsWith(resumable) ? '' : `${here} goes on with it. `;
  return `${goesOn}${unlock} gives it free, with a reason`;
};

/** What gives it free, from anywhere. */
export const unlockCommand = (scope: string, { context, namespace, pinned }: LockedTarget): string => {
  const place = pinned ? ` --context ${context ?? ''}${namespace === null ? '' : ` --namespace ${namespace}`}` : '';
  return `gonogo unlock ${scope}${place}`;
};
