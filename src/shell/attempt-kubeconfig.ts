import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AttemptOutcome } from '../session/outcome.ts';
import { replaceAtomically } from './durable-files.ts';
import type { Environment } from './environment.ts';

/** Copies of the run's kubeconfig: one for each command, so that what it writes into it stays with it. */
export interface AttemptKubeconfig {
  /** Writes a fresh copy into the attempt's folder; the environment with its path as KUBECONFIG. */
  give(folder: string, environment: Environment): Environment;
  /** After the attempt: a changed copy is dropped, and a note says so. */
  takeBack(folder: string, outcome: AttemptOutcome): AttemptOutcome;
  /** A copy for the length of one short command. */
  lend<T>(runDir: string, environment: Environment, use: (environment: Environment) => Promise<T>): Promise<T>;
}

export const changedKubeconfig = 'W420 the command changed its kubeconfig; dropped';

const hash = (bytes: string | Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** `text` is null without a pin: commands then see the operator's own KUBECONFIG. */
export const attemptKubeconfig = (text: string | null): AttemptKubeconfig => {
  if (text === null)
    return {
      give: (_, environment) => environment,
      takeBack: (_, outcome) => outcome,
      lend: (_, env, use) => use(env),
    };
  const expected = hash(text);
  const pathIn = (folder: string): string => join(folder, 'kubeconfig');
  return {
    give: (folder, environment) => {
      replaceAtomically(pathIn(folder), text);
      return { ...environment, KUBECONFIG: pathIn(folder) };
    },
    takeBack: (folder, outcome) => {
      const path = pathIn(folder);
      if (existsSync(path) && hash(readFileSync(path)) === expected) return outcome;
      rmSync(path, { recursive: true, force: true });
      const notes = outcome.notes.filter((note) => note !== changedKubeconfig);
      return { ...outcome, notes: [...notes, changedKubeconfig] };
    },
    lend: async (runDir, environment, use) => {
      const folder = mkdtempSync(join(runDir, 'probe-'));
      try {
        writeFileSync(pathIn(folder), text, { mode: 0o600 });
        return await use({ ...environment, KUBECONFIG: pathIn(folder) });
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
  };
};
