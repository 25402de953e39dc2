import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The package's own folder: above `dist` when built, above `src` in a checkout. */
const packageFolder = (): string => {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json')) && dirname(folder) !== folder) folder = dirname(folder);
  return folder;
};

const readVersion = (): string => {
  const data: unknown = JSON.parse(readFileSync(join(packageFolder(), 'package.json'), 'utf8'));
  return typeof data === 'object' && data !== null && 'version' in data ? String(data.version) : 'unknown';
};

/** Of package.json. */
export const version: string = readVersion();

/** The program that runs one attempt, beside the bundle or in the source. */
export const runnerPath = (): string => {
  const built = join(packageFolder(), 'dist', 'runner-process.js');
  return existsSync(built) ? built : join(packageFolder(), 'src', 'shell', 'runner-process.ts');
};
