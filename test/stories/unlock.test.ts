import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { setTheScene, trusted } from '../support/story.ts';
import type { Workspace } from '../support/workspace.ts';

const runbook = `# Change it twice

## Deploy

- [ ] Once

  \`\`\`sh
  touch once
  \`\`\`

- [ ] Twice

  \`\`\`sh
  touch twice
  \`\`\`
`;

/** A run that was left after its first change. */
const leftHalfWay = (): Workspace => {
  const workspace = setTheScene();
  trusted(workspace, 'change.md', runbook);
  expect(workspace.gonogo(['run', 'change.md', '--plain'], 'y\n\nq\n').code).toBe(6);
  return workspace;
};

const journalOf = (workspace: Workspace, index: number): string =>
  readFileSync(join(workspace.runsFolder, workspace.runs()[index] ?? '', 'journal.jsonl'), 'utf8');

test('a run that was left keeps its lock; the second is told, may go on with a reason, and says UNLOCKED', () => {
  const workspace = leftHalfWay();
  expect(journalOf(workspace, 0)).toMatch(/"type":"lock.parked".*parked by .* at step 1.2, resumable/);
  const second = workspace.gonogo(['run', 'change.md', '--plain'], 'y\n\ny\nhe said I may\n\nq\n');
  expect(second.out).toContain('has the deploy lock "change-md"');
  expect(second.out).toContain('resumable');
  expect(second.out).toContain('UNLOCKED: nobody is kept out of "change-md"');
  expect(journalOf(workspace, 1)).toMatch(/"type":"override.given".*he said I may/);
});

test('its own run takes it up again, and gives it free at the end', () => {
  const workspace = leftHalfWay();
  const resumed = workspace.gonogo(['resume', '--plain'], 'y\n\n\n');
  expect(resumed.code).toBe(0);
  const types = [...journalOf(workspace, 0).matchAll(/"type":"(lock\.[a-z-]+)"/g)].map(([, type]) => type);
  expect(types).toEqual(['lock.acquired', 'lock.parked', 'lock.acquired', 'lock.released']);
});

test('gonogo unlock gives it free with a reason, recorded in its run; nothing is done without one', () => {
  const workspace = leftHalfWay();
  expect(workspace.gonogo(['unlock']).code).toBe(3);
  const unlocked = workspace.gonogo(['unlock', '--reason', 'it will not go on']);
  expect(unlocked.out).toContain('"change-md" is free. It is recorded in the run that had it.');
  expect(unlocked.code).toBe(0);
  expect(journalOf(workspace, 0)).toMatch(/"type":"lock.released".*it will not go on/);
  expect(workspace.gonogo(['verify', workspace.runs()[0] ?? '']).code).toBe(0);
  expect(workspace.gonogo(['unlock', 'change.md']).out).toContain('is free');
  const next = workspace.gonogo(['run', 'change.md', '--plain'], 'y\n\nq\n');
  expect(next.out).not.toContain('has the deploy lock');
});

test('answers go past a holder with a reason', () => {
  const workspace = leftHalfWay();
  workspace.write('answers.yaml', "steps:\n  '1.1': [yes, 'override: agreed with the holder', enter]\n");
  const auto = workspace.gonogo(['run', 'change.md', '--plain', '--auto', '--answers', 'answers.yaml']);
  expect(auto.out).toContain('> override: agreed with the holder');
  expect(auto.out).toContain('UNLOCKED');
});

test('required: nobody goes on beside a holder', () => {
  const workspace = leftHalfWay();
  expect(workspace.gonogo(['config', 'lock', 'required']).code).toBe(0);
  const second = workspace.gonogo(['run', 'change.md', '--plain'], 'y\ny\nq\n');
  expect(second.code).toBe(6);
  expect(second.out).not.toContain('UNLOCKED?');
  expect(journalOf(workspace, 1)).not.toContain('"type":"command.confirmed"');
});

test('given free and used by others while its run was left: told on the return, and the next change is refused once', () => {
  const workspace = leftHalfWay();
  expect(workspace.gonogo(['unlock', '--reason', 'she is on holiday']).code).toBe(0);
  expect(workspace.gonogo(['run', 'change.md', '--plain'], 'y\n\ny\n\n\n').code).toBe(0);
  const reason = /"type":"lock.acquired".*"epoch":1.*"from":"given free by [^"]*: she is on holiday"/;
  expect(journalOf(workspace, 1)).toMatch(reason);
  const resumed = workspace.gonogo(['resume', '--plain'], 'y\ny\n\n\n');
  expect(resumed.code).toBe(0);
  expect(resumed.out).toMatch(/While you were away[\s\S]*! the deploy lock "change-md" was lost: .* had it meanwhile/);
  expect(resumed.out).toMatch(
    /the deploy lock was lost \(.* had it meanwhile, .*\) and is held again from now on\. Look at/,
  );
  const types = [...journalOf(workspace, 0).matchAll(/"type":"(lock\.[a-z-]+|command\.confirmed)"/g)].map(
    ([, type]) => type,
  );
  const again = ['lock.lost', 'lock.acquired', 'command.confirmed', 'lock.released'];
  expect(types).toEqual(['lock.acquired', 'command.confirmed', 'lock.parked', 'lock.released', ...again]);
  const record = readFileSync(join(workspace.runsFolder, workspace.runs()[0] ?? '', 'record.md'), 'utf8');
  expect(record).toMatch(/lock lost.*had it meanwhile/i);
});
