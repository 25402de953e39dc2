import type { Face } from '../engine/face.ts';
import { observeEngine } from '../engine/observer.ts';
import { observeJournal, readRun } from '../journal/open.ts';
import type { Settings } from '../settings/settings.ts';
import { watchOutput } from '../shell/watch-output.ts';
import { libraryOf } from './run-parts.ts';
import { offPathOf, snapshots } from './snapshots.ts';
import { validateFor } from './validate.ts';
import { verifyApproval } from './verify-approval.ts';

/** Follows a run that another process walks; nothing can be done but look. */
export const observe = async (dir: string, face: Face, settings: Settings): Promise<void> => {
  const { events } = await readRun(dir);
  const library = libraryOf(await snapshots(dir, events, offPathOf(events)));
  const stop = new AbortController();
  const journal = observeJournal(dir, { signal: stop.signal });
  const engine = observeEngine(events, journal, library, watchOutput(dir));
  try {
    await face.run(engine, {
      analyse: (_, command) => command,
      validate: validateFor(() => null),
      verifyApproval: (challenge, signature) => verifyApproval(challenge, signature, settings.approvers),
      runId: dir.split('/').at(-1) ?? '',
    });
  } finally {
    stop.abort();
    await engine.close();
  }
};
