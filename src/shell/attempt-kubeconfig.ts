import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { AttemptOutcome } from '../session/outcome.ts';
import { replaceAtomically } from './durable-files.ts';
import type { Environment } from './environment.ts';
import { markerOf, processesWithMarker } from './processes.ts';

/** Copies of the run's kubeconfig: one for each command, so that what it writes into it stays with it. */
export interface AttemptKubeconfig {
  /** Writes a fresh copy into the attempt's folder; the environment with its path as KUBECONFIG. */
  give(folder: string, environment: Environment): Environment;
  /** After the attempt: the copy is removed, save while processes it left behind may read it; a note says when it was changed. */
  takeBack(folder: string, outcome: AttemptOutcome): AttemptOutcome;
  /** A copy for the length of one short command. */
  lend<T>(runDir: string, environment: Environment, use: (environment: Environment) => Promise<T>): Promise<T>;
}

export const changedKubeconfig = 'W420 the command changed its kubeconfig; dropped';

/** Where the pinned kubeconfig of a run is kept. */
export const pinPath = (runDir: string): string => join(runDir, 'pin.kubeconfig');

const copyIn = (folder: string): string => join(folder, 'kubeconfig');

/** Says what was found of a copy that is gone by now: an outcome may be taken twice. */
const verdictIn = (folder: string): string => join(folder, 'kubeconfig.verdict');

type Verdict = 'same' | 'changed';

const verdictOf = (folder: string, expected: string): Verdict => {
  if (existsSync(verdictIn(folder))) return readFileSync(verdictIn(folder), 'utf8') === 'same' ? 'same' : 'changed';
  const path = copyIn(folder);
  return existsSync(path) && hash(readFileSync(path)) === expected ? 'same' : 'changed';
};

/** A copy whose verdict cannot be kept, on a full disk, stays. */
const drop = (folder: string, verdict: Verdict): void => {
  try {
    replaceAtomically(verdictIn(folder), verdict);
  } catch {
    return;
  }
  rmSync(copyIn(folder), { recursive: true, force: true });
};

/** Removes a run's pinned kubeconfig and every copy of it that no process of its attempts may read any more. */
export const forgetKubeconfigs = (runDir: string): void => {
  rmSync(pinPath(runDir), { force: true });
  for (const name of readdirSync(runDir))
    if (name.startsWith('probe-')) rmSync(join(runDir, name), { recursive: true, force: true });
  const attempts = join(runDir, 'attempts');
  if (!existsSync(attempts)) return;
  for (const attempt of readdirSync(attempts)) {
    const copy = copyIn(join(attempts, attempt));
    if (existsSync(copy) && processesWithMarker(markerOf(basename(runDir), Number(attempt))).length === 0)
      rmSync(copy, { recursive: true, force: true });
  }
};

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
  return {
    give: (folder, environment) => {
      replaceAtomically(copyIn(folder), text);
      return { ...environment, KUBECONFIG: copyIn(folder) };
    },
    takeBack: (folder, outcome) => {
      const verdict = verdictOf(folder, expected);
      if (verdict === 'same') {
        if (outcome.survivors.length === 0) drop(folder, verdict);
        return outcome;
      }
      drop(folder, verdict);
      const notes = outcome.notes.filter((note) => note !== changedKubeconfig);
      return { ...outcome, notes: [...notes, changedKubeconfig] };
    },
    lend: async (runDir, environment, use) => {
      const folder = mkdtempSync(join(runDir, 'probe-'));
      try {
        writeFileSync(copyIn(folder), text, { mode: 0o600 });
        return await use({ ...environment, KUBECONFIG: copyIn(folder) });
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
  };
};
