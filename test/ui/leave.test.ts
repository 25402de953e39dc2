import { expect, test } from 'vitest';
import { rowText } from '../../src/ui/rows.ts';
import { leaveView } from '../../src/ui/views/dialog-questions.ts';
import { Operator } from '../session/support.ts';
import { memoryEngine } from './support/engine.ts';

type Context = Parameters<typeof leaveView>[0];

const said = (text: string): string => {
  const alice = new Operator(text);
  const { view } = memoryEngine(alice.state.library, [], { session: alice.state, now: alice.now });
  return leaveView({ view: view(), columns: 80 } as Context)
    .rows.map(rowText)
    .join('\n');
};

test('where nothing is watched, leaving does not say that nobody watches', () => {
  const rows = said('# T\n\n## P\n\n- [ ] Look\n- [ ] Look again\n');
  expect(rows).not.toContain('nobody watches');
  expect(rows).not.toContain('the steps that are open');
  expect(rows).toContain('gonogo resume goes on from here');
});

test('due times are said, also alone', () => {
  const rows = said('# T\n\n## P\n\n- [ ] Look\n\n## T+30m: does it stay\n\n- [ ] Look again\n');
  expect(rows).toContain('From now on nobody watches:');
  expect(rows).toContain('the steps that are open, and their due times');
});
