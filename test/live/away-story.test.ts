import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
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

- [ ] Mark it

  \`\`\`sh {expect="annotated"}
  kubectl annotate deployment/checkout first=alice --overwrite
  \`\`\`

- [ ] Mark it twice

  \`\`\`sh {expect="annotated"}
  kubectl annotate deployment/checkout second=alice --overwrite
  \`\`\`
`;

test('whoever comes back is told what became of the lock and what others changed meanwhile', {
  timeout: 120_000,
}, async () => {
  const workspace = new Workspace();
  onTestFinished(() => workspace.close());
  workspace.write('mark.md', runbook);
  const { PATH = '', KUBECONFIG = '' } = cluster.env;
  const env = { PATH, KUBECONFIG, KUBECACHEDIR: join(workspace.folder, 'kubectl-cache') };
  expect(workspace.gonogo(['trust', 'mark.md', '--yes'], '', env).code).toBe(0);
  const first = workspace.gonogo(['run', 'mark.md', '--plain', '--context', cluster.context], 'y\nq\n', env);
  expect(first).toMatchObject({ code: 6, out: expect.stringContaining('Mark it twice') });
  // What is written right after a command of the run may be its own doing.
  const left = performance.now();
  await waitFor('the command to be a while ago', () => performance.now() - left > 4_000);
  await cluster.kubectl(['set', 'image', 'deployment/checkout', 'checkout=shop/checkout:2']);
  const again = workspace.gonogo(['resume', '--plain'], 'q\n', env);
  expect(again.out).toContain('the deploy lock "deployment-checkout" is held again');
  expect(again.out).toMatch(
    /deployment\/checkout changed outside this run, \d\d:\d\d:\d\d, by kubectl-set: image checkout 1 -> 2/,
  );
  // Told once.
  const third = workspace.gonogo(['resume', '--plain'], 'q\n', env);
  expect(third.out).not.toContain('by kubectl-set: image');
});
