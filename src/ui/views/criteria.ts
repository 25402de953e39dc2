import type { EngineView } from '../../engine/view.ts';
import { type CriterionRow, criterionRows } from '../../session/criterion-view.ts';
import { spoken, timeOfDay } from '../../text/duration.ts';
import { type SafeText, safe, safeLine, safeText } from '../../text/safe-text.ts';
import { labelled, leftRight, type Row, row, type Section, span, wrapRows } from '../rows.ts';
import { wordTone } from './cluster-panel.ts';

/** The value of this moment where it is known, else that of the last change. */
const valueOf = ({ criteria }: EngineView, { criterion, value }: CriterionRow): string => {
  const live = criteria[criterion];
  if (live === undefined) return value ?? '';
  return live.notYet ? 'not yet' : live.value;
};

/** `SUSPECT`, `BREACHED`; the plain ones keep the four words. */
const stateOf = ({ state, word }: CriterionRow): SafeText =>
  safeText(state === 'not watched' || state === 'acknowledged' ? state : word === 'ok' ? 'ok' : state);

const criterionLine = (view: EngineView, each: CriterionRow, width: number): Row => {
  const value = valueOf(view, each);
  return leftRight(
    [span(safeLine(each.title)), span(safe`${value === '' ? '' : `  ${safeLine(value)}`}`, { dim: true })],
    [span(stateOf(each), { tone: wordTone(each.word), bold: each.word !== 'ok' })],
    width,
  );
};

/** A section of the column beside the step; null without criteria, or when all is well and there is no room. */
export const criteriaSection = (view: EngineView, width: number, room: number): Section | null => {
  if (view.session.finished !== null) return null;
  const rows = criterionRows(view.session, view.now);
  if (rows.length === 0 || room < rows.length + 1) return null;
  return { title: safeText('Rollback criteria'), rows: rows.map((each) => criterionLine(view, each, width)) };
};

/** All that is known of them, for the evidence. */
export const criteriaEvidence = (view: EngineView, width: number): readonly Row[] =>
  criterionRows(view.session, view.now).flatMap((each): readonly Row[] => {
    const live = view.criteria[each.criterion];
    const fact = (name: string, text: string): readonly Row[] =>
      text === '' ? [] : labelled(safe`  ${name.padEnd(10)}`, safeText(text), width);
    const asked = live?.at == null ? '' : `${timeOfDay(live.at)} UTC, ${spoken(view.now - live.at)} ago`;
    return [
      row(safeLine(each.title), { bold: true }),
      ...wrapRows(safe`  ${stateOf(each)}${each.since === null ? '' : ` for ${each.since}`}`, width, {
        tone: wordTone(each.word),
      }),
      ...fact('limit', each.limit),
      ...fact('value', valueOf(view, each)),
      ...fact('because', live?.because ?? each.because ?? ''),
      ...fact('asked', asked),
    ];
  });
