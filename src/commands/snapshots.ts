import { runbookStore } from '../journal/open.ts';
import { loadRunbook } from '../runbook/load.ts';
import type { EventData, Recorded, RecordedOf } from '../session/events.ts';
import type { OpenedRunbook } from './open-runbook.ts';

/** The snapshots a journal speaks of, parsed as they were at the start. */
export const snapshots = async (
  dir: string,
  events: readonly Recorded[],
  offPath: 'auto' | 'all',
): Promise<readonly Pick<OpenedRunbook, 'sha256' | 'runbook'>[]> => {
  const wanted = new Map<string, string>();
  for (const event of events) {
    if (event.type !== 'frame.opened') continue;
    wanted.set(event.data.runbook.sha256, event.data.runbook.path);
    for (const { runbook } of event.data.reachable) wanted.set(runbook.sha256, runbook.path);
  }
  const store = runbookStore(dir);
  const out: Pick<OpenedRunbook, 'sha256' | 'runbook'>[] = [];
  for (const [sha256, path] of wanted) {
    const { runbook } = loadRunbook(await store.read(sha256), { path, offPath });
    if (runbook !== null) out.push({ sha256, runbook });
  }
  return out;
};

export const startedOf = (events: readonly Recorded[]): EventData['run.started'] | null =>
  events.find((event): event is RecordedOf<'run.started'> => event.type === 'run.started')?.data ?? null;

/** `path` as it was in the settings when the run started: the same text must give the same steps. */
export const offPathOf = (events: readonly Recorded[]): 'auto' | 'all' =>
  startedOf(events)?.settings.path === 'all' ? 'all' : 'auto';
