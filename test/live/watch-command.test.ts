import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { journalOf, runFolder, trusted } from '../support/story.ts';
import { photograph, photographSizes } from './stories/support/pictures.ts';
import { deployService, isAvailable, setTheScene } from './stories/support/scene.ts';
import { confirmsChange, walksUntil } from './stories/support/walk.ts';
import { type LiveCluster, startCluster } from './support/cluster.ts';

let cluster: LiveCluster;
beforeAll(async () => {
  cluster = await startCluster();
  await deployService(cluster, { replicas: 2 });
});
afterAll(() => cluster?.stop());

const good = 'registry.example.com/checkout:v2.2.5';
const crashing = 'registry.example.com/checkout:v2.3.0-crash-after-20s';

const runbook = `---
gonogo: 1
title: Set the image
target: { namespace: production, workloads: [deployment/checkout] }
rollback:
  when:
    - pods: failing
    - rollout: deadline
---

## Deploy

- [ ] Set it

  \`\`\`sh
  kubectl -n production set image deployment/checkout app=${crashing}
  \`\`\`

- [ ] Look at it
`;

test('pods that begin to crash while nobody has the run are seen by a watch; the run goes on with the breach', {
  timeout: 240_000,
}, async () => {
  const { workspace } = await setTheScene(cluster);
  trusted(workspace, 'image.md', runbook);
  const terminal = workspace.terminal(['run', 'image.md', '--context', 'prod-eu'], { columns: 160, rows: 48 });
  await walksUntil(terminal, /Enter asks before it runs/);
  await confirmsChange(terminal);
  await terminal.sees(/exit 0/, 30_000);
  await terminal.presses('q');
  await terminal.sees('From now on nobody watches');
  await terminal.presses('y');
  expect(await terminal.exits(30_000)).toBe(6);

  const dir = runFolder(workspace);
  const id = dir.split('/').at(-1) ?? '';
  const before = journalOf(workspace);
  const watch = workspace.terminal(['watch', id], { columns: 160, rows: 48 });
  await watch.sees('Rollback criteria', 30_000);
  await watch.sees(/pods failing .* ok/, 30_000);
  await watch.sees('changed by others since start: no');
  photograph(watch, 'watch-1-ok');
  await watch.sees(/pods failing .* BREACHED/, 90_000);
  expect(watch.lines()[2]).toMatch(/FAIL +rollback criterion BREACHED: pods failing/);
  await photographSizes(watch, 'watch-2-breached', [
    [100, 30],
    [80, 24],
  ]);
  await watch.presses('c');
  await watch.sees(/CrashLoopBackOff|Error|exit/);
  photograph(watch, 'watch-3-cluster');
  await watch.presses('Esc');
  await watch.sees('This watch');
  await watch.presses('d');
  await watch.sees(/Described: pod\/checkout-/);
  await watch.presses('Esc');
  await watch.sees('This watch');
  await watch.presses('q');
  expect(await watch.exits(30_000)).toBe(4);
  expect(journalOf(workspace)).toBe(before);

  await cluster.kubectl(['-n', 'production', 'set', 'image', 'deployment/checkout', `app=${good}`]);
  await isAvailable(cluster, 'checkout', good, 2);
  const back = workspace.terminal(['resume'], { columns: 160, rows: 48 });
  await back.sees('While you were away', 30_000);
  await back.sees(/BREACHED pods failing: .*\d\d:\d\d:\d\d UTC, seen by the watch of/);
  await back.sees(/criteria and panels were watched by/);
  photograph(back, 'watch-4-away');
  await back.presses('Enter');
  await back.sees(/FAIL +rollback criterion (BREACHED|RECOVERED): pods failing/, 30_000);
  const seen = readdirSync(dir).filter((name) => name.startsWith('watch-'));
  const lines = seen.flatMap((name) => readFileSync(join(dir, name), 'utf8').trimEnd().split('\n'));
  expect(journalOf(workspace).match(/"type":"watch.reported"/g)).toHaveLength(lines.length);
  await back.presses('q');
  await back.sees('From now on nobody watches');
  await back.presses('y');
  expect(await back.exits(30_000)).toBe(6);
  expect(workspace.gonogo(['verify', id])).toMatchObject({ code: 0 });
});
