import { describe, expect, test } from 'vitest';
import { type MetricKnown, metricView } from '../../src/engine/metric-views.ts';
import type { MetricCheck, MetricReading } from '../../src/gates/metric.ts';
import { metricSample } from '../../src/gates/metric-sample.ts';
import { baselineWith, checkOf, errorCheck, old, readingOf, value } from '../gates/support/metric.ts';

const viewOf = (check: MetricCheck, answers: Partial<MetricReading> = {}, baseline: number | null = null) => {
  const reading = readingOf(answers);
  const known: MetricKnown = { reading, valued: reading, since: 0, baseline, history: [], historyProblem: null };
  const rule = { check, rule: check.expression.text, for: 'gate', since: 0 } as const;
  return metricView(
    { metric: { ...check, problem: null, lacks: [] }, question: check, rules: [rule] },
    known,
    reading.at,
    0,
  );
};

describe('the limit beside a metric', () => {
  test('is the one that its gate judges by, floor included', () => {
    const check = errorCheck('110% of stable', { floor: 0.01 });
    const answers = { value: value(0.01), stable: value(0.0002) };
    const judged = metricSample(check, readingOf(answers), { baseline: null });
    expect(judged).toMatchObject({ kind: 'GOOD', figures: { limits: [expect.closeTo(0.011)] } });
    expect(viewOf(check, answers).limits[0]?.values).toEqual(judged.figures?.limits);
    const ofBaseline = errorCheck('110% of baseline', { floor: 0.01 });
    const { figures } = metricSample(ofBaseline, readingOf(answers), { baseline: baselineWith(0.001) });
    expect(viewOf(ofBaseline, answers, 0.001).limits[0]?.values).toEqual(figures?.limits);
  });

  test('is unknown where hours of another day are compared with', () => {
    expect(viewOf(checkOf('110% of baseline', { shiftMs: 86_400_000 }), {}, 0.4).limits[0]?.values).toEqual([]);
  });
});

describe('a metric whose control is old', () => {
  test('is stale where it is compared with it, and live where it is not', () => {
    const dead = { stableAge: old(130_000) };
    expect(viewOf(checkOf('115% of stable'), dead)).toMatchObject({
      state: 'stale',
      because: 'stable: data 2 min 10 s old',
    });
    expect(viewOf(checkOf('115% of stable'), { stableAge: { kind: 'none' } })).toMatchObject({ state: 'stale' });
    expect(viewOf(checkOf('600ms'), dead)).toMatchObject({ state: 'live' });
  });
});

describe('a metric whose age gives no answer', () => {
  const none = { age: { kind: 'none' } } as const;

  test('is not called old while it has a value: a new series has no age for some seconds', () => {
    const said = 'no age yet: its data is new, or older than 10 min';
    expect(viewOf(checkOf('600ms'), none)).toMatchObject({ state: 'stale', because: said });
    expect(metricSample(checkOf('600ms'), readingOf(none), { baseline: null })).toMatchObject({
      kind: 'NO-DATA',
      missing: 'stale',
      because: said,
    });
    expect(viewOf(checkOf('115% of stable'), { stableAge: { kind: 'none' } })).toMatchObject({
      because: `stable: ${said}`,
    });
  });

  test('is old where there is no value either', () => {
    const silent = { ...none, value: { kind: 'missing', missing: 'empty' } } as const;
    expect(viewOf(checkOf('600ms'), silent)).toMatchObject({ state: 'stale', because: 'data older than 10 min' });
  });
});
