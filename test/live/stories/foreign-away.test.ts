import { afterAll, beforeAll, expect, test } from 'vitest';
import { journalOf } from '../../support/story.ts';
import { type LiveCluster, startCluster } from '../support/cluster.ts';
import { photograph } from './support/pictures.ts';
import { runs } from './support/runs.ts';
import { deployService, isAvailable, type Scene, setTheScene } from './support/scene.ts';
import { confirmsChange, walksUntil } from './support/walk.ts';

let cluster: LiveCluster;
beforeAll(async () => {
  cluster = await startCluster();
  await deployService(cluster);
});
afterAll(() => cluster?.stop());

const image = (version: string): string => `registry.example.com/checkout:${version}`;
const othersSet = async (version: string): Promise<void> => {
  await cluster.kubectl(['set', 'image', 'deployment/checkout', `app=${image(version)}`, '-n', 'production']);
  await isAvailable(cluster, 'checkout', image(version), 6);
};
const comesBack = ({ workspace }: Scene) => workspace.terminal(['resume'], { columns: 160, rows: 48 });
const told = (version: string): RegExp =>
  new RegExp(`changed\\s+outside\\s+this\\s+run[\\s\\S]*kubectl-set[\\s\\S]*-> ${version.replaceAll('.', '\\.')}`);

test('what others deployed while the run was left, or its process dead, is told and passes no gate', async () => {
  const scene = await setTheScene(cluster);
  const first = runs(scene, 'rolling.md', 'v2.3.0');
  await walksUntil(first, /Enter asks before it runs: kubectl set image/);
  await walksUntil(first, /stable since[\s\S]*waits 0:(0[5-9]|[1-5]\d)/);
  expect(first.text()).toContain('changed by others since start: no');
  await first.presses('q');
  await first.sees('Leave this run?');
  await first.presses('y');
  await first.exits();
  await othersSet('v9.9.9');

  const second = comesBack(scene);
  await second.sees(told('v9.9.9'));
  photograph(second, 'foreign-away');
  await second.presses('Enter');
  await second.sees(/BLIND[\s\S]*runs v9\.9\.9[\s\S]*not by this run/);
  second.kill();
  await second.exits();
  await othersSet('v9.9.10');

  const third = comesBack(scene);
  await third.sees(told('v9.9.10'));
  await third.presses('Enter');
  await third.sees(/BLIND[\s\S]*runs v9\.9\.10[\s\S]*not by this run/);
  const journal = journalOf(scene.workspace);
  expect(journal.match(/"type":"change.foreign"/g)).toHaveLength(2);
  expect(journal).not.toMatch(/"type":"gate.verdict","data":\{"step":"2.2"[^\n]*"verdict":"PASS"/);

  await third.presses('R');
  await third.sees('Roll back?');
  await third.presses('y');
  await third.seesNot('Roll back?', 30_000);
  await third.until(
    () => /"type":"workload.seen"[^\n]*"madeBy":[2-9]/.test(journalOf(scene.workspace)),
    'undone',
    60_000,
  );
  await third.seesNot('not by this run', 10_000);
}, 240_000);

test('what others deploy while a command of the run goes on is told', async () => {
  await cluster.kubectl(['delete', 'lease', '--all', '-n', 'production']);
  const scene = await setTheScene(cluster);
  scene.workspace.write(
    'long.md',
    `---
gonogo: 1
title: Long
target:
  namespace: production
  workloads: [deployment/checkout]
---
# Long

- [ ] Set and wait

  \`\`\`sh {timeout=5m}
  kubectl set image deployment/checkout app=${image('v3.0.0')} -n "$NAMESPACE"
  kubectl rollout status deployment/checkout -n "$NAMESPACE" --timeout=5m
  sleep 12
  \`\`\`

- [ ] Last
`,
  );
  scene.workspace.gonogo(['trust', 'long.md', '--yes']);
  const terminal = scene.workspace.terminal(['run', 'long.md', '--context', 'prod-eu'], { columns: 160, rows: 48 });
  await walksUntil(terminal, /Enter asks before it runs: kubectl set image/);
  await confirmsChange(terminal);
  await isAvailable(cluster, 'checkout', image('v3.0.0'), 6);
  expect(journalOf(scene.workspace)).not.toContain('change.foreign');
  await cluster.kubectl(['set', 'image', 'deployment/checkout', `app=${image('v6.6.6')}`, '-n', 'production']);
  await terminal.sees(told('v6.6.6'));
  expect(journalOf(scene.workspace)).not.toContain('"type":"command.finished"');
}, 120_000);
