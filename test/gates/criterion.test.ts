import { describe, expect, test } from 'vitest';
import { type CriterionChange, type CriterionRules, criterionWatch, watchSample } from '../../src/gates/criterion.ts';
import { bad, failedToAsk, good, noData, type Sample } from '../../src/gates/sample.ts';

const rules: CriterionRules = { everyMs: 5000, row: 3, reference: null };

const fold = (
  text: string,
  own: Partial<CriterionRules> = {},
  start = criterionWatch('ok', false, false),
  amount = 1,
) => {
  const changes: CriterionChange['kind'][] = [];
  let watch = start;
  [...text].forEach((kind, i) => {
    const at = (start.lastLookAt ?? 0) + (i + 1) * 5000;
    const samples: Record<string, Sample> = {
      g: good(at, '0 failing'),
      b: bad(at, '2 failing', 'crash loop'),
      t: bad(at, 'failed', 'deadline', 'terminal'),
      e: failedToAsk(at, 'refused'),
      s: noData(at, 'stale', 'no news'),
    };
    const next = watchSample(
      watch,
      { sample: samples[kind === '-' ? 'g' : kind] as Sample, amount: kind === 'g' ? 0 : amount, notYet: kind === '-' },
      { ...rules, ...own },
    );
    watch = next.watch;
    changes.push(...next.changes.map((change) => change.kind));
  });
  return { watch, changes };
};

describe('a criterion', () => {
  test('is suspect after one BAD look, breached after three in a row', () => {
    expect(fold('gb').changes).toEqual(['suspect']);
    expect(fold('gbbg').changes).toEqual(['suspect', 'recovered']);
    expect(fold('gbbb').changes).toEqual(['suspect', 'breached']);
    expect(fold('gbebb').changes).toEqual(['suspect', 'breached']);
  });

  test('stays breached until somebody acknowledges it, and says when it recovered', () => {
    const { watch, changes } = fold('bbbgg');
    expect(changes).toEqual(['suspect', 'breached', 'recovered']);
    expect(watch.status).toBe('recovered');
    expect(fold('bbb', {}, watch).changes).toEqual(['breached']);
  });

  test('that was acknowledged breaches again only after it was well', () => {
    const told = criterionWatch('ok', false, true);
    expect(fold('bbbbb', {}, told).changes).toEqual([]);
    expect(fold('bbgbbb', {}, told).changes).toEqual(['suspect', 'breached']);
  });

  test('is breached at once by what cannot get better', () => {
    expect(fold('t').changes).toEqual(['breached']);
  });

  test('is BLIND after three errors, at once when stale, and says when it sees again', () => {
    expect(fold('gee').changes).toEqual([]);
    expect(fold('geee').changes).toEqual(['blind']);
    expect(fold('gs').changes).toEqual(['blind']);
    expect(fold('gssssg').changes).toEqual(['blind', 'recovered']);
  });

  test('of something that does not exist yet is neither', () => {
    expect(fold('------').changes).toEqual([]);
  });

  test('takes what was as bad before a hotfix for its reference', () => {
    expect(fold('bbbb', { reference: 2 }, undefined, 2).changes).toEqual([]);
    expect(fold('bbbb', { reference: 2 }, undefined, 3).changes).toEqual(['suspect', 'breached']);
  });
});
