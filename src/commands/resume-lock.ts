import type { EventData, Recorded } from '../session/events.ts';
import type { OpenedRunbook } from './open-runbook.ts';
import { type LockPlace, scopeOf } from './run-lock.ts';

/** The lock of a run that goes on: the same holder and scope, from what its journal says. */
export const resumedLock = async (
  started: EventData['run.started'],
  events: readonly Recorded[],
  runbooks: readonly Pick<OpenedRunbook, 'sha256' | 'runbook'>[],
): Promise<LockPlace> => {
  const { target, user, host, run, operator } = started;
  const opened = events.find((event) => event.type === 'frame.opened')?.data;
  const runbook = runbooks.find(({ sha256 }) => sha256 === opened?.runbook.sha256)?.runbook;
  const path = opened?.runbook.path ?? '';
  const scope = runbook === undefined ? path : await scopeOf(runbook, path, target.workloads, opened?.inputs ?? {});
  return { scope, namespace: target.namespace, holder: `${user}@${host}/${run}`, who: operator };
};
