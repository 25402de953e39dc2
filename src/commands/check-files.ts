import { closeSync, constants, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import { maximumBytes } from '../runbook/bytes.ts';
import { isYamlRunbook } from '../runbook/yaml/claim.ts';
import { findRunbook } from './find-runbook.ts';

/** What `check` looks at. */
export interface FilesToCheck {
  readonly runbooks: readonly string[];
  /** YAML files of folders that do not say that they are runbooks: values of a chart, manifests and the like. */
  readonly passedOver: readonly string[];
}

const endings = ['.md', '.markdown', '.yaml', '.yml'];

/** A path that is named is always a runbook; of a folder all that may be some, `*.drill.yaml` and hidden folders left out. */
export const filesToCheck = (paths: readonly string[]): FilesToCheck => {
  const found = paths.flatMap(filesOf);
  return {
    runbooks: found.filter(({ foreign }) => !foreign).map(({ path }) => path),
    passedOver: found.filter(({ foreign }) => foreign).map(({ path }) => path),
  };
};

interface FoundFile {
  readonly path: string;
  readonly foreign: boolean;
}

const filesOf = (path: string): readonly FoundFile[] => {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats?.isDirectory() !== true) return [{ path: stats === undefined ? findRunbook(path) : path, foreign: false }];
  return filesIn(path)
    .map((file) => ({ path: file, foreign: /\.ya?ml$/.test(file) && !claimsToBeRunbook(file) }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
};

const filesIn = (folder: string): readonly string[] =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => !entry.name.startsWith('.') && entry.name !== 'node_modules')
    .flatMap((entry) => {
      const inner = join(folder, entry.name);
      if (entry.isDirectory()) return filesIn(inner);
      return endings.includes(extname(entry.name)) && !entry.name.endsWith('.drill.yaml') ? [inner] : [];
    });

/** True as well for what cannot be read, so that the check says why. */
const claimsToBeRunbook = (path: string): boolean => {
  const text = startOf(path);
  return text === null || isYamlRunbook(text);
};

/** No runbook is longer than what is read here. */
const startOf = (path: string): string | null => {
  try {
    const stats = statSync(path);
    if (!stats.isFile()) return null;
    const buffer = Buffer.alloc(Math.min(stats.size, maximumBytes));
    const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      return new TextDecoder().decode(buffer.subarray(0, readSync(file, buffer)));
    } finally {
      closeSync(file);
    }
  } catch {
    return null;
  }
};
