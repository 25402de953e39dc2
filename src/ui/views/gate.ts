import type { Gate } from '../../runbook/model.ts';
import { checksOf, commandsOf } from '../../session/gate-checks.ts';
import {
  type GateRow,
  type GateView,
  gateTitle,
  gateView,
  openGateViews,
  plannedGateRows,
} from '../../session/gate-view.ts';
import type { ActionState, FrameState } from '../../session/state.ts';
import { safe, safeLine, safeText } from '../../text/safe-text.ts';
import { widthOf } from '../../text/width.ts';
import { bar, blank, leftRight, type Row, row, type Style, span, wrapRows } from '../rows.ts';
import { wordTone } from './cluster-panel.ts';
import { tableRows } from './gate-table.ts';
import { isMetricTable } from './metric-table.ts';
import type { StepView } from './step.ts';
import { scriptRows } from './step-command.ts';

/** A gate in its step: how far it is, a table of its checks, and why it is not ok. */
export const gateRows = (step: StepView, gate: Gate, index: number): readonly Row[] => {
  const { view, at } = step;
  const frame = view.session.frames[at.frame];
  if (frame === undefined) return [];
  const shown = gateView(view.session, { frame: at.frame, step: at.step.id, action: index }, view.now);
  const state = at.state.actions[index];
  if (shown === null || state?.status === 'todo') return [...plannedRows(step, frame, gate), blank];
  const ended = endRows(state, step.width);
  const head = headRows(step, shown, gate);
  if (step.folded === true && isMetricTable(shown.rows))
    return [...head.slice(0, 1), ...ended, ...tableRows(worstFirst(shown.rows), step.width, shown.because)];
  return [...head, ...ended, blank, ...tableRows(shown.rows, step.width, shown.because), blank];
};

/** With as many rows for the step, gates beside it are shown with their table. */
const roomyRows = 24;

const severity = ['FAIL', 'BLIND', 'wait', 'ok'];

/** Where not all of the table is in sight, what is wrong is. */
const worstFirst = (rows: readonly GateRow[]): readonly GateRow[] =>
  rows.toSorted((a, b) => severity.indexOf(a.word) - severity.indexOf(b.word));

/** What it will ask, before it begins. */
const plannedRows = ({ width }: StepView, frame: FrameState, gate: Gate): readonly Row[] => {
  const commands = commandsOf(checksOf(frame, gate));
  return [
    row(safeText('Gate: the run goes on when all of this holds.'), { dim: true }),
    ...tableRows(plannedGateRows(frame, gate), width, null),
    ...(commands.length === 0 ? [] : [blank, row(safeText('It asks by these, again and again:'), { dim: true })]),
    ...commands.flatMap((command) => scriptRows(command, width)),
  ];
};

const headRows = ({ width, theme, at }: StepView, gate: GateView, { forMs, name }: Gate): readonly Row[] => {
  const { word, because, share, voided } = gate;
  const style: Style = { tone: wordTone(word), bold: true };
  const kind = forMs === null ? '' : 'soak  ';
  const again = gate.try > 1 ? `   try ${gate.try}` : '';
  const clock = safeLine(`${gate.clock}${again}`);
  const room = Math.min(24, width - 8 - kind.length - widthOf(clock) - 4);
  const drawn = share === null || room < 6 ? [] : [span(safe`${bar(share, room, theme)}   `, { tone: wordTone(word) })];
  const title = name === null || gate.title === at.step.title ? [] : [row(safeLine(gate.title), { bold: true })];
  const why = because === null || because === '' ? [] : wrapRows(safeText(because), width, style, 6);
  return [
    ...title,
    [span(safe`${word.padEnd(6)}`, style), span(safeText(kind)), ...drawn, span(clock)],
    ...(word === 'ok' ? [] : why),
    ...(voided === null ? [] : wrapRows(safe`it began anew: ${voided}`, width, { tone: 'wait' }, 6)),
  ];
};

const endRows = (state: ActionState | undefined, width: number): readonly Row[] => {
  const result = state?.result;
  if (result?.kind !== 'gate' || result.how === 'passed') return [];
  const how = result.how === 'override' ? 'gone past with an override' : 'judged by eye';
  return wrapRows(safe`${how}: ${result.reason ?? ''}`, width, { tone: 'wait', bold: true }, 6);
};

/** Gates of other steps that are open now: they are judged while the operator works on this one. */
export const meanwhileRows = ({ view, at, width, height, theme }: StepView): readonly Row[] => {
  const others = openGateViews(view.session, view.now).filter(({ step }) => step !== at.step.id);
  if (others.length === 0) return [];
  return [
    row(safeText('Meanwhile'), { dim: true }),
    ...others.flatMap((gate): readonly Row[] => {
      const { word, share, because } = gate;
      const style: Style = { tone: wordTone(word), bold: true };
      const clock = safeLine(gate.clock);
      const room = Math.min(16, width - 6 - widthOf(gateTitle(gate)) - widthOf(clock) - 6);
      const drawn =
        share === null || room < 6 ? [] : [span(safe`${bar(share, room, theme)}   `, { tone: wordTone(word) })];
      const why =
        because === null || because === '' || word === 'ok' || word === 'wait'
          ? []
          : wrapRows(safeText(because), width, style, 6);
      return [
        leftRight(
          [span(safe`${word.padEnd(6)}`, style), span(safeLine(gateTitle(gate)))],
          [...drawn, span(clock)],
          width,
        ),
        ...why,
        ...(height >= roomyRows && isMetricTable(gate.rows) ? [blank, ...tableRows(gate.rows, width, because)] : []),
      ];
    }),
    blank,
  ];
};
