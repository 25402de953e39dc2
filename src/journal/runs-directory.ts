import { mkdirSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { checkParents, checkPrivateFolder } from './access.ts';

/** Names of the files in a run's folder. Source: 20-runs, "Run directory". */
export const runFiles = {
  journal: 'journal.jsonl',
  runbooks: 'runbooks',
  attempts: 'attempts',
  data: 'data',
  lock: 'lock.db',
  holder: 'holder.json',
  takeOver: 'takeover.json',
  ballast: 'ballast',
} as const;

export type Environment = Readonly<Record<string, string | undefined>>;

/** An absolute path from an XDG variable, else below the home folder; the standard says to ignore relative ones. */
const xdgFolder = (value: string | undefined, home: string, fallback: readonly string[]): string =>
  value?.startsWith('/') ? value : join(home, ...fallback);

/** Where this user's runs are kept: `$XDG_STATE_HOME/gonogo/runs`. */
export const runsDirectory = (env: Environment = process.env, home: string = homedir()): string =>
  join(xdgFolder(env.XDG_STATE_HOME, home, ['.local', 'state']), 'gonogo', 'runs');

/** Creates the folder of all runs (0700) and refuses (E704) one that others can reach. */
export const prepareRunsDirectory = (runsDir: string, home: string = homedir()): void => {
  mkdirSync(runsDir, { recursive: true, mode: 0o700 });
  checkPrivateFolder(runsDir);
  checkParents(runsDir, home);
};

/** Creates the folder of one run with its sub-folders, durably. Returns its path. */
export const createRunFolder = async (runsDir: string, run: string): Promise<string> => {
  const dir = join(runsDir, run);
  mkdirSync(dir, { mode: 0o700 });
  for (const name of [runFiles.runbooks, runFiles.attempts, runFiles.data]) mkdirSync(join(dir, name), { mode: 0o700 });
  await syncFolder(dir);
  await syncFolder(dirname(dir));
  return dir;
};

/** Makes names created or renamed in a folder survive a power cut. */
export const syncFolder = async (dir: string): Promise<void> => {
  const handle = await open(dir, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
};
