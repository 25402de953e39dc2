import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import type { Cluster } from './thousands.ts';
import type { WatchFigures } from './watch-process.ts';

const requireBanner =
  "import{createRequire as createRequireOf}from'node:module';const require=createRequireOf(import.meta.url);";

/** Bundles the measuring process as the program itself is bundled; gives its path in the folder. */
export const buildWatchProcess = async (folder: string): Promise<string> => {
  const outfile = join(folder, 'watch-process.js');
  await build({
    entryPoints: [join(import.meta.dirname, 'watch-process.ts')],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    minifyWhitespace: true,
    minifySyntax: true,
    banner: { js: requireBanner },
    logLevel: 'warning',
  });
  return outfile;
};

/** The watch of one Deployment in a fresh process, from its start until all of its pods are counted. */
export const runWatch = async (program: string, cluster: Cluster, pods: number): Promise<WatchFigures> => {
  const args = ['--expose-gc', program, cluster.kubeconfig, cluster.context, String(pods)];
  const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 120_000 });
  return JSON.parse(stdout) as WatchFigures;
};
