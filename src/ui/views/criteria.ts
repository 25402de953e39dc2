import type { EngineView } from '../../engine/view.ts';
import { criteriaOf } from '../../session/criterion-state.ts';
import { metricsSource } from '../../session/metric-check.ts';
import { spoken, timeOfDay } from '../../text/duration.ts';
import { safe, safeLine, safeText } from '../../text/safe-text.ts';
import { type CriterionNow, criteriaNow } from '../criteria-now.ts';
import { labelled, leftRight, type Row, row, type Section, type Span, span, wrapRows } from '../rows.ts';
import { wordTone } from './cluster-panel.ts';

const stateSpan = ({ word, state }: CriterionNow): Span =>
  span(safeText(state), state === 'not yet' ? { dim: true } : { tone: wordTone(word), bold: word !== 'ok' });

const line = (each: CriterionNow, width: number): Row =>
  leftRight(
    [
      span(safeLine(each.row.title)),
      span(safe`${each.value === '' ? '' : `  ${safeLine(each.value)}`}`, { dim: true }),
    ],
    [stateSpan(each)],
    width,
  );

/** A section of the column beside the step; null without criteria, or when there is no room for all. */
export const criteriaSection = (view: EngineView, width: number, room: number): Section | null => {
  const all = criteriaNow(view);
  if (all.length === 0 || room < all.length + 1) return null;
  return { title: safeText('Rollback criteria'), rows: all.map((each) => line(each, width)) };
};

/** What is left to judge by while the metrics are away: criteria that ask something else. */
export const byEyeRows = (view: EngineView, width: number, most: number): readonly Row[] => {
  const criteria = criteriaOf(view.session);
  const others = criteriaNow(view).filter(({ row: { criterion } }) => criteria[criterion]?.source !== metricsSource);
  if (others.length === 0) return [];
  return [
    row(safeText('Judged by eye, metrics are away'), { bold: true }),
    ...others.slice(0, most).map((each): Row => {
      const reference = view.session.criteria[each.row.criterion]?.reference ?? null;
      const before = reference === null || reference === 0 ? '' : '   not well before the change';
      const left = [span(safe`  ${safeLine(each.row.title)}`), span(safeText(before), { dim: true })];
      return leftRight(left, [span(safe`${safeLine(each.value)}   `), stateSpan(each)], width);
    }),
  ];
};

/** All that is known of them, for the evidence. */
export const criteriaEvidence = (view: EngineView, width: number): readonly Row[] =>
  criteriaNow(view).flatMap(({ row: known, value, word, state, because }): readonly Row[] => {
    const at = view.criteria[known.criterion]?.at ?? null;
    const fact = (name: string, text: string): readonly Row[] =>
      text === '' ? [] : labelled(safe`  ${name.padEnd(10)}`, safeText(text), width);
    const since = known.since === null ? '' : ` for ${known.since}`;
    return [
      row(safeLine(known.title), { bold: true }),
      ...wrapRows(safe`${state}${since}`, width, { tone: wordTone(word) }, 2),
      ...fact('limit', known.limit),
      ...fact('value', value),
      ...fact('because', because ?? ''),
      ...fact('asked', at === null ? '' : `${timeOfDay(at)} UTC, ${spoken(view.now - at)} ago`),
    ];
  });
