import { expect, test } from 'vitest';
import { bad, good } from '../../src/gates/sample.ts';
import { GateOperator } from './gate-operator.ts';

const head = '---\ngonogo: 1\n---\n';
const incident = { path: 'incident.md', purpose: 'handoff' as const, text: `${head}# Incident\n\n- [ ] Looked\n` };
const deploy = `${head}# Deploy

## Deploy

- [ ] Healthy

  \`\`\`gate
  http: https://api.example.com/health
  within: 5m
  \`\`\`

## If the rollout fails

- [ ] The incident file

  \`\`\`handoff
  runbook: incident.md
  \`\`\`
`;

const away = (): GateOperator => {
  const operator = new GateOperator(deploy, { others: [incident] });
  operator.passes(1_000);
  operator.sees('1.1', (at) => bad(at, 'HTTP 503', '503'));
  operator.passes(60_000);
  expect(operator.does({ type: 'handoff', step: '2.1', action: 0 })).toBe(true);
  operator.passes(600_000);
  return operator;
};
const verdict = ({ state }: GateOperator) => state.frames[0]?.steps['1.1']?.actions[0]?.gate?.verdict;

test('while another runbook is open the gates of the one below are not asked, and their time stands still', () => {
  const operator = away();
  expect(operator.does({ type: 'pass', step: '0.1' })).toBe(true);
  operator.ticks();
  expect(operator.state.frame).toBe(0);
  expect(verdict(operator)).not.toBe('FAIL');
  // Left with four minutes of its time; no look from before decides.
  operator.passes(3 * 60_000);
  operator.sees('1.1', (at) => bad(at, 'HTTP 503', '503'));
  expect(verdict(operator)).not.toBe('FAIL');
  operator.passes(61_000);
  expect(verdict(operator)).toBe('FAIL');
});

test('without a look since then, the time may be over and it fails by none from before', () => {
  const operator = away();
  expect(operator.does({ type: 'pass', step: '0.1' })).toBe(true);
  operator.passes(5 * 60_000);
  expect(verdict(operator)).toBe('INCONCLUSIVE');
  operator.sees('1.1', (at) => good(at, 'HTTP 200'));
  expect(operator.status('1.1')).toBe('passed');
});

test('a gap within the other runbook is not counted twice', () => {
  const operator = away();
  operator.record([
    { type: 'run.gap', frame: 1, data: { from: operator.now - 300_000, to: operator.now, kind: 'left' } },
  ]);
  expect(operator.does({ type: 'pass', step: '0.1' })).toBe(true);
  operator.ticks();
  expect(operator.state.frames[0]?.steps['1.1']?.actions[0]?.gate?.progress.awayMs).toBe(600_000);
});
