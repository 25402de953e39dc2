import { describe, expect, test } from 'vitest';
import { widthOf } from '../../src/text/width.ts';
import { asciiOf } from '../../src/ui/ascii.ts';
import { type Chart, chartRows } from '../../src/ui/chart.ts';
import { type Row, rowText, rowWidth } from '../../src/ui/rows.ts';
import { themeFor } from '../../src/ui/theme.ts';

const to = Date.UTC(2026, 10, 20, 14, 51, 0);
const from = to - 1_800_000;
const theme = themeFor('dark', { LANG: 'C.UTF-8' });

/** 400 for twenty minutes, then 550; the control stays. */
const points = Array.from({ length: 120 }, (_, i) => ({ at: from + i * 15_000, value: i < 80 ? 400 : 550 }));

const chart: Chart = {
  from,
  to,
  points,
  control: points.map(({ at }) => ({ at, value: 398 })),
  stepMs: 15_000,
  worse: 'higher',
  limits: [458],
  isPast: (value) => value > 458,
  band: null,
  marks: [],
  words: (value) => `${Math.round(value)} ms`,
  faded: false,
};

const text = (rows: readonly Row[]): readonly string[] => rows.map(rowText);

describe('a chart', () => {
  test.each([
    [74, 12],
    [110, 30],
    [40, 8],
  ])('is exactly %i columns wide and %i rows high', (width, height) => {
    const rows = chartRows({ ...chart, marks: [{ at: to - 600_000, label: '50 %' }] }, width, height, theme);
    expect(rows).toHaveLength(height);
    for (const row of rows.slice(0, -2)) expect(rowWidth(row)).toBe(width);
    for (const row of rows) expect(rowWidth(row)).toBeLessThanOrEqual(width);
  });

  test('labels its axis from the highest to the lowest, and the time from the first to the last', () => {
    const rows = text(chartRows(chart, 80, 14, theme));
    expect(rows[0]).toMatch(/^550 ms ┤/);
    expect(rows[11]).toMatch(/^398 ms ┤/);
    expect(rows.at(-1)).toMatch(/^ +14:21 .* 14:51$/);
  });

  test('draws the limit across, and what is past it in its own tone', () => {
    const rows = chartRows(chart, 80, 14, theme);
    const limit = rows.find((row) => rowText(row).includes('╌╌╌╌╌╌╌╌'));
    expect(limit?.some(({ tone }) => tone === 'fail')).toBe(true);
    const top = rows[0] ?? [];
    expect(top.find(({ text: own }) => own.includes('───'))).toMatchObject({ tone: 'fail' });
    const bottom = rows.findLast((row) => row.some(({ text: own, bold }) => bold === true && own.includes('───────')));
    expect(bottom?.find(({ bold }) => bold === true)?.tone).toBeUndefined();
  });

  test('names what happened where it happened, the newest first where there is no room for all', () => {
    const marks = [
      { at: to - 1_200_000, label: '10 % of traffic' },
      { at: to - 1_190_000, label: '25 % of traffic' },
      { at: to - 30_000, label: '50 % of traffic' },
    ];
    const rows = text(chartRows({ ...chart, marks }, 80, 14, theme));
    const names = rows.at(-1) ?? '';
    expect(names).toContain('▲ 25 % of traffic');
    expect(names).not.toContain('10 %');
    expect(names.trimEnd()).toMatch(/50 % of traffic ▲$/);
    const axis = rows.at(-3) ?? '';
    expect([...axis].filter((glyph) => glyph === '┴')).toHaveLength(2);
    expect(names.indexOf('▲')).toBe([...axis].indexOf('┴'));
  });

  test('has no colour when it is not of now', () => {
    const rows = chartRows({ ...chart, faded: true }, 80, 14, theme);
    const plot = rows.slice(0, -2).flat();
    expect(plot.every(({ tone, bold }) => tone === undefined && bold !== true)).toBe(true);
    expect(plot.filter(({ text: own }) => /[─·]{4,}/.test(own)).every(({ dim }) => dim === true)).toBe(true);
  });

  test('leaves a gap where nothing answered, and says so when nothing ever did', () => {
    const silent = points.filter(({ at }) => at < to - 600_000);
    const [top = ''] = text(chartRows({ ...chart, points: silent, control: [], limits: [] }, 80, 14, theme));
    expect(top.slice(-20).trim()).toBe('');
    expect(text(chartRows({ ...chart, points: [], control: [], limits: [] }, 80, 14, theme))).toEqual([
      'no values yet',
    ]);
  });

  test('is pure ASCII where the terminal reads nothing else', () => {
    const plain = themeFor('dark', { LANG: 'C' });
    const band = { low: 380, high: 410 };
    for (const line of text(chartRows({ ...chart, band, marks: [{ at: to - 60_000, label: 'x' }] }, 60, 12, plain)))
      expect(asciiOf(line as never)).toBe(line);
  });

  test('has few pieces: every piece of a row costs time to draw', () => {
    const rows = chartRows({ ...chart, marks: [{ at: to - 600_000, label: '50 %' }] }, 110, 24, theme);
    expect(Math.max(...rows.map((row) => row.length))).toBeLessThanOrEqual(12);
    expect(widthOf(rowText(rows[0] ?? []))).toBe(110);
  });
});
