import { describe, expect, test } from 'vitest';
import { type CriterionRules, type CriterionWatch, criterionWatch, watchSample } from '../../src/gates/criterion.ts';
import { bad, failedToAsk, good, grey, noData, type Sample } from '../../src/gates/sample.ts';

const rules: CriterionRules = { everyMs: 5000, row: 3, reference: null };
const untouched = criterionWatch('ok', null, false);

/** Answers 5 s apart: good, bad, terminal, error, stale, grey (y), hopeless (h), `-` not there yet. */
const fold = (text: string, own: Partial<CriterionRules> = {}, start = untouched, amount = 1): CriterionWatch =>
  [...text].reduce((watch, kind, i) => {
    const at = (start.lastLookAt ?? 0) + (i + 1) * 5000;
    const samples: Record<string, Sample> = {
      g: good(at, '0 failing'),
      b: bad(at, '2 failing', 'crash loop'),
      t: bad(at, 'failed', 'deadline', 'terminal'),
      e: failedToAsk(at, 'refused'),
      s: noData(at, 'stale', 'no news'),
      y: grey(at, '1', 'a partial answer'),
      h: { ...grey(at, '1', 'no baseline'), pace: 'terminal' },
    };
    const sample = samples[kind === '-' ? 'g' : kind] as Sample;
    return watchSample(
      watch,
      { sample, amount: kind === 'g' ? 0 : amount, notYet: kind === '-' },
      { ...rules, ...own },
    );
  }, start);

describe('a criterion', () => {
  test('is suspect after one BAD look, breached after three in a row', () => {
    expect(fold('gb').status).toBe('suspect');
    expect(fold('gbbg').status).toBe('ok');
    expect(fold('gbbb').status).toBe('breached');
    expect(fold('gbebb').status).toBe('breached');
    expect(fold('gbbb', { everyMs: 15_000 }).status).toBe('suspect');
  });

  test('looks on when the clock was set back', () => {
    const hourBack = { ...fold('g'), lastLookAt: 3_600_000 };
    const seen = (watch: CriterionWatch, at: number): CriterionWatch =>
      watchSample(watch, { sample: bad(at, '2 failing', 'crash loop'), amount: 2, notYet: false }, rules);
    expect([5_000, 10_000, 15_000].reduce(seen, hourBack).status).toBe('breached');
  });

  test('stays breached until somebody acknowledges it, and says when it recovered', () => {
    expect(fold('bbbg').status).toBe('recovered');
    expect(fold('bbbgg').status).toBe('recovered');
    expect(fold('bbbgbbb').status).toBe('breached');
  });

  test('that was acknowledged breaches again only after it was well', () => {
    const told = criterionWatch('ok', null, true);
    expect(fold('bbbbb', {}, told).status).toBe('ok');
    expect(fold('bbgbbb', {}, told).status).toBe('breached');
  });

  test('is breached at once by what cannot get better', () => {
    expect(fold('t').status).toBe('breached');
  });

  test('is BLIND after three errors, at once when stale, until it sees again', () => {
    expect(fold('gee').blind).toBeNull();
    expect(fold('geee').blind).toBe('refused');
    expect(fold('gs').blind).toBe('no news');
    expect(fold('gssssg').blind).toBeNull();
    expect(fold('bbbee').status).toBe('breached');
  });

  test('of something that does not exist yet is neither', () => {
    expect(fold('------')).toMatchObject({ status: 'ok', blind: null });
  });

  test('takes what was as bad before a hotfix for its reference', () => {
    expect(fold('bbbb', { reference: 2 }, untouched, 2).status).toBe('ok');
    expect(fold('bbbb', { reference: 2 }, untouched, 3).status).toBe('breached');
    // The errors of a service that fails anyway go up and down; a number whose fall is bad is below 0 here.
    expect(fold('bbbb', { reference: 0.12 }, untouched, 0.13).status).toBe('ok');
    expect(fold('bbbb', { reference: 0.12 }, untouched, 0.15).status).toBe('breached');
    expect(fold('bbbb', { reference: -40 }, untouched, -35).status).toBe('ok');
    expect(fold('bbbb', { reference: -40 }, untouched, -30).status).toBe('breached');
  });

  test('that cannot tell is BLIND, breaks a row and is no recovery', () => {
    expect(fold('gyy').blind).toBeNull();
    expect(fold('gyyy').blind).toBe('a partial answer');
    expect(fold('gyyyg').blind).toBeNull();
    expect(fold('gh').blind).toBe('no baseline');
    expect(fold('gbbyb').status).toBe('suspect');
    expect(fold('bbby').status).toBe('breached');
    expect(fold('bbbyyyg').status).toBe('recovered');
  });
});
