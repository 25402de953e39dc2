import { describe, expect, it } from 'vitest';
import type { MetricCheck } from '../../src/gates/metric.ts';
import { type CheckOf, checksOf } from '../../src/session/gate-checks.ts';
import { gateIn } from '../../src/session/gate-state.ts';
import { plannedGateRows } from '../../src/session/gate-view.ts';
import { fence, inputs, MetricsOperator, metricsHeader } from './metrics-support.ts';

const withGate = (body: string, values: Readonly<Record<string, string>> = inputs, header = metricsHeader()) => {
  const text = `${header}## Judge\n- [ ] Judge\n${fence('gate', body)}`;
  const operator = new MetricsOperator(text, { inputs: values });
  const frame = operator.state.frames[0];
  const gate = frame === undefined ? null : gateIn(frame, '1.1', 0);
  if (frame === undefined || gate === null) throw new Error('no gate');
  return { operator, frame, gate, checks: checksOf(frame, gate) };
};
const only = ({ checks }: { readonly checks: readonly CheckOf[] }): CheckOf => {
  const [check] = checks;
  if (check === undefined) throw new Error('no check');
  return check;
};
const metric = (own: CheckOf): MetricCheck => {
  if (own.check?.kind !== 'metric') throw new Error(own.problem ?? 'no metric');
  return own.check;
};

describe('the check of a metric', () => {
  it('is asked with the values of its frame, which cannot leave their string', () => {
    const own = metric(only(withGate('error-rate: 1%', { ...inputs, service: 'a"} or vector(0) #' })));
    expect(own.query).toContain('service="a\\x22} or vector(0) #",track="canary"');
    expect(own.stable).toContain('service="a\\x22} or vector(0) #",track="stable"');
    expect(own.rangeMs).toBe(60_000);
    expect(own.hash).toMatch(/^[0-9a-f]{64}$/);
  });

  it('takes its limit and its floor from inputs, in the unit of its query', () => {
    const own = only(withGate('error-rate: <= ${limit}%\nfloor: ${limit}%'));
    expect(metric(own).expression.bound).toEqual({ kind: 'absolute', value: 0.01 });
    expect(metric(own).floor).toBe(0.01);
    expect(own).toMatchObject({ title: 'Error rate', name: 'error-rate', limit: '<= 1 %', source: 'metrics' });
  });

  it('has the quantile of its query, its shift, and what its rule is in words', () => {
    const own = only(withGate('p95: <= 115% of baseline\nshift: 1d'));
    expect(metric(own)).toMatchObject({ quantile: 0.95, rangeMs: 300_000, shiftMs: 86_400_000, counts: false });
    expect(own.limit).toBe('115 % of baseline');
    expect(only(withGate('error-rate: stable + 1pp')).limit).toBe('stable + 1 pp');
    expect(only(withGate('p95: > 20ms')).limit).toBe('> 20 ms');
  });

  it('asks for counts only where they are compared', () => {
    expect(metric(only(withGate('error-rate: not worse than stable (fisher)\nfor: 10m'))).counts).toBe(true);
  });

  it('cannot be asked without a value, with one that cannot stand there, or against itself', () => {
    const open = metricsHeader()
      .replaceAll('track="canary"', 'track="${track}"')
      .replace('  limit:', '  track: {}\n  limit:');
    expect(only(withGate('error-rate: 1%', inputs, open))).toMatchObject({
      check: null,
      problem: 'there is no value for track',
    });
    const bare = metricsHeader().replace('[1m])) or', '[${limit}])) or');
    expect(only(withGate('error-rate: 1%', { ...inputs, limit: '1m or x' }, bare)).problem).toMatch(
      /limit cannot stand/,
    );
    const same = withGate('error-rate: 1%', { ...inputs, track: 'stable' }, open);
    expect(only(same).problem).toMatch(/E325/);
  });

  it('says what of its expression is wrong once the values are in', () => {
    expect(only(withGate('error-rate: <= ${limit}%', { ...inputs, limit: 'one' })).problem).toMatch(/E320/);
  });

  it('is filled in once: the same frame gives the same objects, other values give others', () => {
    const { operator, frame, gate, checks } = withGate('error-rate: <= ${limit}%');
    const { now } = operator;
    operator.now = now + 1_000;
    operator.does({ type: 'note', step: null, text: 'looks fine' });
    const later = operator.state.frames[0];
    if (later === undefined) throw new Error('no frame');
    expect(checksOf(later, gate)).toBe(checks);
    const changed = { ...frame, inputs: { ...frame.inputs, limit: '2' } };
    expect(metric(only({ checks: checksOf(changed, gate) })).expression.bound).toEqual({
      kind: 'absolute',
      value: 0.02,
    });
    expect(checksOf(frame, gate)).toBe(checks);
  });

  it('stands in the table before its gate begins', () => {
    const { frame, gate } = withGate('p95: 115% of stable\nhttp: https://api.example.com/health');
    expect(plannedGateRows(frame, gate)).toMatchObject([
      { title: 'p95', limit: '115 % of stable', metric: { name: 'p95', comparesWith: 'stable', figures: null } },
      { title: 'http api.example.com/health', metric: null },
    ]);
  });
});
