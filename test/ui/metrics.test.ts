import { describe, expect, test } from 'vitest';
import { safeText } from '../../src/text/safe-text.ts';
import { rowWidth } from '../../src/ui/rows.ts';
import { sizes } from './support/gate-frames.ts';
import { metricsDrawn, metricView } from './support/metric-frames.ts';
import type { metricRuns } from './support/metric-runs.ts';
import { metricViews, silentViews } from './support/metric-runs.ts';

const runs: readonly (keyof typeof metricRuns)[] = ['capturing', 'baselined', 'soaking', 'failed', 'blind', 'known'];

const press = (char: string) => ({ name: 'char', char, ctrl: false, alt: false, burst: false }) as const;

/** Where a word stands, in columns. */
const placeOf = (line: string | undefined, word: string): number => (line ?? '').lastIndexOf(word);
const lineWith = (lines: readonly string[], ...words: readonly string[]): string =>
  lines.find((line) => words.every((word) => line.includes(word))) ?? `no line with ${words.join(', ')}`;

for (const [columns, rows] of sizes) {
  test(`a run with metrics is exactly ${columns}x${rows}, with and without its charts`, () => {
    for (const run of runs) {
      for (const dialog of [false, true]) {
        const { controller, frame } = metricsDrawn(run);
        if (dialog) controller.act({ type: 'open', dialog: { kind: 'metrics', selected: null } });
        const { top, left, above, below, bottom } = frame(columns, rows);
        expect(top.length + above.length + below.length + bottom.length, run).toBe(rows);
        const beside = left.length === 0 ? 0 : rowWidth(left[0] ?? []);
        for (const line of [...above, ...below]) expect(rowWidth(line) + beside, run).toBe(columns);
      }
    }
  });

  test(`what failed is in sight at ${columns}x${rows}: its value, its limit, and every choice`, () => {
    const lines = metricsDrawn('failed').lines(columns, rows);
    expect(lines[2]).toMatch(/^ FAIL {3}p99 is 548 ms, limit 458 ms: 3 looks in a row/);
    expect(lineWith(lines, 'check', 'limit', 'result')).toContain('canary');
    expect(lineWith(lines, 'p99', '458 ms', 'FAIL', '115 % of stable')).toContain('548 ms');
    for (const choice of ['R ', '1 ', '2 ', '3 '])
      expect(lines.join('\n')).toMatch(new RegExp(`^\\W?.*${choice} +(Roll|Back|Hold|Go)`, 'm'));
    expect(lines.at(-2)).toMatch(/^ Enter does nothing here: a check failed\. Choose R, 1, 2 or/);
  });
}

describe('the table of a gate on metrics', () => {
  test.each([
    [160, 48],
    [100, 30],
    [80, 24],
  ])('has canary, control, limit and rule under each other at %ix%i', (columns, rows) => {
    const lines = metricsDrawn('failed').lines(columns, rows);
    const head = lineWith(lines, 'canary', 'stable', 'limit', 'because', 'result');
    const ends = (line: string, word: string): number => placeOf(line, word) + word.length;
    for (const [name, canary, stable, limit, rule] of [
      ['error rate', '0.34 %', '0.31 %', '1.31 %', 'stable + 1 pp'],
      ['p95', '187 ms', '181 ms', '199 ms', '110 % of stable'],
      ['p99', '548 ms', '398 ms', '458 ms', '115 % of stable'],
    ] as const) {
      const line = lineWith(lines, name, canary, limit, rule);
      expect(ends(line, canary)).toBe(ends(head, 'canary'));
      expect(ends(line, stable)).toBe(ends(head, 'stable'));
      expect(ends(line, limit)).toBe(ends(head, 'limit'));
      expect(placeOf(line, rule)).toBe(placeOf(head, 'because'));
    }
    expect(lineWith(lines, 'requests', '2,914', '1,000')).toContain('enough for p99');
    expect(lineWith(lines, 'p99', 'FAIL', '3 of 3')).not.toContain('wait');
    expect(lineWith(lines, 'p95', '187 ms')).toMatch(/ok +4 of 4/);
  });

  test('holds other kinds of check in one row, their titles cut in the middle where they are too long', () => {
    for (const [columns, rows] of sizes.slice(0, 3)) {
      const lines = metricsDrawn('failed').lines(columns, rows);
      expect(lineWith(lines, 'http sh', '/health', 'HTTP 200')).toMatch(/HTTP 200 .*HTTP 200 .*ok/);
    }
  });

  test('leaves out what is known to be away, and says which', () => {
    const lines = metricsDrawn('known').lines(80, 24);
    expect(lines.join('\n')).toContain('not judged, known to be away: error rate, p95, p99');
    expect(lineWith(lines, 'http shop.example.com/health', 'HTTP 200')).toContain('wait');
  });
});

describe('line 3', () => {
  test('says which metric failed, how many checks did, and how old the data is', () => {
    const [, , line = ''] = metricsDrawn('failed').lines(160, 48);
    expect(line).toMatch(/since \d\d:\d\d:\d\d +1 of 4 checks failed {3}data 9 s old $/);
    const [, , narrow = ''] = metricsDrawn('failed').lines(60, 20);
    expect(narrow).toMatch(/3 looks in a row +$/);
  });

  test('says once that the server is silent, for how long, and what to do about it', () => {
    const [, , line = ''] = metricsDrawn('blind').lines(100, 30);
    expect(line).toMatch(/^ BLIND {2}metrics: connection refused, 6:40 +A acknowledges it $/);
  });

  test('says once how old the data is that the server answers with', () => {
    const because = 'data 1 min 40 s old';
    const { now = 0, metrics = [] } = metricView('soaking');
    const old = metrics.map((each) => ({ ...each, state: 'stale' as const, because, at: now, ageMs: 100_000 }));
    const lines = metricsDrawn('soaking', { metrics: old }).lines(160, 48);
    expect(lines[2]).toMatch(/^ BLIND {2}metrics: data 1 min 40 s old {3}/);
    expect(lines.join('\n')).toContain('BLIND 1:40');
  });

  test('says who knows of it once that is acknowledged', () => {
    const [, , line = ''] = metricsDrawn('known').lines(80, 24);
    expect(line).toMatch(/^ BLIND {2}metrics: connection refused, 6:40 +alice: "known, INC-4711" $/);
  });
});

describe('metrics beside the step', () => {
  test('are told apart from those in the table, with sparkline, value and word', () => {
    const lines = metricsDrawn('failed').lines(160, 48);
    expect(lines.join('\n')).toContain('Other numbers · data 9 s old');
    expect(lineWith(lines, 'requests/min')).toMatch(/requests\/min +[▁▂▃▄▅▆▇█]{6,} +5,914 {5}ok/);
    expect(lineWith(lines, 'db pool')).toMatch(/78 % {5}ok/);
  });

  test('keep their sparkline beside a long title, which is cut', () => {
    const { metrics = [] } = metricView('failed');
    const title = 'Requests that reach the canary of all requests';
    const long = metrics.map((each) => (each.name === 'pool' ? { ...each, title } : each));
    const lines = metricsDrawn('failed', { metrics: long }).lines(160, 48);
    expect(lineWith(lines, 'Requests that')).toMatch(/Requests that [^│]*… [▁▂▃▄▅▆▇█ ]{8,} 78 % {5}ok/);
    expect(lineWith(lines, 'requests/min')).toMatch(/requests\/min +[▁▂▃▄▅▆▇█]{8} /);
  });

  test('are one line where there is one column', () => {
    expect(lineWith(metricsDrawn('failed').lines(100, 30), 'requests/min')).toMatch(
      /^ ok {4}requests\/min 5,914 {3}checkouts\/min 410 {3}db pool 78 % +data 9 s old/,
    );
  });

  test('say that they are asked for by a clock that is not ours', () => {
    const { now = 0 } = metricView('failed');
    const metrics = metricViews(now, true).map((each) => ({ ...each, skewSeconds: -900 }));
    const { frame, lines } = metricsDrawn('failed', { metrics });
    expect(lines(160, 48).join('\n')).toMatch(/Other numbers · data 9 s old .*\n.*│ clock skew -900 s /);
    expect(lineWith(lines(100, 30), 'requests/min')).toContain('data 9 s old, clock skew -900 s');
    for (const [columns, rows] of sizes)
      for (const line of frame(columns, rows).above) expect(rowWidth(line)).toBeLessThanOrEqual(columns);
  });

  test('lose their colour when they are no longer live, and their age counts', () => {
    const { now = 0 } = metricView('soaking');
    const metrics = metricViews(now, true).map((each) =>
      each.name === 'pool'
        ? { ...each, state: 'stale' as const, because: 'data 1 min 50 s old', at: now - 20_000, ageMs: 90_000 }
        : each,
    );
    const { engine, frame, lines } = metricsDrawn('soaking', { metrics });
    const text = lines(160, 48);
    expect(lineWith(text, 'db pool')).toContain('BLIND');
    expect(text.join('\n')).toContain('stale 1:50: data 1 min 50 s old');
    const row = frame(160, 48).above.find((each) => each.some((piece) => piece.text.includes('78 %')));
    expect(row?.find((piece) => piece.text.includes('78 %'))).toMatchObject({ dim: true });
    expect(row?.filter((piece) => /[▁▂▃▄▅▆▇█]/.test(piece.text)).every(({ tone }) => tone === undefined)).toBe(true);
    engine.put({ now: now + 5000 });
    expect(lines(160, 48).join('\n')).toContain('stale 1:55');
  });

  test('give way to what is left to judge by while all of them are away', () => {
    const lines = metricsDrawn('known').lines(100, 30);
    const at = lines.findIndex((line) => line.includes('Judged by eye, metrics are away'));
    expect(lines[at + 1]).toMatch(/^ {3}pods failing +0 failing {3}ok/);
    expect(lines.join('\n')).not.toContain('error rate  ');
  });

  test('are watched beside a run too', () => {
    const watch = { by: safeText('bob'), since: 0, unkept: null, unverified: null };
    const { lines } = metricsDrawn('failed', { observing: { because: safeText('alice has it'), watch } });
    expect(lines(160, 48).join('\n')).toContain('Numbers · data 9 s old');
    expect(lineWith(lines(160, 48).slice(4), 'p99', '548 ms')).toMatch(/[▁▂▃▄▅▆▇█]{6,}/);
  });

  test('say at once why all of them are away', () => {
    const lines = metricsDrawn('blind').lines(160, 48);
    expect(lines.join('\n')).toContain('Other numbers · BLIND 6:40');
    expect(lines.filter((line) => line.includes('BLIND: connection refused'))).toHaveLength(1);
  });

  test('that have no room are counted, and those that are worst stay', () => {
    const { now = 0 } = metricView('soaking');
    const many = Array.from({ length: 30 }, (_, i) =>
      metricViews(now, false)
        .slice(3)
        .map((each) => ({ ...each, name: `${each.name}${i}`, title: `${each.title} ${i}` })),
    ).flat();
    const [broken, ...rest] = many.toReversed();
    const metrics = [
      ...rest,
      ...(broken === undefined ? [] : [{ ...broken, state: 'no-data' as const, because: 'no series' }]),
    ];
    const lines = metricsDrawn('soaking', { metrics }).lines(160, 48);
    expect(lineWith(lines, 'db pool 29')).toContain('BLIND');
    expect(lines.join('\n')).toMatch(/\d+ more, m shows all/);
  });
});

describe('the chart of the failed metric', () => {
  test('stands below the table where there is room, with what changed before', () => {
    const text = metricsDrawn('failed').lines(160, 48).join('\n');
    expect(text).toContain('p99, last 30 minutes');
    expect(text).toMatch(/canary 548 ms +·· stable 398 ms +╌╌ limit 458 ms: 115 % of stable/);
    expect(text).toMatch(/▲ 25 % +▲ 50 %/);
    expect(text).toMatch(/\d\d:\d\d:\d\d {2}you: Scale the canary to 5/);
    expect(text).toMatch(/p99 of the canary is past its limit from here on; stable/);
  });

  test('tells the rule of a limit only where it is more than the limit', () => {
    const { metrics = [] } = metricView('failed');
    const limits = [
      { rule: '> 458 ms', values: [0.458], for: 'criterion' as const },
      { rule: '115 % of stable', values: [0.46], for: 'gate' as const },
    ];
    const drawn = metricsDrawn('failed', { metrics: metrics.map((each) => ({ ...each, limits })) });
    const text = drawn.lines(160, 48).join('\n');
    expect(text).toMatch(/limit 458 ms(?!:)/);
    expect(text).toContain('limit 460 ms: 115 % of stable');
    expect(text).not.toContain('> 458 ms');
  });

  test('is left out where it has no room', () => {
    expect(metricsDrawn('failed').lines(100, 30).join('\n')).not.toContain('last 30 minutes');
  });
});

describe('m', () => {
  test('shows the worst metric first, and j and k the others', () => {
    const { controller, lines } = metricsDrawn('failed');
    lines(80, 24);
    controller.press(press('m'));
    expect(lines(80, 24).join('\n')).toMatch(/▸ p99 +548 ms {2}FAIL +limit 458 ms {3}data 9 s old/);
    controller.press(press('j'));
    expect(lines(80, 24).join('\n')).toMatch(/▸ requests\/min +5,914 {2}ok/);
    controller.press(press('k'));
    controller.press(press('k'));
    expect(lines(80, 24).join('\n')).toMatch(/▸ p95 +187 ms/);
    controller.press(press('m'));
    expect(lines(80, 24).join('\n')).toContain('Your decision');
  });

  test('shows the query and the traffic where there is room', () => {
    const { controller, lines } = metricsDrawn('failed');
    lines(160, 48);
    controller.press(press('m'));
    const text = lines(160, 48).join('\n');
    expect(text).toContain('histogram_quantile(0.99, sum by (le)');
    expect(text).toContain('48.6 requests a second');
  });

  test('says why a metric is not live', () => {
    const { now = 0 } = metricView('blind');
    const { controller, lines } = metricsDrawn('blind', { metrics: silentViews(now, 70_000) });
    lines(80, 24);
    controller.press(press('m'));
    expect(lines(80, 24).join('\n')).toContain('no answer 1:10: connection refused');
  });

  test('is no key of a run without metrics', () => {
    const { controller, lines } = metricsDrawn('failed', { metrics: [] });
    lines(100, 30);
    controller.press(press('m'));
    expect(controller.screen().dialogs).toHaveLength(0);
  });
});

test('the evidence has value, limit, window, looks, age and the query as it was asked', () => {
  const { controller, lines } = metricsDrawn('failed');
  controller.act({ type: 'open', dialog: { kind: 'evidence', step: '3.2', scroll: 0 } });
  let text = '';
  for (let scroll = 0; scroll < 40; scroll += 8) {
    controller.act({ type: 'change', dialog: { kind: 'evidence', step: '3.2', scroll } });
    text += lines(160, 48).join('\n');
  }
  expect(text).toMatch(/limit +458 ms: 115 % of stable/);
  expect(text).toMatch(/value +548 ms/);
  expect(text).toMatch(/stable +398 ms/);
  expect(text).toMatch(/window +1 min/);
  expect(text).toMatch(/in a look +2,914 requests, enough for p99/);
  expect(text).toMatch(/looks +4 looks, 3 of 3/);
  expect(text).toMatch(/data age +9 s when asked/);
  expect(text).toContain('histogram_quantile(0.99');
  expect(text).toContain('track="stable"');
});

test('a baseline says what it will read, then what it has read', () => {
  expect(metricsDrawn('capturing').lines(80, 24).join('\n')).toContain(
    'Baseline: the last 30:00 of error rate, p95, p99 are read.',
  );
  const lines = metricsDrawn('baselined').lines(80, 24);
  expect(lines.join('\n')).toMatch(/Baseline: \d\d:\d\d to \d\d:\d\d, before the change/);
  expect(lineWith(lines, 'metric', 'median', 'p95', 'values')).toBeDefined();
  expect(lineWith(lines, 'p99', '391 ms')).toContain('30 of 30');
});

test('nothing but ASCII where the terminal reads nothing else', () => {
  for (const run of runs) {
    const { frame } = metricsDrawn(run, {}, { LANG: 'C' });
    const { above } = frame(160, 48);
    for (const row of above) for (const { text } of row) expect(text).not.toMatch(/[▁▂▃▄▅▆▇█╌░┊╭╮╰╯┤▲]/);
  }
});
