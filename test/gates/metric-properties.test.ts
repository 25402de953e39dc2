import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { GateCheck } from '../../src/gates/check.ts';
import { type GateOptions, gateRules } from '../../src/gates/gate-rules.ts';
import type { Figures } from '../../src/gates/metric.ts';
import { gateProgress } from '../../src/gates/progress.ts';
import { bad, failedToAsk, good, grey, noData, type Sample } from '../../src/gates/sample.ts';
import { judge, takeSamples } from '../../src/gates/verdict.ts';
import { checkOf, errorCheck } from './support/metric.ts';

const kinds = ['GOOD', 'BAD', 'GREY', 'hopeless', 'ERROR', 'empty', 'stale'] as const;
type Kind = (typeof kinds)[number];

interface Answer {
  readonly check: number;
  readonly sample: Sample;
}

const checks: readonly GateCheck[] = [
  errorCheck('<= 1%', { rangeMs: 60_000 }),
  errorCheck('not worse than stable (fisher)', { rangeMs: 60_000 }),
  checkOf('115% of stable', { rangeMs: 30_000 }),
  { kind: 'ready', selector: null },
];

const sampleOf = (kind: Kind, at: number): Sample => {
  switch (kind) {
    case 'GOOD':
      return good(at, '1');
    case 'BAD':
      return bad(at, '2', '2, limit 1');
    case 'GREY':
      return grey(at, '1', 'partial');
    case 'hopeless':
      return { ...grey(at, '1', 'no baseline'), pace: 'terminal' };
    case 'ERROR':
      return failedToAsk(at, 'refused');
    case 'empty':
    case 'stale':
      return noData(at, kind, kind);
  }
};

const figures = fc.record<Figures>({
  value: fc.double({ min: 0, max: 1, noNaN: true }),
  stable: fc.double({ min: 0, max: 1, noNaN: true }),
  baseline: fc.constant(null),
  limits: fc.constantFrom([], [0.01], [0.2]),
  ageMs: fc.constant(9_000),
  traffic: fc.constantFrom(null, 0, 0.5, 20),
  counts: fc.constantFrom(
    null,
    { bad: 0, all: 200, stableBad: 0, stableAll: 200 },
    { bad: 40, all: 200, stableBad: 1, stableAll: 200 },
  ),
});
const history = fc
  .array(
    fc.record({
      after: fc.integer({ min: 0, max: 25_000 }),
      kind: fc.constantFrom(...kinds),
      check: fc.nat({ max: checks.length - 1 }),
      figures,
    }),
    { maxLength: 60 },
  )
  .map((steps): readonly Answer[] => {
    let at = 0;
    return steps.map((step) => {
      at += step.after;
      const sample = sampleOf(step.kind, at);
      return { check: step.check, sample: step.check === 3 ? sample : { ...sample, figures: step.figures } };
    });
  });
/** Mostly healthy, so that gates come to their end. */
const healthy = fc
  .array(fc.tuple(fc.constantFrom<Kind>('GOOD', 'GOOD', 'GOOD', 'GOOD', 'BAD', 'GREY', 'empty'), figures), {
    minLength: 20,
    maxLength: 60,
  })
  .map((rounds) =>
    rounds.flatMap(([kind, numbers], round) =>
      checks.map((_, check): Answer => {
        const sample = sampleOf(round % 4 === check ? kind : 'GOOD', round * 15_000);
        return { check, sample: check === 3 ? sample : { ...sample, figures: numbers } };
      }),
    ),
  );
const answers = fc.oneof(history, healthy);

const options = fc.record<GateOptions>({
  forMs: fc.constantFrom(null, 60_000, 180_000),
  withinMs: fc.constantFrom(null, 60_000),
  settleMs: fc.constantFrom(null, 0, 20_000),
  everyMs: fc.constantFrom(null, 5_000),
  minLooks: fc.constantFrom(null, 1),
  breach: fc.constantFrom(null, { bad: 2, of: 4 }),
  holdTimeoutMs: fc.constantFrom(null, 60_000),
});

const gateWith = (given: GateOptions, taken: readonly Answer[], now: number, of = checks) => {
  const rules = gateRules(given, of);
  return judge(takeSamples(gateProgress(0, of.length, 0), rules, taken), rules, now);
};
const endOf = (taken: readonly Answer[]): number => taken.at(-1)?.sample.at ?? 0;
const inOrder = (taken: readonly Answer[]): readonly Answer[] => taken.toSorted((a, b) => a.sample.at - b.sample.at);

describe('a gate with metrics', () => {
  test('never passes without a GOOD look of each check', () => {
    fc.assert(
      fc.property(answers, options, fc.nat(300_000), (taken, given, more) => {
        const found = gateWith(given, taken, endOf(taken) + more);
        for (const [check, { verdict }] of found.checks.entries())
          if (verdict === 'PASS')
            expect(taken.some((one) => one.check === check && one.sample.kind === 'GOOD')).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  test('is never helped nor failed by more ERROR and NO-DATA', () => {
    const silent = (answer: Answer): Answer => {
      const { figures: numbers, at } = answer.sample;
      const kind = (['ERROR', 'empty', 'stale'] as const)[at % 3] ?? 'ERROR';
      const sample = sampleOf(kind, at);
      return { check: answer.check, sample: numbers === undefined ? sample : { ...sample, figures: numbers } };
    };
    fc.assert(
      fc.property(answers, options, history, fc.boolean(), (taken, given, extra, isFirst) => {
        const more = extra.map(silent);
        const all = inOrder(isFirst ? [...more, ...taken] : [...taken, ...more]);
        const now = endOf(all);
        const before = gateWith(given, taken, now).verdict;
        const then = gateWith(given, all, now).verdict;
        if (before !== 'PASS') expect(then).not.toBe('PASS');
        if (before !== 'FAIL') expect(then).not.toBe('FAIL');
      }),
      { numRuns: 500 },
    );
  });

  test('stays failed, whatever comes', () => {
    fc.assert(
      fc.property(answers, answers, options, (first, second, given) => {
        const from = endOf(first);
        if (gateWith(given, first, from).verdict !== 'FAIL') return;
        const later = second.map(({ check, sample }) => ({ check, sample: { ...sample, at: sample.at + from } }));
        const all = [...first, ...later];
        expect(gateWith(given, all, endOf(all)).verdict).toBe('FAIL');
      }),
      { numRuns: 300 },
    );
  });

  test('says the same of the same samples and clock, at once or one by one, judged between or not', () => {
    fc.assert(
      fc.property(answers, options, (taken, given) => {
        const rules = gateRules(given, checks);
        let progress = gateProgress(0, checks.length, 0);
        for (const one of taken) {
          judge(progress, rules, one.sample.at);
          progress = takeSamples(progress, rules, [one]);
        }
        const now = endOf(taken);
        expect(judge(progress, rules, now)).toEqual(gateWith(given, taken, now));
        const kept = JSON.parse(JSON.stringify({ progress, rules })) as {
          progress: typeof progress;
          rules: typeof rules;
        };
        expect(judge(kept.progress, kept.rules, now)).toEqual(judge(progress, rules, now));
      }),
      { numRuns: 300 },
    );
  });

  test('does not mind the order of its checks', () => {
    fc.assert(
      fc.property(answers, options, (taken, given) => {
        const now = endOf(taken);
        const last = checks.length - 1;
        const turned = taken.map(({ check, sample }) => ({ check: last - check, sample }));
        const found = gateWith(given, taken, now);
        expect(gateWith(given, turned, now, checks.toReversed()).checks.toReversed()).toEqual(found.checks);
      }),
      { numRuns: 300 },
    );
  });
});
