import type { EngineView } from '../../engine/view.ts';
import { spoken, timeOfDay } from '../../text/duration.ts';
import { safe, safeLine, safeText } from '../../text/safe-text.ts';
import { type CriterionNow, criteriaNow } from '../criteria-now.ts';
import { labelled, leftRight, type Row, row, type Section, span, wrapRows } from '../rows.ts';
import { wordTone } from './cluster-panel.ts';

const line = ({ row: { title }, value, word, state }: CriterionNow, width: number): Row =>
  leftRight(
    [span(safeLine(title)), span(safe`${value === '' ? '' : `  ${safeLine(value)}`}`, { dim: true })],
    [span(safeText(state), state === 'not yet' ? { dim: true } : { tone: wordTone(word), bold: word !== 'ok' })],
    width,
  );

/** A section of the column beside the step; null without criteria, or when there is no room for all. */
export const criteriaSection = (view: EngineView, width: number, room: number): Section | null => {
  const all = criteriaNow(view);
  if (all.length === 0 || room < all.length + 1) return null;
  return { title: safeText('Rollback criteria'), rows: all.map((each) => line(each, width)) };
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
