import { expect, test } from 'vitest';
import { asksFirst, confirms, journalOf, recordOf, setTheScene, trusted } from '../support/story.ts';

const runbook = `---
gonogo: 1
title: Deploy in parts
kind: deploy
---
# Deploy in parts

## Now (T-0)

- [ ] Change it

  \`\`\`sh {risk=change expect=changed}
  echo changed | tee -a trail
  \`\`\`

- [ ] The customers are told {owe=2h}

## T+30m: does it stay

- [ ] It stays
`;

test('a run is left with q and resumed for its later phase; what is owed keeps it from closing; Q ends it with 4', async () => {
  const workspace = setTheScene();
  trusted(workspace, 'parts.md', runbook);
  const terminal = workspace.terminal(['run', 'parts.md']);
  await confirms(terminal);
  await terminal.sees('The customers are told');
  await terminal.sees('Enter ticks this step');
  await terminal.presses('S');
  await terminal.sees('Leave this out?');
  await terminal.presses('1');
  await terminal.sees('Why later?');
  await terminal.presses('2');
  await terminal.sees('owed 1');
  await terminal.sees(/T\+30m: does it stay \(in (29|30):\d\d\)/);
  await terminal.presses('q');
  await terminal.sees('From now on nobody watches');
  await terminal.presses('y');
  expect(await terminal.exits()).toBe(6);
  expect(recordOf(workspace)).toContain('INTERIM');
  expect(workspace.gonogo(['runs']).out).toMatch(/Deploy in parts/);

  const later = workspace.terminal([]);
  await later.sees('Follow-ups');
  await later.sees('Enter resumes: Deploy in parts');
  await later.presses('Enter');
  await later.sees('While you were away');
  await later.presses('Enter');
  await later.sees('It stays');
  await later.sees('Enter ticks this step');
  await later.presses('Enter');
  await later.sees('Enter does nothing here: 1 owed');
  await later.presses('Enter');
  await later.sees('1 owed: The customers are told');
  expect(journalOf(workspace)).not.toContain('run.finished');
  await later.presses('Q');
  await later.sees('Why does the run end here?');
  await later.presses('2');
  await later.sees('Aborted: called off');
  await later.sees('Owed, still open');
  await later.presses('q');
  expect(await later.exits()).toBe(4);
  expect(recordOf(workspace)).not.toContain('INTERIM');
  expect(recordOf(workspace)).toMatch(/aborted/i);
});

test('stopping half-way and resuming does not ask for what was done', async () => {
  const workspace = setTheScene();
  trusted(workspace, 'parts.md', runbook);
  const left = workspace.gonogo(['run', 'parts.md', '--plain'], 'y\nq\n');
  expect(left.code).toBe(6);
  const terminal = workspace.terminal(['resume']);
  await terminal.sees('While you were away');
  await terminal.presses('Enter');
  await terminal.sees('Enter ticks this step');
  expect(terminal.text()).not.toContain(asksFirst);
  expect(terminal.text()).toContain('✓ Change it');
  expect(workspace.read('trail')).toBe('changed\n');
});
