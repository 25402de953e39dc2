#!/usr/bin/env node
// Runs on any Node that can parse it: no static imports, nothing newer than dynamic import.
// Where the system's Node is too old the bundled one takes over.
export {};

const needed = 24;
const major = Number(process.versions.node.split('.')[0]);

const bundledNode = async (): Promise<string | null> => {
  const { createRequire } = await import('node:module');
  const { dirname, join } = await import('node:path');
  const { existsSync } = await import('node:fs');
  try {
    const path = join(dirname(createRequire(import.meta.url).resolve('node/package.json')), 'bin', 'node');
    return existsSync(path) ? path : null;
  } catch {
    return null;
  }
};

/** The same command on the bundled Node, on the same terminal; ends as that one ends. */
const reExecute = async (node: string): Promise<void> => {
  const { spawn } = await import('node:child_process');
  const { fileURLToPath } = await import('node:url');
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: 'inherit',
    env: { ...process.env, GONOGO_NODE: node },
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const) {
    process.on(signal, () => {
      // The terminal sends SIGINT to both; the others reach only this process.
      if (signal !== 'SIGINT') child.kill(signal);
    });
  }
  child.on('error', () => tooOld());
  child.on('exit', (code, signal) => {
    if (signal !== null) process.removeAllListeners(signal);
    if (signal !== null) process.kill(process.pid, signal);
    else process.exit(code ?? 70);
  });
};

/**
 * Where compiled code is kept between starts; null without a home. Not the shared temporary folder that Node would take:
 * what anybody may have put there would be run. A folder that cannot be written only makes starts slower.
 */
const compileCacheFolder = async (): Promise<string | null> => {
  const { existsSync } = await import('node:fs');
  const { homedir } = await import('node:os');
  const { join } = await import('node:path');
  const home = homedir();
  const cache = process.env.XDG_CACHE_HOME;
  if (cache?.startsWith('/')) return join(cache, 'gonogo-compiled');
  return existsSync(home) ? join(home, '.cache', 'gonogo-compiled') : null;
};

const tooOld = (): void => {
  process.stderr.write(`gonogo needs Node ${needed} or newer; this is Node ${process.versions.node}.\n`);
  process.stderr.write('Install a newer Node, or run "npm ci" in gonogo\'s folder: it brings its own.\n');
  process.exit(2);
};

if (major < needed) {
  const node = process.env.GONOGO_NODE === undefined ? await bundledNode() : null;
  if (node === null) tooOld();
  else await reExecute(node);
} else {
  const { enableCompileCache, flushCompileCache } = await import('node:module');
  const folder = await compileCacheFolder();
  if (folder !== null) enableCompileCache?.(folder);
  // Also for a run that never ends in an orderly way: the next start is the one that matters.
  setTimeout(() => flushCompileCache?.(), 3_000).unref();
  const { main } = await import('./main.ts');
  await main(process.argv.slice(2));
}
