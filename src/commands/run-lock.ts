import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ApiConnection } from '../cluster/api/connection.ts';
import type { LockStore } from '../cluster/lock/lock-store.ts';
import { systemClock } from '../engine/clock.ts';
import { createLockKeeper, type LockKeeper } from '../engine/lock-keeper.ts';
import { isAlive, ownHolder } from '../journal/holder.ts';
import { runsDirectory } from '../journal/open.ts';
import type { DeployLock } from '../ports/deploy-lock.ts';
import { interpolate } from '../runbook/interpolate.ts';
import type { Runbook } from '../runbook/model.ts';
import type { PreflightCheck, RunTarget } from '../session/events.ts';
import { holderNextStep, holderRun, holderWords } from '../session/lock-words.ts';

/** Whose lock, and for what. */
export interface LockPlace {
  readonly scope: string;
  readonly namespace: string | null;
  /** `user@host/run-id`. */
  readonly holder: string;
  readonly who: string;
}

/** Lock files of runs without a cluster: beside the runs, so of this user on this host. */
export const locksDirectory = (): string => join(runsDirectory(), '..', 'locks');

/** What the lock of a run is for; `values`: its inputs. */
export const scopeOf = async (
  runbook: Runbook,
  path: string,
  workloads: readonly string[],
  values: Readonly<Record<string, string>>,
): Promise<string> => {
  const { lockScope } = await import('../cluster/lock/scope.ts');
  const { lockScope: given } = runbook;
  return lockScope(given === null ? null : interpolate(given, (name) => values[name], 'plain').text, workloads, path);
};

/** Where the lock of a scope is kept: in the cluster, else on this host. */
export const openLockStore = async (
  scope: string,
  namespace: string | null,
  connection: ApiConnection | null,
): Promise<LockStore> => {
  if (connection !== null) {
    const { leaseStore } = await import('../cluster/lock/lease-store.ts');
    return leaseStore(connection, namespace ?? 'default', scope);
  }
  const { hostLockStore } = await import('../cluster/lock/host-lock.ts');
  const { pid, startTime, boot } = ownHolder(0);
  return hostLockStore({
    dir: locksDirectory(),
    scope,
    process: { pid, startTime, boot },
    isAlive: (process) => isAlive({ ...process, terminal: null, lastKey: 0 }),
  });
};

const openDeployLock = async (
  { scope, namespace, holder, who }: LockPlace,
  connection: ApiConnection | null,
): Promise<DeployLock> => {
  const { createDeployLock } = await import('../cluster/lock/deploy-lock.ts');
  const store = await openLockStore(scope, namespace, connection);
  return createDeployLock({ store, scope, person: { holder, who }, clock: systemClock });
};

export const openRunLock = async (
  place: LockPlace,
  connection: ApiConnection | null,
  mask: (text: string) => string,
): Promise<LockKeeper> =>
  createLockKeeper({
    lock: await openDeployLock(place, connection),
    clock: systemClock,
    mask,
    isHere: (run) => /^[0-9a-f-]{36}$/.test(run) && existsSync(join(runsDirectory(), run)),
  });

/** What the lock says before the first step; it is not taken yet. */
export const lockCheck = async (
  lock: DeployLock,
  target: RunTarget,
  policy: 'advisory' | 'required',
  hasCluster: boolean,
): Promise<PreflightCheck> => {
  const check = (level: PreflightCheck['level'], message: string, nextStep: string | null = null): PreflightCheck => ({
    id: 'lock',
    title: 'Deploy lock',
    level,
    message,
    nextStep,
  });
  const where = hasCluster ? 'in the cluster' : 'on this host and for this user only: others are not kept out';
  const state = await lock.look();
  switch (state.kind) {
    case 'other': {
      const here = holderRun(state.info.holder);
      const observable = here !== null && existsSync(join(runsDirectory(), here));
      const renewed = state.info.note === null && !state.stale ? '; whether it is renewed is watched from now on' : '';
      return check(
        'warn',
        `${holderWords(lock.scope, state.info, state.stale)}${renewed}`,
        `${holderNextStep(lock.scope, state.info, { stale: state.stale, observable }, target)}. The first change asks for it${policy === 'required' ? ', and is refused without it' : ''}`,
      );
    }
    case 'unlocked': {
      const message = `UNLOCKED: "${lock.scope}" cannot be locked: ${state.because}`;
      if (policy === 'required')
        return check('stop', `${message}, and the settings require it`, 'Get the right to create and update leases');
      return target.production
        ? check('override', message, 'Get the right to create and update leases, or say why nobody else deploys')
        : check('warn', message, 'Nobody else is kept out');
    }
    default: {
      const how = state.kind === 'none' ? (state.before?.how ?? null) : null;
      const free = how === null ? 'is free' : `is free (${how})`;
      return check('ok', `"${lock.scope}" ${free}, ${where}; it is taken before the first change`);
    }
  }
};
