import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Baseline, MetricCheck, MetricReading } from '../../src/gates/metric.ts';
import { ageLimitMs, metricCriterion, metricSample, missingFreshness } from '../../src/gates/metric-sample.ts';
import { baselineWith, checkOf, empty, errorCheck, old, readingOf, refused, value } from './support/metric.ts';

const none = { baseline: null };
const judged = (check: MetricCheck, answers: Partial<MetricReading> = {}, baseline: Baseline | null = null) =>
  metricSample(check, readingOf(answers), { baseline });
const ofStable = checkOf('115% of stable');

describe('samples, first match wins', () => {
  test('1: what cannot be asked is an ERROR, whatever else is known', () => {
    const stale = { age: old(600_000) };
    expect(judged(ofStable, { value: refused, ...stale })).toMatchObject({
      kind: 'ERROR',
      because: 'connection refused',
    });
    expect(judged(ofStable, { stable: refused, value: empty })).toMatchObject({ kind: 'ERROR' });
    expect(judged(ofStable, { traffic: refused })).toMatchObject({ kind: 'ERROR' });
    expect(judged(ofStable, { age: { kind: 'fault', because: 'no answer in 10 s' } })).toMatchObject({
      kind: 'ERROR',
      because: 'no answer in 10 s',
    });
    expect(judged(ofStable, { stableAge: { kind: 'fault', because: 'HTTP 503' } })).toMatchObject({ kind: 'ERROR' });
  });

  test('1: a control that is not compared with may be away', () => {
    const absolute = checkOf('600ms');
    const away = { stable: refused, stableAge: { kind: 'none' } } as const;
    expect(judged(absolute, away)).toMatchObject({ kind: 'GOOD', value: '548 ms' });
    expect(judged(checkOf('150% of baseline'), away, baselineWith(0.5))).toMatchObject({ kind: 'GOOD' });
  });

  test('2: no value, no number, or none that is new enough is NO-DATA', () => {
    expect(judged(ofStable, { value: empty })).toMatchObject({ kind: 'NO-DATA', missing: 'empty' });
    expect(judged(ofStable, { value: value(Number.NaN) })).toMatchObject({ kind: 'NO-DATA', missing: 'nan' });
    expect(judged(ofStable, { stable: empty })).toMatchObject({
      kind: 'NO-DATA',
      because: 'stable: the query has no result',
    });
    expect(judged(ofStable, { stable: null })).toMatchObject({ kind: 'NO-DATA' });
    expect(judged(ofStable, { stable: value(Number.POSITIVE_INFINITY) })).toMatchObject({ kind: 'NO-DATA' });
    expect(judged(ofStable, { age: { kind: 'none' } })).toMatchObject({ kind: 'NO-DATA', missing: 'stale' });
  });

  test('2: the age of query and control counts, over twice the scrape interval and at least 90 s', () => {
    expect(judged(checkOf('600ms'), { age: old(90_000) })).toMatchObject({ kind: 'GOOD' });
    expect(judged(checkOf('600ms'), { age: old(90_001) })).toMatchObject({
      kind: 'NO-DATA',
      missing: 'stale',
      because: 'data 1 min 30 s old, at most 1 min 30 s',
    });
    expect(judged(ofStable, { stableAge: old(95_000) })).toMatchObject({
      missing: 'stale',
      figures: { ageMs: 95_000 },
    });
    expect(judged(ofStable, { stableAge: { kind: 'none' } })).toMatchObject({ missing: 'stale' });
    expect(judged(checkOf('600ms'), { age: old(130_000), value: empty })).toMatchObject({ missing: 'stale' });
    expect(ageLimitMs({ scrapeMs: 60_000 })).toBe(120_000);
    expect(ageLimitMs({ scrapeMs: 15_000 })).toBe(90_000);
    expect(judged(checkOf('600ms'), { age: { kind: 'unknown' } })).toMatchObject({
      kind: 'GOOD',
      figures: { ageMs: null },
    });
  });

  test('3: infinity is BAD on the failing side, else no number', () => {
    const infinite = { value: value(Number.POSITIVE_INFINITY) };
    expect(judged(checkOf('600ms'), infinite)).toMatchObject({ kind: 'BAD', value: '+Inf', figures: { value: null } });
    expect(judged(checkOf('> 1ms'), infinite)).toMatchObject({ kind: 'NO-DATA', missing: 'nan' });
    expect(judged(checkOf('within 10% of stable'), infinite)).toMatchObject({ kind: 'BAD' });
    expect(judged(checkOf('600ms'), { value: value(Number.NEGATIVE_INFINITY) })).toMatchObject({ kind: 'NO-DATA' });
  });

  test('4: a check that is false is BAD, with the limit as a number', () => {
    expect(judged(ofStable)).toMatchObject({
      kind: 'BAD',
      value: '548 ms',
      because: '548 ms, limit 458 ms',
      pace: null,
    });
    const figures = { value: 0.548, stable: 0.398, baseline: null, ageMs: 9_000, traffic: 50, counts: null };
    expect(judged(ofStable).figures).toMatchObject(figures);
    expect(judged(ofStable).figures?.limits[0]).toBeCloseTo(0.4577, 12);
    expect(judged(ofStable, { warnings: ['partial'] })).toMatchObject({ kind: 'BAD' });
  });

  test('5: a partial answer is GREY instead of GOOD; infos are shown only', () => {
    const fine = { value: value(0.4) };
    expect(judged(ofStable, { ...fine, warnings: ['store 2 is away'] })).toMatchObject({
      kind: 'GREY',
      value: '400 ms',
      because: 'a partial answer: store 2 is away',
    });
    expect(judged(ofStable, { ...fine, infos: ['metric might not be a counter'] })).toMatchObject({ kind: 'GOOD' });
  });

  test('6: everything else is GOOD', () => {
    expect(judged(ofStable, { value: value(0.4) })).toMatchObject({ kind: 'GOOD', value: '400 ms', because: null });
  });
});

describe('limits', () => {
  const error = { value: value(0.0034), stable: value(0.0031) };
  test.each([
    ['stable + 1pp', [0.0131], 'GOOD'],
    ['110% of stable', [0.00341], 'GOOD'],
    ['105% of stable', [0.003255], 'BAD'],
    ['<= 1%', [0.01], 'GOOD'],
    ['within 5% of stable', [0.002945, 0.003255], 'BAD'],
    ['within 20% of stable', [0.00248, 0.00372], 'GOOD'],
    ['== 0', [0], 'BAD'],
  ])('%s', (expression, limits, kind) => {
    const found = judged(errorCheck(expression), error);
    expect(found.kind).toBe(kind);
    expect(found.figures?.limits.map((limit) => Number(limit.toPrecision(12)))).toEqual(limits);
  });

  test('a value and its limit are told in digits that tell them apart', () => {
    expect(
      judged(checkOf('458.2ms', { meaning: { unit: 'milliseconds', worse: 'higher' } }), { value: value(458.4) }),
    ).toMatchObject({ because: '458.4 ms, limit 458.2 ms' });
  });

  test('below a floor values and what they are compared with count as it', () => {
    const check = errorCheck('110% of stable', { floor: 0.001 });
    expect(judged(check, { value: value(0.0009), stable: value(0) })).toMatchObject({ kind: 'GOOD' });
    expect(judged(check, { value: value(0.0012), stable: value(0) })).toMatchObject({ kind: 'BAD' });
    expect(judged(check, { value: value(0), stable: value(0) }).figures?.limits[0]).toBeCloseTo(0.0011, 12);
  });

  test('without a floor nothing is judged by a share of zero', () => {
    const check = errorCheck('110% of stable');
    const zero = { stable: value(0) };
    expect(judged(check, { value: value(0.0001), ...zero })).toMatchObject({ kind: 'GREY' });
    expect(judged(check, { value: value(0.0001), ...zero }).because).toMatch(/stable is 0.*set a floor/);
    expect(judged(check, { value: value(0), ...zero })).toMatchObject({ kind: 'GOOD' });
    expect(judged(errorCheck('< 110% of stable'), { value: value(0), ...zero })).toMatchObject({ kind: 'GREY' });
    expect(judged(errorCheck('stable + 1pp'), { value: value(0.0001), ...zero })).toMatchObject({ kind: 'GOOD' });
  });
});

describe('a baseline', () => {
  const check = checkOf('115% of baseline');
  test('is compared with by its median', () => {
    expect(judged(check, {}, baselineWith(0.5))).toMatchObject({ kind: 'GOOD', figures: { baseline: 0.5 } });
    expect(judged(check, {}, baselineWith(0.4))).toMatchObject({ kind: 'BAD', because: '548 ms, limit 460 ms' });
  });

  test('that is not there, or says too little, can neither pass nor fail', () => {
    expect(judged(check)).toMatchObject({
      kind: 'GREY',
      pace: 'terminal',
      because: 'there is no baseline to compare with',
    });
    const short = baselineWith(0.4, { problem: '12 of 20 values' });
    expect(judged(check, {}, short)).toMatchObject({ kind: 'GREY', because: 'baseline: 12 of 20 values' });
  });
});

describe('low traffic', () => {
  test('a quantile needs its requests in each window, or names a range that would do', () => {
    const few = judged(ofStable, { traffic: value(5) });
    expect(few).toMatchObject({
      kind: 'GREY',
      value: '548 ms',
      because: '600 requests in 2m, p99 needs 1,000: a range of 4m would do',
    });
    expect(judged(ofStable, { traffic: value(1000 / 120) })).toMatchObject({ kind: 'BAD' });
    expect(judged(checkOf('1s', { quantile: 0.95 }), { traffic: value(1) }).because).toMatch(
      /p95 needs 200: a range of 4m/,
    );
    expect(judged(ofStable, { traffic: value(Number.NaN), value: value(0.1) })).toMatchObject({
      kind: 'GREY',
      because: 'its requests cannot be counted: traffic gives no number',
    });
    expect(judged(ofStable, { traffic: empty }).because).toBe('no requests in 2m, p99 needs 1,000');
  });

  test('nobody counts without a query for it', () => {
    expect(judged(checkOf('1s', { traffic: null }), { traffic: null })).toMatchObject({ kind: 'GOOD' });
    expect(judged(errorCheck('<= 1%'), { value: value(0), traffic: value(0.01) })).toMatchObject({ kind: 'GOOD' });
  });
});

describe('counts for a test', () => {
  const pair = (bad: number, all: number) => ({ bad: value(bad), all: value(all) });
  const counts = { canary: pair(0.5, 10), stable: pair(0.1, 12) };

  test('are those of the look’s own window', () => {
    const check = errorCheck('not worse than stable (fisher)');
    const found = judged(check, { value: value(0.05), counts });
    expect(found).toMatchObject({
      kind: 'GOOD',
      figures: { counts: { bad: 60, all: 1200, stableBad: 12, stableAll: 1440 }, limits: [] },
    });
    const success = errorCheck('not worse than stable (fisher)', { meaning: { unit: 'ratio', worse: 'lower' } });
    expect(judged(success, { value: value(0.05), counts }).figures?.counts).toMatchObject({ bad: 1140, all: 1200 });
  });

  test('that cannot be told leave nothing to test', () => {
    const check = errorCheck('not worse than stable (fisher)');
    expect(judged(check)).toMatchObject({ kind: 'GREY', pace: 'terminal' });
    expect(judged(check, { counts: { ...counts, stable: { bad: empty, all: value(1) } } })).toMatchObject({
      kind: 'NO-DATA',
    });
    expect(judged(check, { counts: { ...counts, canary: { bad: refused, all: value(1) } } })).toMatchObject({
      kind: 'ERROR',
    });
    const against = errorCheck('not worse than baseline (fisher)');
    expect(judged(against, { counts }, baselineWith(0.01)).because).toBe('baseline: its requests were not counted');
  });
});

describe('a criterion', () => {
  const asked = (expression: string, answers: Partial<MetricReading> = {}, baseline: Baseline | null = null) =>
    metricCriterion(checkOf(expression), readingOf(answers), { baseline });

  test('states the breach: true is BAD', () => {
    expect(asked('> 500ms')).toMatchObject({
      sample: { kind: 'BAD', because: '548 ms, limit 500 ms' },
      amount: 0.548,
      notYet: false,
    });
    expect(asked('> 600ms')).toMatchObject({ sample: { kind: 'GOOD' } });
    expect(asked('< 100ms', { value: value(0.05) })).toMatchObject({ sample: { kind: 'BAD' }, amount: -0.05 });
    expect(asked('> 1s', { value: value(Number.POSITIVE_INFINITY) })).toMatchObject({ sample: { kind: 'BAD' } });
    expect(asked('< 1s', { value: value(Number.POSITIVE_INFINITY) })).toMatchObject({ sample: { kind: 'NO-DATA' } });
    expect(asked('> 1s', { value: refused })).toMatchObject({ sample: { kind: 'ERROR' } });
  });

  test('whose baseline is not there yet is "not yet"', () => {
    expect(asked('> 125% of baseline')).toMatchObject({ notYet: true });
    expect(asked('> 125% of baseline', {}, baselineWith(0.4))).toMatchObject({
      notYet: false,
      sample: { kind: 'BAD' },
    });
  });
});

test('a critical gate in production needs something that tells the age', () => {
  const critical = { critical: true, production: true };
  const blind = { query: 'time() - 5', freshness: null };
  expect(missingFreshness(blind, critical)).toMatch(/freshness/);
  expect(missingFreshness(blind, { ...critical, production: false })).toBeNull();
  expect(missingFreshness(blind, { ...critical, critical: false })).toBeNull();
  expect(missingFreshness({ ...blind, freshness: 'time() - x' }, critical)).toBeNull();
  expect(missingFreshness({ ...blind, query: 'sum(rate(x[1m]))' }, critical)).toBeNull();
});

describe('properties', () => {
  const number = fc.oneof(
    fc.double({ min: -10, max: 10 }),
    fc.constantFrom(0, -0, Number.POSITIVE_INFINITY, Number.NaN),
  );
  const traffic = fc.oneof(fc.double({ min: 0, max: 20, noNaN: true }).map(value), fc.constant(empty));
  const scalar = fc.oneof(number.map(value), fc.constant(empty), fc.constant(refused));
  const age = fc.oneof(
    fc.integer({ min: 0, max: 200_000 }).map(old),
    fc.constantFrom({ kind: 'none' } as const, { kind: 'unknown' } as const, { kind: 'fault', because: 'x' } as const),
  );
  const reading = fc
    .record({
      value: scalar,
      stable: scalar,
      traffic,
      age,
      stableAge: age,
      warnings: fc.constantFrom([], ['partial']),
    })
    .map(readingOf);
  const expression = fc.constantFrom(
    '<= 1s',
    '> 1s',
    '110% of stable',
    'stable + 20ms',
    'within 10% of baseline',
    '90% of baseline',
  );

  test('nothing is GOOD that is not there, finite, fresh, whole and on the right side', () => {
    fc.assert(
      fc.property(
        reading,
        expression,
        fc.option(fc.double({ min: 0, max: 5, noNaN: true })),
        (answers, text, median) => {
          const check = checkOf(text);
          const found = metricSample(check, answers, { baseline: median === null ? null : baselineWith(median) });
          if (found.kind !== 'GOOD') return;
          const { figures } = found;
          expect(answers.value.kind).toBe('value');
          expect(Number.isFinite(figures?.value)).toBe(true);
          expect(figures?.ageMs ?? 0).toBeLessThanOrEqual(90_000);
          expect(answers.age.kind).not.toBe('none');
          expect(answers.warnings).toEqual([]);
          expect(figures?.limits.length).toBeGreaterThan(0);
          expect((figures?.traffic ?? 0) * 120).toBeGreaterThanOrEqual(
            text.includes('of') || text.includes('s') ? 1000 : 0,
          );
        },
      ),
    );
  });

  test('figures survive the journal', () => {
    fc.assert(
      fc.property(reading, expression, (answers, text) => {
        const found = metricSample(checkOf(text), answers, none);
        expect(JSON.parse(JSON.stringify(found))).toEqual(found);
      }),
    );
  });
});
