import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** The folder of the wrapper modules and of the script that builds them. */
export const toolsFolder = new URL('../tools/', import.meta.url).pathname;

const modules = {
  etcd: 'go.etcd.io/etcd/server/v3',
  kubernetes: 'k8s.io/kubernetes',
  kwok: 'sigs.k8s.io/kwok',
  'argo-rollouts': 'github.com/argoproj/argo-rollouts',
} as const;

export type Tool = keyof typeof modules;

/** Version of a tool without the `v`, as its wrapper module requires it. */
export const versionOf = (tool: Tool): string => {
  const file = join(toolsFolder, tool, 'go.mod');
  const found = readFileSync(file, 'utf8').match(new RegExp(`${modules[tool]} v(\\S+)`));
  if (!found?.[1]) throw new Error(`${file} does not require ${modules[tool]}`);
  return found[1];
};

/** Where the built programs of a tool are; the same rule as in `tools/build.sh`. */
export const folderOf = (tool: Tool): string =>
  join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'gonogo-live', `${tool}-${versionOf(tool)}`);

/** Path of one built file, for example `programOf('kubernetes', 'kubectl')`. */
export const programOf = (tool: Tool, name: string): string => join(folderOf(tool), name);

/**
 * Builds what is missing; its progress goes to this process's standard error.
 * Throws with the last lines of the output when a server cannot be built.
 */
export const buildServers = async (): Promise<void> => {
  const child = spawn(join(toolsFolder, 'build.sh'), { stdio: ['ignore', 'pipe', 'pipe'], timeout: 45 * 60_000 });
  let last = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      process.stderr.write(chunk);
      last = (last + chunk.toString()).slice(-8000);
    });
  const status = await new Promise<number | string>((done, failed) => {
    child.on('error', failed);
    child.on('close', (code, signal) => done(code ?? signal ?? 'no status'));
  });
  if (status !== 0) throw new Error(`THE REAL SERVERS COULD NOT BE BUILT (${status}):\n${last}`);
};
