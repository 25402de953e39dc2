import { afterAll, beforeAll, expect, test } from 'vitest';
import { Workspace } from '../support/workspace.ts';
import { gonogo } from './support/runbooks.ts';

const place = new Workspace();
beforeAll(() => {
  const handoff = (to: string): string => gonogo(`1. Go on\n\n   \`\`\`handoff\n   runbook: ${to}\n   \`\`\`\n`);
  place.write('lost.md', handoff('nowhere.md'));
  place.write('a.md', handoff('b.md'));
  place.write('b.md', handoff('c.md'));
  place.write('c.md', handoff('a.md'));
  place.write('self.md', handoff('self.md'));
  place.write('back.md', gonogo('- [ ] One\n', 'rollback: { runbook: nowhere-either.md }\n'));
  place.write('broken.md', handoff('damaged.md'));
  place.write('damaged.md', gonogo('1. Say\n\n   ```sh\n   echo “hi”\n   ```\n'));
});
afterAll(() => place.close());

const cases: readonly (readonly [title: string, file: string, said: RegExp])[] = [
  [
    'a handoff to a file that is not there',
    'lost.md',
    /^lost\.md:9:\S* E218 the handoff runbook nowhere\.md cannot be used: there is no runbook "nowhere\.md"\. \S/m,
  ],
  [
    'a rollback that is not there',
    'back.md',
    /^back\.md:4:\S* E218 the rollback runbook nowhere-either\.md cannot be used: there is no runbook/m,
  ],
  [
    'a handoff to itself',
    'self.md',
    /^self\.md:9:\S* E218 self\.md leads back to itself\. Handoffs and rollbacks must come to an end/m,
  ],
  [
    'three that hand over in a circle',
    'a.md',
    /E218 .*c\.md:9: a\.md leads back to itself|c\.md:9:\S* E218 a\.md leads back to itself/m,
  ],
  [
    'a handoff to a file with errors',
    'broken.md',
    /^broken\.md:9:\S* E218 the handoff runbook damaged\.md cannot be used: .*damaged\.md:10:9: E405/m,
  ],
];

test.each(cases)('102 %s', (_, file, said) => {
  const checked = place.gonogo(['check', file]);
  expect(checked.out).toMatch(said);
  expect(checked.code).toBe(2);
  const run = place.gonogo(['run', file, '--plain'], '\n');
  expect(run.err).toMatch(/E218/);
  expect(run.code).toBe(2);
  expect(place.runs()).toEqual([]);
});
