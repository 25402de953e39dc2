import { expect, test } from 'vitest';
import { logsSince } from '../../src/session/change-moment.ts';
import { Operator } from './support.ts';

const text = `---
gonogo: 1
title: T
---
# T

## Deploy

- [ ] Set {name=set}

  \`\`\`sh {timeout=1m}
  kubectl set image deployment/web web=b
  \`\`\`

- [ ] Scale {name=scale}

  \`\`\`sh {timeout=1m}
  kubectl scale deployment/web --replicas=3
  \`\`\`

## Check

- [ ] Look

  \`\`\`sh {timeout=1m}
  kubectl get pods
  \`\`\`

- [ ] Clean

  \`\`\`gate
  name: clean
  logs: { selector: 'app=web', none: '/panic/', since: phase }
  \`\`\`
`;

/** Runs what is pending, and goes on. */
const runsStep = (operator: Operator): void => {
  const { id } = operator.pending.at.step;
  operator.runs(undefined, { startedAt: operator.now, endedAt: operator.now });
  if (operator.main.kind === 'pass') operator.does({ type: 'pass', step: id });
};

const gate = { frame: 0, step: '2.2' };

test('lines of a phase count from the change before it: pods start with the change, not with the check', () => {
  const operator = new Operator(text);
  const began = operator.now;
  runsStep(operator);
  operator.now += 60_000;
  runsStep(operator);
  operator.now += 60_000;
  runsStep(operator);
  operator.now += 60_000;
  expect(logsSince(operator.state, gate, 'phase', operator.now)).toBe(began);
  expect(logsSince(operator.state, { ...gate, step: '2.1' }, 'step', operator.now)).toBeGreaterThan(began);
  expect(logsSince(operator.state, gate, 90_000, operator.now)).toBe(operator.now - 90_000);
});

test('a change that was made again begins anew: what the try before it wrote is over', () => {
  const operator = new Operator(text);
  runsStep(operator);
  operator.now += 60_000;
  runsStep(operator);
  operator.now += 60_000;
  expect(operator.does({ type: 'back', step: '1.1' }), operator.lastRefusal ?? '').toBe(true);
  const again = operator.now;
  runsStep(operator);
  operator.now += 60_000;
  runsStep(operator);
  operator.now += 60_000;
  runsStep(operator);
  expect(logsSince(operator.state, gate, 'phase', operator.now)).toBe(again);
});

test('without a change they count from the phase on', () => {
  const operator = new Operator(text);
  expect(logsSince(operator.state, gate, 'phase', operator.now)).toBe(operator.state.frames[0]?.openedAt);
});
