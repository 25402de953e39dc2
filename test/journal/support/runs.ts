import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createJournal, type JournalOptions, type Opened, openJournal } from '../../../src/journal/open.ts';
import type { Journal } from '../../../src/ports/journal.ts';
import type { RunEvent } from '../../../src/session/events.ts';

/** A folder that is gone when the test is over. */
export const temporaryFolder = (): string => {
  const dir = mkdtempSync(join(tmpdir(), 'gonogo-journal-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
};

export const who = { session: 'session-1', actor: 'alice', roots: [] as readonly string[] };

export const note = (text: string): RunEvent => ({ type: 'note.added', frame: 0, data: { step: null, text } });

export const left: RunEvent = { type: 'run.left', frame: 0, data: { why: 'quit' } };

/** A new run below a temporary folder, closed after the test. */
export const newRun = async (options: Partial<JournalOptions> = {}): Promise<Journal> => {
  const journal = await createJournal({ runsDir: join(temporaryFolder(), 'runs'), ...who, ...options });
  onTestFinished(() => journal.close());
  return journal;
};

/** A closed run with that many notes, `note 0` first. */
export const closedRun = async (notes: number): Promise<string> => {
  const journal = await newRun();
  for (let i = 0; i < notes; i++) await journal.append(note(`note ${i}`));
  await journal.close();
  return journal.dir;
};

/** Opens for going on and expects that this is possible. */
export const reopen = async (
  dir: string,
  options: Partial<JournalOptions> = {},
): Promise<Extract<Opened, { kind: 'open' }>> => {
  const opened = await openJournal(dir, { ...who, ...options });
  if (opened.kind !== 'open') throw opened.error;
  onTestFinished(() => opened.journal.close());
  return opened;
};
