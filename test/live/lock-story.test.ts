import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { Lease } from '../../src/cluster/lock/lease.ts';
import { Workspace } from '../support/workspace.ts';
import { type LiveCluster, startCluster } from './support/cluster.ts';
import { waitFor } from './support/wait.ts';

let cluster: LiveCluster;

beforeAll(async () => {
  cluster = await startCluster();
  await cluster.kubectl(['create', 'deployment', 'checkout', '--image=shop/checkout:1']);
});
afterAll(() => cluster?.stop());

const runbook = `---
gonogo: 1
title: Mark checkout
target: { namespace: default, workloads: [deployment/checkout] }
---

## Deploy

- [ ] Mark it once

  \`\`\`sh {expect="annotated"}
  kubectl annotate deployment/checkout first=PERSON --overwrite
  \`\`\`

- [ ] Mark it twice

  \`\`\`sh {expect="annotated"}
  kubectl annotate deployment/checkout second=PERSON --overwrite
  \`\`\`
`;

/** A gonogo with a home of its own, in plain lines. */
const person = (name: string) => {
  const workspace = new Workspace();
  onTestFinished(() => workspace.close());
  workspace.write('mark.md', runbook.replaceAll('PERSON', name));
  const { PATH = '', KUBECONFIG = '' } = cluster.env;
  const env = { PATH, KUBECONFIG, KUBECACHEDIR: join(workspace.folder, 'kubectl-cache') };
  expect(workspace.gonogo(['trust', 'mark.md', '--yes'], '', env).code).toBe(0);
  expect(workspace.gonogo(['config', 'operator', name], '', env).code).toBe(0);
  const child = workspace.spawn(['run', 'mark.md', '--plain', '--context', cluster.context], env);
  const closed = new Promise((done) => child.once('close', done));
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await closed;
  });
  let out = '';
  child.stdout?.on('data', (chunk: Buffer) => (out += chunk.toString('utf8')));
  child.stderr?.on('data', (chunk: Buffer) => (out += chunk.toString('utf8')));
  return {
    types: (line: string) => void child.stdin?.write(`${line}\n`),
    /** Waits for a text after everything that was seen before. */
    sees: async (text: string, seconds = 40): Promise<void> => {
      const said = await waitFor(
        `${name} to see "${text}"`,
        () => {
          if (!out.includes(text)) throw new Error(out.slice(-1500));
          return out;
        },
        { seconds },
      );
      out = said.slice(said.indexOf(text) + text.length);
    },
    signal: (signal: 'SIGSTOP' | 'SIGCONT') => child.kill(signal),
    journal: () => readFileSync(join(workspace.runsFolder, workspace.runs()[0] ?? '', 'journal.jsonl'), 'utf8'),
    closed,
  };
};

const annotations = async (): Promise<Readonly<Record<string, string>>> => {
  const { metadata } = await cluster.json<Lease>(['get', 'deployment', 'checkout', '-o', 'json']);
  return metadata.annotations ?? {};
};

test('the holder is stopped, another takes its lock over, and it changes nothing when it goes on', {
  timeout: 400_000,
}, async () => {
  const alice = person('alice');
  await alice.sees('Mark it once');
  alice.types('y');
  await alice.sees('Mark it twice', 60);
  const lease = await cluster.json<Lease>(['get', 'lease', 'gonogo-lock-deployment-checkout', '-o', 'json']);
  expect(lease.metadata.annotations).toMatchObject({ 'gonogo.dev/who': 'alice', 'gonogo.dev/why': 'Mark checkout' });
  alice.signal('SIGSTOP');

  const bob = person('bob');
  await bob.sees('alice (');
  await bob.sees('has the deploy lock "deployment-checkout" since');
  await bob.sees('Mark it once');
  bob.types('y');
  await bob.sees('UNLOCKED?');
  bob.types('');
  // Its duration is watched from here: nobody is told that it is stale before.
  await waitFor(
    'the lock to be stale',
    async () => {
      bob.types('y');
      await bob.sees('go on anyway because', 10).catch(() => undefined);
      bob.types('');
      await bob.sees('STALE', 3);
      return true;
    },
    { seconds: 180, everyMs: 5_000 },
  );
  bob.types('y');
  await bob.sees('Take it over?');
  bob.types('alice does not answer');
  await bob.sees('type the holder');
  bob.types((lease.spec?.holderIdentity ?? '').split('@')[0] ?? '');
  await bob.sees('Mark it twice', 60);
  expect(bob.journal()).toContain('"type":"lock.taken-over"');

  alice.signal('SIGCONT');
  alice.types('y');
  await alice.sees('the deploy lock was lost');
  expect((await annotations()).second).toBeUndefined();
  expect(alice.journal()).toMatch(/"type":"lock.lost".*alice does not answer/);
  bob.types('y');
  await waitFor('the change of bob', async () => (await annotations()).second === 'bob');
});
