import { expect, test } from 'vitest';
import { layoutFor } from '../../src/ui/layout.ts';

test('three columns from 120 columns when there are panels, two without', () => {
  for (const columns of [120, 160, 240]) {
    const three = layoutFor(columns, 48, true);
    const two = layoutFor(columns, 48, false);
    if (three.kind !== 'columns' || two.kind !== 'columns') throw new Error('not columns');
    expect(three.checklist + three.step + three.panels).toBe(columns);
    expect(two.checklist + two.step).toBe(columns);
    expect(two.panels).toBe(0);
    expect(two.step).toBeGreaterThan(three.step);
  }
});

test('six rows are fixed, the body has the rest', () => {
  for (const [columns, rows] of [
    [160, 48],
    [100, 30],
    [80, 24],
    [40, 12],
  ] as const) {
    const layout = layoutFor(columns, rows, false);
    expect(layout.kind === 'too-small' ? null : layout.body).toBe(rows - 6);
  }
});

test('one column below 120, with fewer neighbours where there is less room', () => {
  const context = (rows: number): number => {
    const layout = layoutFor(100, rows, true);
    return layout.kind === 'single' ? layout.context : Number.NaN;
  };
  expect(context(40)).toBeGreaterThan(context(24));
  expect(context(24)).toBeGreaterThan(context(14));
});

test('below 40x12 there is only a message', () => {
  expect(layoutFor(39, 12, false).kind).toBe('too-small');
  expect(layoutFor(40, 11, false).kind).toBe('too-small');
  expect(layoutFor(40, 12, false).kind).toBe('single');
});
