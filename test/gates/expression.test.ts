import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Unit } from '../../src/gates/amount.ts';
import { type MetricMeaning, parseExpression } from '../../src/gates/expression.ts';

const ratio: MetricMeaning = { unit: 'ratio', worse: 'higher' };
const seconds: MetricMeaning = { unit: 'seconds', worse: 'higher' };

const ok = (text: string, metric: MetricMeaning = ratio) => {
  const parsed = parseExpression(text, metric);
  if ('code' in parsed) throw new Error(`${parsed.code} ${parsed.message}`);
  return parsed.expression;
};
const bad = (text: string, metric: MetricMeaning = ratio) => {
  const parsed = parseExpression(text, metric);
  if ('expression' in parsed) throw new Error(`accepted ${JSON.stringify(parsed.expression)}`);
  expect(parsed.hint).not.toBe('');
  return `${parsed.code} ${parsed.message} | ${parsed.hint}`;
};

describe('absolute limits, in the unit that the query returns', () => {
  const cases: readonly (readonly [string, Unit, number])[] = [
    ['<= 1%', 'ratio', 0.01],
    ['<= 0.3 %', 'ratio', 0.003],
    ['<= 5%', 'percent', 5],
    ['<= 0.5', 'ratio', 0.5],
    ['<= .5', 'ratio', 0.5],
    ['<= 250ms', 'seconds', 0.25],
    ['<= 0.25s', 'milliseconds', 250],
    ['<= 2m', 'seconds', 120],
    ['<= 1.5GiB', 'bytes', 1.5 * 1024 ** 3],
    ['<= 20 MB', 'bytes', 20e6],
    ['<= 5', 'count', 5],
    ['<= 1e3', 'count', 1000],
    ['<= -3', 'count', -3],
    ['<= 12 /s', 'per-second', 12],
  ];
  it.each(cases)('%s of %s', (text, unit, value) => {
    expect(ok(text, { unit, worse: 'higher' }).bound).toEqual({ kind: 'absolute', value });
  });

  it('refuse a unit that does not fit, and name those that do', () => {
    expect(bad('<= 1%', seconds)).toBe(
      'E320 "<= 1%": "%" does not fit a metric in seconds | write a number with ms, s, m, min, h or no unit',
    );
    expect(bad('<= 250ms', ratio)).toContain('E320');
    expect(bad('<= 5 apples', { unit: 'count', worse: 'higher' })).toContain('write a number without a unit');
    expect(bad('<= 1pp', ratio)).toContain('E320');
  });
});

describe('operators', () => {
  it('default to the healthy side of the metric', () => {
    expect(ok('1%', ratio)).toMatchObject({ op: '<=', stated: false });
    expect(ok('99%', { unit: 'ratio', worse: 'lower' })).toMatchObject({ op: '>=', stated: false });
    expect(ok('> 1%', ratio)).toMatchObject({ op: '>', stated: true });
  });

  it('are needed when both directions are bad', () => {
    expect(bad('5', { unit: 'count', worse: 'either' })).toContain('E320');
    expect(ok('within 5% of baseline', { unit: 'count', worse: 'either' }).op).toBeNull();
  });
});

describe('limits against a control or a baseline', () => {
  const cases: readonly (readonly [string, MetricMeaning, object])[] = [
    ['<= 110% of stable', ratio, { kind: 'relative', factor: 1.1, of: 'stable' }],
    ['> 125%  of  baseline', seconds, { kind: 'relative', factor: 1.25, of: 'baseline' }],
    ['within 10% of baseline', seconds, { kind: 'within', share: 0.1, of: 'baseline' }],
    ['<= baseline + 1pp', ratio, { kind: 'offset', amount: 0.01, from: 'baseline' }],
    ['<= baseline + 1 pp', { unit: 'percent', worse: 'higher' }, { kind: 'offset', amount: 1, from: 'baseline' }],
    ['>= stable - 20ms', seconds, { kind: 'offset', amount: -0.02, from: 'stable' }],
    ['<= stable+3', { unit: 'count', worse: 'higher' }, { kind: 'offset', amount: 3, from: 'stable' }],
    ['not worse than stable (fisher)', ratio, { kind: 'not-worse', than: 'stable', test: { kind: 'fisher' } }],
    [
      'not worse than baseline (mann-whitney, effect 20ms)',
      seconds,
      { kind: 'not-worse', than: 'baseline', test: { kind: 'mann-whitney', effect: 0.02 } },
    ],
  ];
  it.each(cases)('%s', (text, metric, bound) => {
    expect(ok(text, metric).bound).toEqual(bound);
  });

  it('E322 for a percentage added to a baseline, with both meanings spelled out', () => {
    expect(bad('<= baseline + 15%')).toBe(
      'E322 "baseline + 15%" can mean 115% of baseline or 15 percentage points more | write 115% of baseline or baseline + 15pp',
    );
    expect(bad('>= stable - 2.5%')).toContain('write 97.5% of stable or stable - 2.5pp');
    expect(bad('<= baseline + 15%', seconds)).toContain('| write 115% of baseline');
    expect(bad('<= baseline + 15%', seconds)).not.toContain('pp');
  });

  it('E320 for what is none of these', () => {
    for (const text of [
      '',
      'ok',
      '<= ',
      '=< 5%',
      '<= 5% of canary',
      '110% stable',
      'within 10 of baseline',
      'baseline',
      '<= baseline * 2',
    ])
      expect(bad(text)).toMatch(/^E320 /);
    for (const text of [
      '<= within 10% of baseline',
      '== not worse than stable (fisher)',
      '<= -5% of stable',
      'baseline + -1pp',
    ])
      expect(bad(text)).toMatch(/^E320 /);
    for (const text of [
      'not worse than stable (t-test)',
      'not worse than stable (mann-whitney)',
      'not worse than stable (mann-whitney, effect 0)',
    ])
      expect(bad(text)).toMatch(/^E320 /);
    expect(bad('<= 1,000', { unit: 'count', worse: 'higher' })).toMatch(/^E320 /);
    expect(bad('<= baseline + 1pp', seconds)).toMatch(/^E320 /);
  });
});

describe('properties', () => {
  const units: readonly Unit[] = ['ratio', 'percent', 'seconds', 'milliseconds', 'bytes', 'count', 'per-second'];
  const metric = fc.record({
    unit: fc.constantFrom(...units),
    worse: fc.constantFrom('higher' as const, 'lower' as const, 'either' as const),
  });

  it('any text gives an expression with finite numbers, or a problem', () => {
    const piece = fc.constantFrom(
      '<=',
      '>',
      '5',
      '1.5',
      '%',
      ' of ',
      'stable',
      'baseline',
      '+',
      '-',
      ' ',
      'pp',
      'ms',
      'within ',
      '(',
      ')',
      'fisher',
      'e',
      '.',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(piece).map((p) => p.join('')),
        ),
        metric,
        (text, meaning) => {
          const parsed = parseExpression(text, meaning);
          if ('code' in parsed) return;
          const numbers = Object.values(parsed.expression.bound).filter((part) => typeof part === 'number');
          expect(numbers.every(Number.isFinite)).toBe(true);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('white space does not matter', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), fc.constantFrom('', ' ', '   '), (n, gap) => {
        const one = ok(`<=${gap}${n}${gap}%  of stable`).bound;
        expect(one).toEqual(ok(`<= ${n}% of stable`).bound);
      }),
    );
  });

  it('1 % of a ratio is 100 times less than 1 % of a percentage', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 100_000 }), (n) => {
        const text = `<= ${n / 1000}%`;
        const small = ok(text, ratio).bound;
        const large = ok(text, { unit: 'percent', worse: 'higher' }).bound;
        if (small.kind !== 'absolute' || large.kind !== 'absolute') throw new Error('not absolute');
        expect(small.value * 100).toBeCloseTo(large.value, 9);
      }),
    );
  });
});
