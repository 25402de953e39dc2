import type { EngineView } from '../../engine/view.ts';
import type { StepAt } from '../../session/main-action.ts';
import { owed, type PhaseRow, phaseRows, stateWords } from '../../session/overview.ts';
import { stepTitle } from '../../session/ui-facts.ts';
import { clock, timeOfDay } from '../../text/duration.ts';
import { safe, safeText } from '../../text/safe-text.ts';
import { blank, fitRow, leftRight, type Row, row, type Section, type Style, span } from '../rows.ts';
import type { Theme } from '../theme.ts';
import { gateMark, openGateWord, stepGlyph } from './step-mark.ts';

export interface ChecklistView {
  readonly view: EngineView;
  readonly current: string | null;
  readonly selected: string | null;
  readonly theme: Theme;
  readonly width: number;
  readonly height: number;
}

interface Entry {
  readonly row: Row;
  readonly step: string | null;
  readonly offPath: boolean;
}

const phaseEntry = (
  { phase, depth, done, total, state, dueInMs, offPath }: PhaseRow,
  { theme, width }: ChecklistView,
): Entry => {
  const mark = {
    done: theme.glyph.done,
    now: theme.glyph.now,
    todo: theme.glyph.open,
    failed: theme.glyph.failed,
    'not-applicable': theme.glyph.skipped,
  }[state];
  const tone = state === 'now' ? 'now' : state === 'done' ? 'ok' : state === 'failed' ? 'fail' : undefined;
  const due = dueInMs === null || state === 'done' ? '' : dueInMs < 0 ? 'overdue ' : `in ${clock(dueInMs)} `;
  const style: Style = tone === undefined ? {} : { tone };
  const left: Row = [
    span(safe`${'  '.repeat(depth)}${offPath ? ' ' : mark} `, style),
    span(
      safe`${phase.title}`,
      state === 'now' ? { bold: true, tone: 'now' } : state === 'todo' ? {} : { dim: state !== 'failed' },
    ),
  ];
  const right: Row = [
    span(safe`${due}${state === 'not-applicable' ? 'n/a' : offPath ? String(total) : `${done}/${total}`}`, {
      dim: true,
    }),
  ];
  return { row: leftRight(left, right, width), step: null, offPath };
};

const stepEntry = (
  at: StepAt,
  { depth, offPath }: PhaseRow,
  { current, selected, theme, width }: ChecklistView,
): Entry => {
  const isCurrent = at.step.id === current;
  const isSelected = at.step.id === selected;
  const gate = openGateWord(at);
  const { glyph, tone } =
    gate === null ? stepGlyph(at.state.status, isCurrent, theme) : gateMark(gate, isCurrent, theme);
  const word =
    gate ??
    (at.state.status === 'open' || at.state.status === 'active'
      ? ''
      : at.state.status === 'passed' && stateWords(at.state) === 'passed'
        ? ''
        : stateWords(at.state));
  const style = tone === undefined ? {} : { tone };
  const left: Row = [
    span(safe`${'  '.repeat(depth + at.depth + 1)}`),
    span(safe`${glyph} `, style),
    span(
      safe`${at.step.title}`,
      isCurrent
        ? { bold: true, tone: 'now' }
        : isSelected
          ? {}
          : { dim: at.state.status !== 'open' && at.state.status !== 'failed' && at.state.status !== 'attention' },
    ),
  ];
  const right: Row = word === '' ? [] : [span(safe`${word}`, style)];
  const line = leftRight(left, right, width);
  // The step that the run stands at has its own mark; a bar shows only where somebody looks elsewhere.
  const barred = isSelected && !isCurrent;
  return { row: barred ? line.map(({ text }) => span(text, { inverse: true })) : line, step: at.step.id, offPath };
};

const heading = (line: Row): Entry => ({ row: line, step: null, offPath: true });

/** Phases with their counts; steps of the phase that is now, and of the one that is looked at. */
const entries = (of: ChecklistView, every: boolean): readonly Entry[] => {
  const rows = phaseRows(of.view.session, of.view.now);
  const out: Entry[] = [];
  let off = false;
  for (const phase of rows) {
    if (phase.offPath && !off) out.push(heading(blank), heading(row(safeText('Only if needed'), { bold: true })));
    off = phase.offPath;
    out.push(phaseEntry(phase, of));
    const open =
      every ||
      phase.state === 'now' ||
      phase.state === 'failed' ||
      phase.steps.some(({ step }) => step.id === of.selected);
    if (open) for (const at of phase.steps) out.push(stepEntry(at, phase, of));
  }
  return out;
};

/** The step before, the one looked at and the next ones: rows of steps only. */
export const stepsAround = (of: ChecklistView, count: number): readonly Row[] => {
  const wanted = of.selected ?? of.current;
  const all = entries(of, true).filter(({ step }) => step !== null);
  const aside = all.find(({ step }) => step === wanted)?.offPath === true;
  const steps = all.filter(({ offPath }) => offPath === aside);
  const found = steps.findIndex(({ step }) => step === wanted);
  const at = found === -1 ? steps.length : found;
  const from = Math.max(0, Math.min(at - Math.floor(count / 3), steps.length - count));
  return steps.slice(from, from + count).map(({ row: line }) => line);
};

/** The part of the checklist around what is looked at. */
export const checklistRows = (of: ChecklistView, every: boolean): readonly Row[] => {
  const all = entries(of, every);
  if (all.length <= of.height) return all.map(({ row: line }) => line);
  const wanted = of.selected ?? of.current;
  const at = Math.max(
    0,
    all.findIndex(({ step }) => step === wanted),
  );
  const first = Math.max(0, Math.min(at - Math.floor(of.height / 3), all.length - of.height));
  const shown = all.slice(first, first + of.height).map(({ row: line }) => line);
  const more = (count: number, line: Row): Row => [
    ...fitRow(line, Math.max(0, of.width - 10)),
    span(safe`  ${count} more`, { dim: true }),
  ];
  if (first > 0) shown[0] = more(first, shown[0] ?? blank);
  const below = all.length - first - of.height;
  if (below > 0) shown[shown.length - 1] = more(below, shown[shown.length - 1] ?? blank);
  return shown;
};

/** The column at the left: checklist, what is owed, what was done last. */
export const checklistSections = (of: ChecklistView): readonly Section[] => {
  const { view, height, theme } = of;
  const due = owed(view.session).slice(0, 5);
  const owedRows = due.map((at) =>
    leftRight(
      row(safe`  ${at.step.title}`),
      row(at.state.until === null ? safeText('') : safe`by ${timeOfDay(at.state.until).slice(0, 5)}`, { dim: true }),
      of.width,
    ),
  );
  const doneRoom = height >= 30 ? 5 : height >= 22 ? 3 : 0;
  const done = doneRoom === 0 ? [] : lastDone(view, theme, doneRoom);
  const extra = (due.length === 0 ? 0 : owedRows.length + 1) + (done.length === 0 ? 0 : done.length + 1);
  const room = Math.max(1, height - 2 - extra);
  const list = checklistRows({ ...of, height: room }, false);
  const filler = Array.from({ length: Math.max(0, room - list.length) }, () => blank);
  return [
    { title: safeText('Checklist'), rows: [...list, ...filler], accent: false },
    ...(due.length === 0 ? [] : [{ title: safe`Owed before closing: ${due.length}`, rows: owedRows }]),
    ...(done.length === 0 ? [] : [{ title: safeText('Done so far'), rows: done }]),
  ];
};

const lastDone = (view: EngineView, theme: Theme, most: number): readonly Row[] =>
  view.session.frames
    .flatMap((frame) => Object.values(frame.steps).map((state) => ({ state, frame })))
    .filter(({ state }) => state.endedAt !== null && state.status !== 'open' && state.status !== 'active')
    .sort((a, b) => (b.state.endedAt ?? 0) - (a.state.endedAt ?? 0))
    .slice(0, most)
    .map(({ state, frame }) => {
      const { glyph, tone } = stepGlyph(state.status, false, theme);
      const title = stepTitle(frame, state.id);
      return [
        span(safe`${timeOfDay(state.endedAt ?? 0).slice(0, 8)} `, { dim: true }),
        span(safe`${glyph} `, tone === undefined ? {} : { tone }),
        span(safe`${title}`),
      ];
    });
