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
}

const lineOf = async (child: ChildProcess): Promise<string> => {
  const [chunk] = (await once(child.stdout as NodeJS.ReadableStream, 'data')) as [Buffer];
  return chunk.toString('utf8').trim();
};

export const startClusterDouble = async (change: Partial<ApiAnswers> = {}, port = 0): Promise<ClusterDouble> => {
  const program = join(import.meta.dirname, 'api-process.ts');
  const child = spawn(process.execPath, [program, JSON.stringify(change), String(port)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const actual = await lineOf(child);
  return {
    url: `http://127.0.0.1:${actual}`,
    answers: async (next) => {
      child.stdin.write(`${JSON.stringify(next)}\n`);
      await lineOf(child);
    },
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
};

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
