import { expect, test } from 'vitest';
import {
  asksFirst,
  fakeCluster,
  hotfixInputs,
  recordOf,
  runFolder,
  runsIt,
  setTheScene,
  trusted,
} from '../support/story.ts';

const rollback = `---
gonogo: 1
title: Back to the old version
kind: rollback
inputs:
  service: { prompt: Service }
---
# Back to the old version

## Back

- [ ] Put the old version in place

  \`\`\`sh {risk=change}
  echo "$SERVICE is back" >> trail
  \`\`\`
`;

const deployment = `---
gonogo: 1
title: Deploy
kind: deploy
inputs:
  service: { prompt: Service, default: checkout }
rollback:
  runbook: back.md
  with: { service: '\${service}' }
---
# Deploy

## Deploy

- [ ] Put the new version in place

  \`\`\`sh {risk=change}
  echo "new" >> trail
  \`\`\`

- [ ] It works
`;

test('from a deployment it is two keys to the first command of the rollback', async () => {
  const workspace = setTheScene();
  trusted(workspace, 'back.md', rollback);
  trusted(workspace, 'deploy.md', deployment);
  const terminal = workspace.terminal(['run', 'deploy.md']);
  await terminal.sees(asksFirst);
  expect(terminal.lines()[3]).toMatch(/^ R +Back to the old version: ready, 1 command/);
  await terminal.presses('Enter');
  await terminal.sees('Run this?');
  await terminal.presses('y');
  await terminal.sees(/exit 0 +\d/);

  await terminal.presses('R');
  await terminal.sees('echo "$SERVICE is back" >> trail');
  expect(terminal.text()).toContain('SERVICE=checkout');
  await terminal.presses('y');
  await terminal.sees(/Back › Put[\s\S]*exit 0/);
  await terminal.presses('Enter');
  await terminal.sees('Enter ends the run');
  await terminal.presses('Enter');
  await terminal.sees('Rolled back');
  await terminal.presses('q');
  expect(await terminal.exits()).toBe(5);
  expect(workspace.read('trail')).toBe('new\ncheckout is back\n');
  expect(recordOf(workspace)).toMatch(/^.*rolled back/im);
  expect(workspace.gonogo(['verify', runFolder(workspace)]).code).toBe(0);
});

const undo = `---
gonogo: 1
title: Scale
kind: deploy
---
# Scale

## Scale

- [ ] First

  \`\`\`sh {risk=change}
  echo one >> trail
  \`\`\`

  \`\`\`sh {undo}
  echo undo one >> trail
  \`\`\`

- [ ] Second

  \`\`\`sh {risk=change}
  echo two >> trail
  \`\`\`

  \`\`\`sh {undo}
  echo undo two >> trail
  \`\`\`

- [ ] Third, which does not run

  \`\`\`sh {risk=change}
  echo three >> trail
  \`\`\`

  \`\`\`sh {undo}
  echo undo three >> trail
  \`\`\`
`;

test('without a rollback runbook the undo of what ran runs, the last first', async () => {
  const workspace = setTheScene();
  trusted(workspace, 'scale.md', undo);
  // The first two by lines, up to the third.
  expect(workspace.gonogo(['run', 'scale.md', '--plain'], 'y\n\ny\n\nq\n').code).toBe(6);
  expect(workspace.read('trail')).toBe('one\ntwo\n');
  const terminal = workspace.terminal(['resume']);
  await terminal.sees('While you were away');
  await terminal.presses('Enter');
  await terminal.sees(asksFirst);
  expect(terminal.lines()[3]).toMatch(/^ R +undo what ran: ready, 2 commands/);
  await terminal.presses('R');
  await terminal.sees('Roll back?');
  expect(terminal.text()).toMatch(/echo undo two >> trail[\s\S]*echo undo one >> trail/);
  expect(terminal.text()).not.toContain('undo three');
  await terminal.presses('y');
  await terminal.sees(/undo two[\s\S]*exit 0[\s\S]*as expected/);
  expect(workspace.read('trail')).toBe('one\ntwo\nundo two\n');
  await terminal.presses('Enter');
  await terminal.sees(asksFirst);
  await runsIt(terminal);
  await terminal.sees('Enter ends the run');
  await terminal.presses('Enter');
  await terminal.sees('Rolled back');
  await terminal.presses('q');
  expect(await terminal.exits()).toBe(5);
  expect(workspace.read('trail')).toBe('one\ntwo\nundo two\nundo one\n');
});

test('at 80x24 the shipped rollback of a hotfix is two keys away as well', async () => {
  const workspace = setTheScene();
  await fakeCluster(workspace);
  const terminal = workspace.terminal(['hotfix', ...hotfixInputs, '--context', 'prod-eu'], {
    columns: 80,
    rows: 24,
  });
  await terminal.sees('Enter runs');
  expect(terminal.lines()[3]).toMatch(/^ R +Rollback: ready, 2 commands/);
  await terminal.presses('R');
  await terminal.sees('kubectl rollout undo');
  await terminal.presses('y');
  await terminal.sees('✓ Go back to the last good revision');
  expect(terminal.lines()[3]).toContain('rolling back now');
});
