import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ApiAnswers } from './api-double.ts';

/** An API server that other programs can speak to while the test waits for them. */
export interface ClusterDouble {
  readonly url: string;
  /** From the next request on. */
  answers(change: Partial<ApiAnswers>): Promise<void>;
  /** Nobody listens at its address any more; resolves once that is so. */
  stop(): Promise<void>;
  /** A new server at the same address, that knows nothing of what was written before. */
  again(change?: Partial<ApiAnswers>): Promise<void>;
}

const lineOf = async (child: ChildProcess): Promise<string> => {
  const [chunk] = (await once(child.stdout as NodeJS.ReadableStream, 'data')) as [Buffer];
  return chunk.toString('utf8').trim();
};

export const startClusterDouble = async (change: Partial<ApiAnswers> = {}): Promise<ClusterDouble> => {
  let child = spawned(change, 0);
  const port = Number(await lineOf(child));
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  return {
    url: `http://127.0.0.1:${port}`,
    answers: async (next) => {
      child.stdin?.write(`${JSON.stringify(next)}\n`);
      await lineOf(child);
    },
    stop,
    again: async (next) => {
      await stop();
      child = spawned({ ...change, ...next }, port);
      await lineOf(child);
    },
  };
};

const spawned = (answers: Partial<ApiAnswers>, port: number): ChildProcess =>
  spawn(process.execPath, [join(import.meta.dirname, 'api-process.ts'), JSON.stringify(answers), String(port)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });

/** A kubeconfig with these contexts, the first one current, each with its server. */
export const writeKubeconfig = (
  path: string,
  contexts: Readonly<Record<string, string>>,
  user: object = { token: 'a-long-enough-token' },
): void => {
  const names = Object.keys(contexts);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(
    path,
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': names[0],
      contexts: names.map((name) => ({ name, context: { cluster: name, user: 'alice' } })),
      clusters: names.map((name) => ({ name, cluster: { server: contexts[name] } })),
      users: [{ name: 'alice', user }],
    }),
  );
  chmodSync(path, 0o600);
};
