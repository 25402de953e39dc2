import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type GateOptions, gateRules } from '../../src/gates/gate-rules.ts';
import { afterGap, gateProgress } from '../../src/gates/progress.ts';
import { bad, failedToAsk, good, grey, noData, type Sample, verdicts, worstVerdict } from '../../src/gates/sample.ts';
import { judge, takeSamples } from '../../src/gates/verdict.ts';

const none: GateOptions = {
  forMs: null,
  withinMs: null,
  settleMs: null,
  everyMs: null,
  breach: null,
  minLooks: null,
  holdTimeoutMs: null,
};
const every = 15_000;
/** Of checks that are no metrics. */
const rulesOf = (options: Partial<GateOptions>, checks = 1) =>
  gateRules(
    { ...none, ...options },
    Array.from({ length: checks }, () => null),
  );

type Kind = 'g' | 'b' | 'y' | 'e' | 'n' | 's' | 'u' | 't';
const make = (kind: Kind, at: number): Sample => {
  switch (kind) {
    case 'g':
      return good(at, 'ok');
    case 'b':
      return bad(at, 'bad', 'it is bad');
    case 'u':
      return bad(at, 'half', 'goes on', 'underway');
    case 't':
      return bad(at, 'doomed', 'no such image', 'terminal');
    case 'y':
      return grey(at, 'some', 'partial');
    case 'e':
      return failedToAsk(at, 'refused');
    case 'n':
      return noData(at, 'empty', 'empty');
    case 's':
      return noData(at, 'stale', 'stale');
  }
};

interface Timed {
  readonly at: number;
  readonly kind: Kind;
  readonly check?: number;
}

/** Answers of a gate that began at 0; a text has one answer every 15 s from 0 on. */
const judgedGate = (samples: string | readonly Timed[], options: Partial<GateOptions>, now: number, checks = 1) => {
  const rules = rulesOf(options, 2);
  const list: readonly Timed[] =
    typeof samples === 'string' ? [...samples].map((kind, i) => ({ at: i * every, kind: kind as Kind })) : samples;
  const progress = takeSamples(
    gateProgress(0, checks, null),
    rules,
    list.map(({ at, kind, check = 0 }) => ({ check, sample: make(kind, at) })),
  );
  return judge(progress, rules, now);
};
const verdict = (samples: string, options: Partial<GateOptions> = {}, now = Math.max(0, samples.length - 1) * every) =>
  judgedGate(samples, options, now).verdict;

describe('waiting', () => {
  test('is decided by the first look without "within"', () => {
    expect(verdict('')).toBe('PENDING');
    expect(verdict('g')).toBe('PASS');
    expect(verdict('b')).toBe('FAIL');
    expect(verdict('y')).toBe('INCONCLUSIVE');
    expect(verdict('yg')).toBe('PASS');
  });

  test('lets BAD not count until "within" is over, then the last look decides', () => {
    const options = { withinMs: 60_000 };
    expect(verdict('bb', options)).toBe('PENDING');
    expect(verdict('bbg', options)).toBe('PASS');
    expect(verdict('bb', options, 60_000)).toBe('FAIL');
    expect(verdict('by', options, 60_000)).toBe('INCONCLUSIVE');
    expect(verdict('bbbbbg', options)).toBe('FAIL');
    expect(verdict('', options, 60_000)).toBe('INCONCLUSIVE');
  });

  test('waits on for what is underway, and fails at once what is terminal', () => {
    expect(verdict('uuuuuuuu')).toBe('PENDING');
    expect(verdict('uuug')).toBe('PASS');
    expect(verdict('uub')).toBe('FAIL');
    expect(verdict('u', { withinMs: 30_000 }, 30_000)).toBe('FAIL');
    expect(verdict('ut', { withinMs: 300_000 })).toBe('FAIL');
    expect(verdict('u', {}, 600_000)).toBe('INCONCLUSIVE');
  });

  test('holds no check against a gate whose rollout goes on', () => {
    const both = (samples: readonly Timed[], now: number) => judgedGate(samples, {}, now, 2).verdict;
    const start: Timed[] = [
      { at: 0, kind: 'u', check: 0 },
      { at: 0, kind: 'b', check: 1 },
    ];
    expect(both(start, 1000)).toBe('PENDING');
    expect(both([...start, { at: 20_000, kind: 'g', check: 0 }], 20_000)).toBe('FAIL');
    const healthy: Timed[] = [...start, { at: 15_000, kind: 'g', check: 1 }, { at: 20_000, kind: 'g', check: 0 }];
    expect(both(healthy, 20_000)).toBe('PASS');
  });

  test('passes on nothing that is old', () => {
    expect(verdict('g', {}, 46_000)).toBe('PENDING');
  });

  test('draws and does not judge while it settles', () => {
    const options = { settleMs: 30_000 };
    expect(verdict('bb', options)).toBe('PENDING');
    expect(verdict('bbg', options)).toBe('PASS');
    expect(verdict('gt', options)).toBe('PENDING');
  });
});

describe('holding', () => {
  const soak = { forMs: 60_000 };

  test('passes at the end', () => {
    expect(verdict('gggg', soak)).toBe('RUNNING');
    expect(verdict('ggggg', soak)).toBe('PASS');
    expect(verdict('ggbgg', soak)).toBe('PASS');
  });

  test('fails on three BAD looks in a row, for good', () => {
    expect(verdict('gbbb', soak)).toBe('FAIL');
    expect(verdict('gbbbggggggg', soak)).toBe('FAIL');
    expect(verdict('gbbgbbg', { forMs: 600_000 })).toBe('RUNNING');
    expect(verdict('gbebnb', { forMs: 600_000 })).toBe('FAIL');
    expect(verdict('gbgb', { forMs: 600_000, breach: { bad: 2, of: 3 } })).toBe('FAIL');
  });

  test('fails when more than a third was BAD at the end', () => {
    expect(verdict('gbgbg', soak)).toBe('FAIL');
    expect(verdict('gbgbggggg', soak)).toBe('FAIL');
  });

  test('begins with the first look, with "within" with the first good one', () => {
    expect(verdict('bbb', soak)).toBe('FAIL');
    expect(verdict('bbbg', { ...soak, withinMs: 120_000 })).toBe('RUNNING');
    expect(verdict('bbbggggg', { ...soak, withinMs: 120_000 })).toBe('PASS');
    expect(verdict('uuuuug', soak)).toBe('RUNNING');
  });

  test('counts looks that are spaced by "every" only', () => {
    const fast = Array.from({ length: 20 }, (_, i): Timed => ({ at: i * 1000, kind: i >= 1 && i < 12 ? 'b' : 'g' }));
    expect(judgedGate(fast, soak, 19_000).verdict).toBe('RUNNING');
  });

  test('needs coverage, enough looks and a good last one', () => {
    expect(verdict('geeeg', soak)).toBe('RUNNING');
    expect(verdict('ggggb', soak)).toBe('RUNNING');
    expect(verdict('ggggbg', soak)).toBe('PASS');
    expect(
      judgedGate(
        [
          { at: 0, kind: 'g' },
          { at: 15_000, kind: 'g' },
        ],
        { forMs: 15_000 },
        15_000,
      ).verdict,
    ).toBe('RUNNING');
    expect(verdict('ggy', { forMs: 15_000 })).toBe('RUNNING');
  });

  test('is inconclusive when nothing comes of it, and may still pass', () => {
    const options = { forMs: 60_000, holdTimeoutMs: 60_000, minLooks: 10 };
    expect(verdict('ggggggggg', options)).toBe('INCONCLUSIVE');
    expect(verdict('gggggggggg', options)).toBe('PASS');
  });

  test('counts watched time only', () => {
    const rules = rulesOf(soak);
    const before = takeSamples(gateProgress(0, 1, null), rules, [
      { check: 0, sample: make('g', 0) },
      { check: 0, sample: make('g', 15_000) },
    ]);
    const back = afterGap(before, 20_000, 620_000);
    expect(judge(back, rules, 630_000)).toMatchObject({ verdict: 'RUNNING' });
    const more = [630_000, 645_000, 660_000].map((at) => ({ check: 0, sample: make('g', at) }));
    expect(judge(takeSamples(back, rules, more), rules, 661_000).verdict).toBe('PASS');
  });
});

describe('a source that does not answer', () => {
  test('is ERROR after three in a row, NO-DATA after three or 60 s, at once when stale', () => {
    expect(verdict('ee')).toBe('PENDING');
    expect(verdict('eee')).toBe('ERROR');
    expect(verdict('eeeg')).toBe('PASS');
    expect(verdict('nn')).toBe('PENDING');
    expect(verdict('nnn')).toBe('NO-DATA');
    expect(verdict('n', {}, 60_000)).toBe('NO-DATA');
    expect(verdict('s')).toBe('NO-DATA');
    expect(verdict('gggs', { forMs: 60_000 })).toBe('NO-DATA');
  });

  test('is left out while it is acknowledged', () => {
    const rules = rulesOf({}, 2);
    const progress = takeSamples(gateProgress(0, 2, null), rules, [
      ...[0, 1, 2].map((i) => ({ check: 0, sample: make('e', i * 5000) })),
      { check: 1, sample: make('g', 10_000) },
    ]);
    expect(judge(progress, rules, 10_000).verdict).toBe('ERROR');
    expect(judge(progress, rules, 10_000, (check) => check === 1).verdict).toBe('PASS');
    expect(judge(progress, rules, 10_000, () => false).verdict).toBe('INCONCLUSIVE');
  });
});

const kinds = fc.constantFrom<Kind>('g', 'b', 'y', 'e', 'n', 's', 'u', 't');
const optionsOf = fc.record({
  forMs: fc.constantFrom(null, 30_000, 120_000),
  withinMs: fc.constantFrom(null, 30_000, 90_000),
  settleMs: fc.constantFrom(null, 20_000),
  minLooks: fc.constantFrom(null, 1, 5),
  breach: fc.constantFrom(null, { bad: 2, of: 4 }),
  holdTimeoutMs: fc.constantFrom(null, 30_000),
});
const history = fc
  .array(fc.record({ after: fc.integer({ min: 1, max: 20_000 }), kind: kinds, check: fc.constantFrom(0, 1) }), {
    maxLength: 40,
  })
  .map((steps) => {
    let at = 0;
    return steps.map(({ after: ms, kind, check }): Timed => {
      at += ms;
      return { at, kind, check };
    });
  });

describe('properties', () => {
  test('never PASS without a GOOD look', () => {
    fc.assert(
      fc.property(history, optionsOf, fc.integer({ min: 0, max: 300_000 }), (samples, options, more) => {
        const now = (samples.at(-1)?.at ?? 0) + more;
        const { checks } = judgedGate(samples, options, now, 2);
        checks.forEach(({ verdict: found }, i) => {
          if (found === 'PASS') expect(samples.some(({ kind, check }) => kind === 'g' && check === i)).toBe(true);
        });
      }),
    );
  });

  test('more ERROR and NO-DATA never make a PASS nor a FAIL', () => {
    fc.assert(
      fc.property(history, optionsOf, history, (samples, options, extra) => {
        const silent = extra.map((one): Timed => ({ ...one, kind: (['e', 'n', 's'] as const)[one.at % 3] ?? 'e' }));
        const all = [...samples, ...silent].sort((a, b) => a.at - b.at);
        const now = all.at(-1)?.at ?? 0;
        const before = judgedGate(samples, options, now, 2).verdict;
        const then = judgedGate(all, options, now, 2).verdict;
        if (before !== 'PASS') expect(then).not.toBe('PASS');
        if (before !== 'FAIL') expect(then).not.toBe('FAIL');
      }),
    );
  });

  test('FAIL stays under more BAD looks while holding', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom<Kind>('g', 'b', 'y'), { maxLength: 12 }), fc.nat(12), (looks, more) => {
        const text = ['g', ...looks].join('');
        const options = { forMs: 120_000 };
        if (verdict(text, options) === 'FAIL') expect(verdict(text + 'b'.repeat(more), options)).toBe('FAIL');
      }),
    );
  });

  test('a check that failed stays failed', () => {
    fc.assert(
      fc.property(history, history, optionsOf, (first, second, options) => {
        const now = first.at(-1)?.at ?? 0;
        if (judgedGate(first, options, now, 2).verdict !== 'FAIL') return;
        const later = [...first, ...second.map((one) => ({ ...one, at: one.at + now }))];
        expect(judgedGate(later, options, later.at(-1)?.at ?? now, 2).verdict).toBe('FAIL');
      }),
    );
  });

  test('the same samples and clock give the same verdict, taken at once or one by one, judged between or not', () => {
    fc.assert(
      fc.property(history, optionsOf, (samples, options) => {
        const rules = rulesOf(options, 2);
        const now = samples.at(-1)?.at ?? 0;
        let progress = gateProgress(0, 2, null);
        for (const { at, kind, check = 0 } of samples) {
          judge(progress, rules, at);
          progress = takeSamples(progress, rules, [{ check, sample: make(kind, at) }]);
        }
        expect(judge(progress, rules, now)).toEqual(judgedGate(samples, options, now, 2));
      }),
    );
  });

  test('the memory of a gate does not grow with its answers', () => {
    const long = judgedGate(
      Array.from({ length: 5000 }, (_, i): Timed => ({ at: i * 15_000, kind: 'g' })),
      { forMs: 80_000_000 },
      75_000_000,
    );
    expect(long.verdict).toBe('RUNNING');
    const rules = rulesOf({ forMs: 80_000_000 });
    const samples = Array.from({ length: 5000 }, (_, i) => ({ check: 0, sample: make('g', i * 15_000) }));
    expect(JSON.stringify(takeSamples(gateProgress(0, 1, null), rules, samples)).length).toBeLessThan(1000);
  });

  test('checks combine in any order and grouping', () => {
    const some = fc.array(fc.constantFrom(...verdicts), { minLength: 1 });
    fc.assert(
      fc.property(some, some, some, (a, b, c) => {
        const all = worstVerdict([...a, ...b, ...c]);
        expect(worstVerdict([worstVerdict([...a, ...b]), ...c])).toBe(all);
        expect(worstVerdict([...c, ...a, ...b])).toBe(all);
        expect(worstVerdict([...a, ...a, ...b, ...c])).toBe(all);
      }),
    );
  });

  test('the order of the checks of a gate does not matter', () => {
    fc.assert(
      fc.property(history, optionsOf, (samples, options) => {
        const now = samples.at(-1)?.at ?? 0;
        const swapped = samples.map((one) => ({ ...one, check: 1 - (one.check ?? 0) }));
        expect(judgedGate(swapped, options, now, 2).verdict).toBe(judgedGate(samples, options, now, 2).verdict);
      }),
    );
  });
});
