import { describe, expect, test } from 'vitest';
import { type GateOptions, gateRules, isLookDue } from '../../src/gates/gate-rules.ts';
import type { Baseline, MetricCheck, MetricReading } from '../../src/gates/metric.ts';
import { metricSample } from '../../src/gates/metric-sample.ts';
import { gateProgress } from '../../src/gates/progress.ts';
import { judge, takeSamples } from '../../src/gates/verdict.ts';
import { baselineWith, checkOf, empty, errorCheck, readingOf, value } from './support/metric.ts';

const none: GateOptions = {
  forMs: null,
  withinMs: null,
  settleMs: null,
  everyMs: null,
  breach: null,
  minLooks: null,
  holdTimeoutMs: null,
};
const step = 15_000;
const minute = 60_000;

type Told = Partial<MetricReading> | ((at: number) => Partial<MetricReading>);

/** A gate of one metric that began at 0 and was answered every 15 s up to `now`. */
const gateOf = (check: MetricCheck, options: Partial<GateOptions>, told: Told, baseline: Baseline | null = null) => {
  const rules = gateRules({ ...none, settleMs: 0, ...options }, [check], () => baseline);
  const progressAt = (now: number) => {
    let progress = gateProgress(0, 1, null);
    for (let at = 0; at <= now; at += step) {
      const reading = readingOf({ at, ...(typeof told === 'function' ? told(at) : told) });
      progress = takeSamples(progress, rules, [{ check: 0, sample: metricSample(check, reading, { baseline }) }]);
    }
    return progress;
  };
  return { rules, progressAt, at: (now: number) => judge(progressAt(now), rules, now) };
};

const good = { value: value(0.4) };
const soak = { forMs: 10 * minute };

describe('looks at a metric', () => {
  const ofStable = checkOf('115% of stable');

  test('are a range apart, whatever it is asked in between', () => {
    const { progressAt } = gateOf(ofStable, soak, good);
    expect(progressAt(9 * minute).checks[0]?.looks).toBe(5);
    expect(gateOf(ofStable, { ...soak, everyMs: 180_000 }, good).progressAt(9 * minute).checks[0]?.looks).toBe(4);
    expect(gateOf(ofStable, { ...soak, everyMs: 5_000 }, good).progressAt(9 * minute).checks[0]?.looks).toBe(5);
  });

  test('may come a little early, and not so much that ranges overlap by more than 5 s', () => {
    expect(isLookDue(13_500, 15_000)).toBe(true);
    expect(isLookDue(13_400, 15_000)).toBe(false);
    expect(isLookDue(115_000, 120_000)).toBe(true);
    expect(isLookDue(114_000, 120_000)).toBe(false);
  });

  test('fail by three in a row, with the limit and the time of the last', () => {
    const gate = gateOf(ofStable, soak, {});
    expect(gate.at(239_000).verdict).toBe('RUNNING');
    expect(gate.at(4 * minute)).toMatchObject({
      verdict: 'FAIL',
      because: '548 ms, limit 458 ms: 3 looks in a row, since 00:04:00',
    });
  });

  test('pass at the end of the soak by coverage of their own interval', () => {
    const gate = gateOf(ofStable, soak, good);
    expect(gate.at(10 * minute - 1).verdict).toBe('RUNNING');
    expect(gate.at(10 * minute).verdict).toBe('PASS');
    const silent = gateOf(ofStable, soak, (at) => (at >= 4 * minute && at < 8 * minute ? { value: empty } : good));
    expect(silent.at(10 * minute)).toMatchObject({ verdict: 'RUNNING' });
    expect(silent.at(10 * minute).because).toMatch(/looks: too little was seen/);
  });
});

describe('settling', () => {
  const checks = [checkOf('115% of stable')];

  test('is over once the last change has left the largest range for 30 s', () => {
    const rules = gateRules(none, checks);
    const judged = (startedAt: number, changedAt: number | null, now: number) =>
      judge(gateProgress(startedAt, 1, changedAt), rules, now).because;
    expect(judged(100_000, 100_000, 249_999)).toBe('settles until 2:30');
    expect(judged(100_000, 100_000, 250_000)).toBe('not asked yet');
    expect(judged(100_000, 40_000, 189_999)).toBe('settles until 1:30');
    expect(judged(100_000, 40_000, 190_000)).toBe('not asked yet');
    expect(judged(600_000, 40_000, 600_000)).toBe('not asked yet');
    expect(judged(600_000, null, 600_000)).toBe('not asked yet');
  });

  test('lasts from the start of the gate when it says how long, and not at all without metrics', () => {
    const rules = gateRules({ ...none, settleMs: 60_000 }, checks);
    expect(judge(gateProgress(600_000, 1, 0), rules, 659_999).because).toBe('settles until 1:00');
    expect(gateRules(none, [null])).toMatchObject({ settleMs: 0 });
  });
});

describe('what cannot be compared', () => {
  test('is INCONCLUSIVE at once without a baseline, and goes on when there is one', () => {
    const check = checkOf('115% of baseline');
    expect(gateOf(check, soak, good).at(step)).toMatchObject({
      verdict: 'INCONCLUSIVE',
      because: 'there is no baseline to compare with',
    });
    expect(gateOf(check, {}, good).at(0).verdict).toBe('INCONCLUSIVE');
    expect(gateOf(check, soak, good, baselineWith(0.4)).at(10 * minute).verdict).toBe('PASS');
    const partial = baselineWith(0.4, { problem: 'values for 71 % of its window, at least 80 %' });
    expect(gateOf(check, soak, good, partial).at(20 * minute).verdict).toBe('INCONCLUSIVE');
  });

  test('is INCONCLUSIVE at the end with too few requests for its quantile, and says what range would do', () => {
    const gate = gateOf(checkOf('115% of stable'), soak, { traffic: value(5) });
    expect(gate.at(10 * minute).verdict).toBe('RUNNING');
    expect(gate.at(20 * minute)).toMatchObject({
      verdict: 'INCONCLUSIVE',
      because: '600 requests in 2m, p99 needs 1,000: a range of 4m would do',
    });
  });
});

test('of several checks that cannot tell, one without any good look is named', () => {
  const checks = [checkOf('600ms', { quantile: 0.95, name: 'p95' }), checkOf('600ms')];
  const rules = gateRules({ ...none, settleMs: 0, forMs: 10 * minute }, checks);
  let progress = gateProgress(0, 2, null);
  for (let at = 0; at <= 20 * minute; at += step)
    for (const [index, check] of checks.entries()) {
      const shown = value(at >= 18 * minute ? 0.7 : 0.5);
      const reading = readingOf({ at, value: shown, traffic: value(5) });
      progress = takeSamples(progress, rules, [
        { check: index, sample: metricSample(check, reading, { baseline: null }) },
      ]);
    }
  const found = judge(progress, rules, 20 * minute);
  expect(found.verdict).toBe('INCONCLUSIVE');
  expect(found.because).toBe('600 requests in 2m, p99 needs 1,000: a range of 4m would do');
});

describe('traffic', () => {
  const healthy = { value: value(0.002), stable: value(0.002), traffic: value(0.4) };

  test('must reach what excludes a rate beyond the limit, and extends the soak until it does', () => {
    const gate = gateOf(errorCheck('<= 1%'), soak, healthy);
    expect(gate.at(10 * minute)).toMatchObject({
      verdict: 'RUNNING',
      because: '240 of 299 requests, about 3 min more',
    });
    expect(gate.at(12.25 * minute).verdict).toBe('RUNNING');
    expect(gate.at(12.5 * minute).verdict).toBe('PASS');
  });

  test('is INCONCLUSIVE when the extension was not enough, and may still pass', () => {
    const gate = gateOf(errorCheck('<= 0.2%'), soak, { ...healthy, value: value(0.001) });
    expect(gate.at(20 * minute)).toMatchObject({
      verdict: 'INCONCLUSIVE',
      because: '480 of 1,497 requests, about 43 min more',
    });
    expect(gate.at(63 * minute).verdict).toBe('PASS');
    const none = gateOf(errorCheck('<= 1%'), soak, { ...healthy, traffic: value(0) });
    expect(none.at(20 * minute).because).toBe('0 of 299 requests, and none come in');
  });

  test('counts from the control plus the margin, and from good ones where lower is worse', () => {
    const ofStable = gateOf(errorCheck('stable + 1pp'), soak, { ...healthy, stable: value(0.02), traffic: value(0.1) });
    expect(ofStable.at(10 * minute).because).toMatch(/^60 of 99 requests/);
    const good = errorCheck('>= 99%', { meaning: { unit: 'ratio', worse: 'lower' } });
    expect(gateOf(good, soak, { ...healthy, value: value(1) }).at(10 * minute).because).toMatch(/^240 of 299 requests/);
    const percent = errorCheck('1%', { meaning: { unit: 'percent', worse: 'higher' } });
    expect(gateOf(percent, soak, { ...healthy, value: value(0.1) }).at(10 * minute).because).toMatch(/of 299 requests/);
  });

  test('of one look is what its window shows, or what came in while the gate waited', () => {
    expect(gateOf(errorCheck('<= 1%'), {}, { ...healthy, traffic: value(2.5) }).at(0).verdict).toBe('PASS');
    const gate = gateOf(errorCheck('<= 1%'), {}, healthy);
    expect(gate.at(0)).toMatchObject({ verdict: 'PENDING', because: '48 of 299 requests, about 11 min more' });
    expect(gate.at(10 * minute)).toMatchObject({ verdict: 'INCONCLUSIVE' });
    expect(gate.at(12.5 * minute).verdict).toBe('PASS');
    const limited = gateOf(errorCheck('<= 1%'), { withinMs: minute }, healthy);
    expect(limited.at(minute).verdict).toBe('INCONCLUSIVE');
  });

  test('of a limit of zero takes the usual minimum: no number of requests shows that there is none', () => {
    const gate = gateOf(errorCheck('110% of stable'), soak, { ...healthy, value: value(0), stable: value(0) });
    expect(gate.at(10 * minute).because).toMatch(/^240 of 299 requests/);
  });

  test('that nobody counts asks for nothing', () => {
    const check = errorCheck('<= 1%', { traffic: null });
    expect(gateOf(check, soak, { ...healthy, traffic: null }).at(10 * minute).verdict).toBe('PASS');
    expect(gateOf(checkOf('600ms', { quantile: null }), soak, { traffic: value(0.01) }).at(10 * minute).verdict).toBe(
      'PASS',
    );
  });

  test('of answers that are no looks counts nothing: silence helps nobody to pass', () => {
    const gate = gateOf(errorCheck('<= 1%'), soak, (at) =>
      at > 0 && at < 5 * minute ? { ...healthy, value: empty } : healthy,
    );
    expect(gate.progressAt(5 * minute - step).checks[0]?.tally?.requests).toBe(0);
  });

  test('of a time in which nothing was answered is not guessed', () => {
    const gate = gateOf(errorCheck('<= 1%'), soak, (at) =>
      at > 0 && at < 5 * minute ? { traffic: { kind: 'missing', missing: 'nan' } } : healthy,
    );
    expect(gate.progressAt(5 * minute).checks[0]?.tally?.requests).toBeCloseTo(24, 6);
  });
});

describe('a test at the end', () => {
  const pair = (bad: number, all: number) => ({ bad: value(bad), all: value(all) });
  const fisher = errorCheck('not worse than stable (fisher)');
  const counted = (bad: number) => ({
    value: value(bad / 10),
    counts: { canary: pair(bad, 10), stable: pair(0.02, 10) },
  });

  test('Fisher: worse is FAIL, at the end and not before', () => {
    const gate = gateOf(fisher, soak, counted(0.1));
    expect(gate.at(10 * minute - step).verdict).toBe('RUNNING');
    expect(gate.at(10 * minute)).toMatchObject({ verdict: 'FAIL' });
    expect(gate.at(10 * minute).because).toBe('1 % of 7,200 against 0.19 % of 7,200, p below 0.0001');
  });

  test('Fisher: not worse, or not by half, passes', () => {
    expect(gateOf(fisher, soak, counted(0.022)).at(10 * minute).verdict).toBe('PASS');
    expect(gateOf(fisher, soak, counted(0)).at(10 * minute).verdict).toBe('PASS');
  });

  test('Fisher: too few requests decide nothing', () => {
    const few = { value: value(0), counts: { canary: pair(0, 0.1), stable: pair(0, 10) } };
    const gate = gateOf(fisher, soak, few);
    expect(gate.at(10 * minute)).toMatchObject({ verdict: 'RUNNING', because: '72 of 299 requests' });
    expect(gate.at(20 * minute).verdict).toBe('INCONCLUSIVE');
  });

  test('Fisher: against the counts of a baseline', () => {
    const check = errorCheck('not worse than baseline (fisher)');
    const before = baselineWith(0.002, { counts: { bad: 36, all: 18_000 } });
    expect(gateOf(check, soak, counted(0.1), before).at(10 * minute).verdict).toBe('FAIL');
    expect(gateOf(check, soak, counted(0.02), before).at(10 * minute).verdict).toBe('PASS');
  });

  const long = { forMs: 45 * minute };
  const shifted = (by: number) => (at: number) => {
    const wave = 0.4 + 0.02 * Math.sin(at);
    return { value: value(wave + by), stable: value(0.4 + 0.02 * Math.cos(at)) };
  };
  const mannWhitney = checkOf('not worse than stable (mann-whitney, effect 20ms)');

  test('Mann-Whitney: a shift of the wanted size is FAIL, a smaller one passes', () => {
    const worse = gateOf(mannWhitney, long, shifted(0.05)).at(45 * minute);
    expect(worse.verdict).toBe('FAIL');
    expect(worse.because).toMatch(/^\+5\d(\.\d)? ms against stable, p below 0\.0001$|^\+4\d(\.\d)? ms against stable/);
    expect(gateOf(mannWhitney, long, shifted(0.01)).at(45 * minute).verdict).toBe('PASS');
    expect(gateOf(mannWhitney, long, shifted(-0.05)).at(45 * minute).verdict).toBe('PASS');
    const lower = checkOf('not worse than stable (mann-whitney, effect 20ms)', {
      meaning: { unit: 'seconds', worse: 'lower' },
    });
    expect(gateOf(lower, long, shifted(-0.05)).at(45 * minute).verdict).toBe('FAIL');
  });

  test('Mann-Whitney: fewer than 20 looks a side decide nothing, and more may still come', () => {
    const gate = gateOf(mannWhitney, soak, shifted(0.01));
    expect(gate.at(20 * minute)).toMatchObject({ verdict: 'INCONCLUSIVE', because: '11 of 20 looks for the test' });
    expect(gate.at(38 * minute).verdict).toBe('PASS');
  });

  test('Mann-Whitney: against the values of a baseline', () => {
    const check = checkOf('not worse than baseline (mann-whitney, effect 20ms)');
    const values = Array.from({ length: 31 }, (_, i) => 0.4 + 0.02 * Math.cos(i));
    expect(gateOf(check, long, shifted(0.05), baselineWith(0.4, { values })).at(45 * minute).verdict).toBe('FAIL');
    expect(gateOf(check, long, shifted(0), baselineWith(0.4, { values })).at(45 * minute).verdict).toBe('PASS');
  });

  test('is made once: what comes later changes nothing', () => {
    const late = (at: number) => counted(at <= 10 * minute ? 0.02 : 5);
    const gate = gateOf(fisher, soak, late);
    expect(gate.at(15 * minute).verdict).toBe('PASS');
  });

  test('needs a soak', () => {
    expect(gateOf(fisher, {}, counted(0)).at(0)).toMatchObject({ verdict: 'INCONCLUSIVE' });
  });

  test('keeps no more than it needs', () => {
    const { progressAt } = gateOf(mannWhitney, { forMs: 100 * 60 * minute }, shifted(0));
    const kept = progressAt(40 * 60 * minute).checks[0]?.tally?.evidence?.values.length ?? 0;
    expect(kept).toBeGreaterThan(100);
    expect(kept).toBeLessThan(256);
  });
});

test('samples of a journal that kept no figures still make looks', () => {
  const check = errorCheck('<= 1%');
  const rules = gateRules({ ...none, settleMs: 0, forMs: 5 * minute }, [check]);
  let progress = gateProgress(0, 1, null);
  for (let at = 0; at <= 5 * minute; at += step) {
    const { figures: _, ...sample } = metricSample(check, readingOf({ at, value: value(0) }), { baseline: null });
    progress = takeSamples(progress, rules, [{ check: 0, sample }]);
  }
  expect(progress.checks[0]).toMatchObject({ looks: 3, good: 3, tally: null });
  expect(judge(progress, rules, 5 * minute).verdict).toBe('PASS');
});
