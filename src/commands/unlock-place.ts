import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { LockStore } from '../cluster/lock/lock-store.ts';
import { scopeName } from '../cluster/lock/scope.ts';
import type { PinnedContext } from '../cluster/pin/pinned-context.ts';
import { systemClock } from '../engine/clock.ts';
import { listRuns, readRun, resolveRun, runsDirectory } from '../journal/open.ts';
import type { Recorded } from '../session/events.ts';
import { noLock, reduceLock } from '../session/lock-state.ts';
import { holderHost, holderRun, holderUser } from '../session/lock-words.ts';
import { pinPath } from '../shell/attempt-kubeconfig.ts';
import { ExpectedError } from '../text/errors.ts';
import { pinnedIn, resumedContext } from './resume-target.ts';
import { openLockStore } from './run-lock.ts';
import { startedOf } from './snapshots.ts';

export interface FoundLock {
  readonly store: LockStore;
  readonly scope: string;
  close(): Promise<void>;
}

interface Where {
  readonly context?: string;
  readonly namespace?: string;
}

/** How many of the newest runs are looked through for one that kept its lock. */
const mostRuns = 50;

/** The lock that is meant: of a run by its id, of a scope, or (nothing said) of the newest run here that kept one; null = none did. */
export const findLock = async (what: string | null, where: Where): Promise<FoundLock | null> => {
  const dir = what === null ? newestKept() : runNamed(what);
  if (dir !== null) return ofRun(dir, where);
  return what === null ? null : ofScope(scopeName(what), where);
};

/** The folder of the holder's run, when it is on this host. */
export const runHere = (
  holder: string,
  { user, host }: { readonly user: string; readonly host: string },
): string | null => {
  const run = holderRun(holder);
  if (run === null || !/^[0-9a-f-]{36}$/.test(run)) return null;
  if (holderUser(holder) !== user || holderHost(holder) !== host) return null;
  const dir = join(runsDirectory(), run);
  return existsSync(dir) ? dir : null;
};

const runNamed = (text: string): string | null => {
  // A scope may be made of the same letters: only what is as long as an id's first part is taken for one.
  if (!/^[0-9a-f-]{8,36}$/i.test(text)) return null;
  try {
    return resolveRun(runsDirectory(), text);
  } catch (error) {
    if (error instanceof ExpectedError) return null;
    throw error;
  }
};

const keptLock = (events: readonly Recorded[]) =>
  events.filter(({ type }) => type.startsWith('lock.')).reduce(reduceLock, noLock);

const newestKept = (): string | null => {
  for (const { dir } of listRuns(runsDirectory()).slice(0, mostRuns)) {
    const { kind } = keptLock(readRun(dir).events);
    if (kind === 'parked' || kind === 'held') return dir;
  }
  return null;
};

const ofRun = async (dir: string, where: Where): Promise<FoundLock> => {
  const { events } = readRun(dir);
  const lock = keptLock(events);
  if (lock.kind === 'none')
    throw new ExpectedError('this run never took a deploy lock', {
      place: dir,
      nextStep: 'gonogo runs lists the others',
    });
  if (where.context !== undefined) return ofScope(lock.scope, where);
  const namespace = where.namespace ?? startedOf(events)?.target.namespace ?? null;
  const isBound = (pinnedIn(events)?.kubeconfigSha256 ?? null) !== null;
  if (isBound && events.some(({ type }) => type === 'run.finished') && !existsSync(pinPath(dir)))
    throw new ExpectedError('the login of this run was removed when it ended', {
      place: dir,
      nextStep: `gonogo unlock ${lock.scope} --context NAME`,
    });
  return opened(lock.scope, namespace, await resumedContext(dir, events));
};

const ofScope = async (scope: string, { context, namespace }: Where): Promise<FoundLock> => {
  if (context === undefined) return opened(scope, null, null);
  const { kubeconfigPaths, readKubeconfig } = await import('../cluster/pin/kubeconfig.ts');
  const { pinnedContext } = await import('../cluster/pin/pinned-context.ts');
  const pinned = pinnedContext(readKubeconfig(kubeconfigPaths(process.env, homedir())), context);
  return opened(scope, namespace ?? pinned.namespace, pinned);
};

const opened = async (scope: string, namespace: string | null, context: PinnedContext | null): Promise<FoundLock> => {
  if (context === null)
    return { scope, store: await openLockStore(scope, namespace, null), close: async () => undefined };
  const { openCluster } = await import('../cluster/pin/open-cluster.ts');
  // Nothing of an answer is printed that could hold a login.
  const { connection } = openCluster(context, {
    environment: process.env,
    clock: systemClock,
    onSecret: () => undefined,
  });
  return { scope, store: await openLockStore(scope, namespace, connection), close: () => connection.close() };
};
