import { describe, expect, it } from 'vitest';
import { dueBaselines } from '../../src/session/baseline-due.ts';
import { baselineFor } from '../../src/session/baseline-state.ts';
import { fold } from '../../src/session/reduce.ts';
import { fence, inputs, MetricsOperator, metricsHeader } from './metrics-support.ts';

const change = 'kubectl scale deployment/checkout-canary --replicas=1';
const text = `${metricsHeader()}
## Before
- [ ] Nobody else deploys
- [ ] Capture
${fence('baseline', 'metrics: [error-rate, p95]\nwindow: 30m')}
- [ ] Announce

## Canary
- [ ] Change
${fence('sh', change)}
- [ ] Capture again
${fence('baseline', 'metrics: [error-rate]\nwindow: 30m')}
- [ ] Look
`;

const captured = (): MetricsOperator => {
  const operator = new MetricsOperator(text, { inputs });
  operator.reads();
  operator.does({ type: 'pass', step: '1.1' });
  operator.does({ type: 'pass', step: '1.3' });
  return operator;
};

const hashOf = (operator: MetricsOperator, name: string): string =>
  Object.values(operator.state.baselines).find(({ metric }) => metric === name)?.hash ?? '';

describe('a baseline', () => {
  it('is due by itself in its phase, with the metrics it names and their values filled in', () => {
    const operator = new MetricsOperator(text, { inputs });
    expect(dueBaselines(operator.state)).toHaveLength(1);
    expect(operator.due).toMatchObject({ step: '1.2', action: 0, windowMs: 30 * 60_000, try: 1 });
    expect(operator.due.metrics.map(({ name, rangeMs }) => [name, rangeMs])).toEqual([
      ['error-rate', 60_000],
      ['p95', 300_000],
    ]);
    expect(operator.due.metrics[1]?.query).toContain('service="checkout",track="canary"');
  });

  it('passes its step by itself once it is full, and is not asked for again', () => {
    const operator = new MetricsOperator(text, { inputs });
    const { due } = operator;
    expect(operator.reads()).toBe(true);
    expect(operator.status('1.2')).toBe('passed');
    expect(Object.keys(operator.state.baselines)).toHaveLength(2);
    expect(dueBaselines(operator.state)).toEqual([]);
    expect(operator.reads({}, due)).toBe(false);
  });

  it('says while it is read what is read', () => {
    const operator = new MetricsOperator(text, { inputs });
    operator.does({ type: 'pass', step: '1.1' });
    expect(operator.main).toMatchObject({
      kind: 'nothing',
      because: 'the last 30:00 of Error rate, p95 are read',
      goesOn: true,
    });
  });

  it('that is incomplete needs the operator: again, or on with a reason that is listed', () => {
    const operator = new MetricsOperator(text, { inputs });
    operator.does({ type: 'pass', step: '1.1' });
    operator.reads({ problem: '12 of 20 samples', count: 12 });
    expect(operator.effects).toContainEqual({ type: 'ring', why: 'needs-you' });
    expect(operator.main).toMatchObject({
      kind: 'accept',
      because: 'no full baseline of Error rate: 12 of 20 samples, and 1 more',
    });
    expect(dueBaselines(operator.state)).toEqual([]);

    expect(operator.does({ type: 'again', step: '1.2' })).toBe(true);
    expect(operator.due.try).toBe(2);
    operator.reads(null);
    expect(operator.main).toMatchObject({ because: expect.stringContaining('it was not answered') });

    expect(operator.does({ type: 'accept', step: '1.2', reason: 'new service, no past' })).toBe(true);
    expect(operator.state.frames[0]?.steps['1.2']).toMatchObject({
      status: 'passed',
      how: 'accepted',
      reason: 'new service, no past',
    });
    const hash = hashOf(operator, 'p95');
    expect(baselineFor(operator.state, hash, operator.now)?.problem).toBe('it was not answered');
  });

  it('that was accepted leaves its mark on a step that goes on with other actions', () => {
    const both = `${metricsHeader()}
## Before
- [ ] Capture and look
${fence('baseline', 'metrics: [p95]\nwindow: 30m')}
${fence('sh', 'kubectl get pods')}
`;
    const operator = new MetricsOperator(both, { inputs });
    operator.reads({ problem: 'connection refused', count: 0 });
    operator.does({ type: 'accept', step: '1.1', reason: 'known, INC-4711' });
    expect(operator.status('1.1')).toBe('active');
    operator.runs();
    operator.does({ type: 'pass', step: '1.1' });
    expect(operator.state.frames[0]?.steps['1.1']).toMatchObject({ how: 'accepted', reason: 'known, INC-4711' });
  });

  it('stays as it is from the first change on, and says so', () => {
    const operator = captured();
    const before = operator.state.baselines;
    operator.runs();
    operator.does({ type: 'pass', step: '2.1' });
    operator.reads({ median: 0.9 });
    expect(operator.status('2.2')).toBe('passed');
    expect(operator.state.baselines).toEqual(before);
    expect(operator.effects).toContainEqual(
      expect.objectContaining({ text: 'the baseline stays the one from before the first change: Error rate' }),
    );
  });

  it('that is first taken after a change says that it reaches past it', () => {
    const operator = new MetricsOperator(text, { inputs });
    operator.does({ type: 'pass', step: '1.1' });
    operator.does({ type: 'skip', step: '1.2', reason: 'forgotten' });
    operator.does({ type: 'pass', step: '1.3' });
    operator.runs();
    operator.does({ type: 'pass', step: '2.1' });
    operator.now += 60_000;
    operator.reads();
    expect(operator.effects).toContainEqual(
      expect.objectContaining({ text: expect.stringMatching(/^the baseline reaches past the first change/) }),
    );
  });

  it('is captured again by b before the first change, and nothing after it is opened', () => {
    const operator = captured();
    const first = operator.state.baselines[hashOf(operator, 'p95')];
    operator.now += 60_000;
    expect(operator.does({ type: 'back', step: '1.2' })).toBe(true);
    expect(operator.status('1.3')).toBe('passed');
    operator.reads({ median: 0.3 });
    expect(operator.state.baselines[first?.hash ?? '']?.median).toBe(0.3);
  });

  it('that could not be read again leaves the full one in its place', () => {
    const operator = captured();
    operator.does({ type: 'back', step: '1.2' });
    operator.reads(null);
    expect(operator.status('1.2')).toBe('attention');
    expect(operator.state.baselines[hashOf(operator, 'p95')]?.problem).toBeNull();
  });

  it('of more than two hours is asked about at the first change, and compares with nothing after it', () => {
    const operator = captured();
    operator.now += 2 * 3_600_000 + 60_000;
    expect(operator.confirms('yes')).toBe(false);
    expect(operator.lastRefusal).toMatch(/^the baseline of \d\d:\d\d-\d\d:\d\d is 2:01:00 old, 2:00:00 is the most/);
    operator.does({ type: 'override', what: 'baseline-age', reason: 'traffic is the same all day' });
    operator.runs();
    const known = baselineFor(operator.state, hashOf(operator, 'p95'), operator.now);
    expect(known?.problem).toMatch(/was 2:01:00 old at the first change/);
  });

  it('of less than two hours holds for the rest of the run', () => {
    const operator = captured();
    operator.now += 3_600_000;
    operator.runs();
    expect(baselineFor(operator.state, hashOf(operator, 'p95'), operator.now + 86_400_000)?.problem).toBeNull();
  });

  it('is not asked for of a runbook that is not trusted, nor on hold', () => {
    const untrusted = new MetricsOperator(text, { inputs, restricted: true });
    expect(dueBaselines(untrusted.state)).toEqual([]);
    const held = new MetricsOperator(text, { inputs });
    held.does({ type: 'hold', reason: 'waiting for Bob' });
    expect(dueBaselines(held.state)).toEqual([]);
  });

  it('comes back from the journal as it was', () => {
    const operator = captured();
    operator.runs();
    expect(fold(operator.state.library, operator.lines)).toEqual(operator.state);
  });
});
