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
import { timeOfDay } from '../../text/duration.ts';
import { type SafeText, safe, safeLine, safeText } from '../../text/safe-text.ts';
import { padTo, widthOf, wrap } from '../../text/width.ts';
import { bar, blank, leftRight, type Row, row, type Style, span, wrapRows } from '../rows.ts';
import { wordTone } from './cluster-panel.ts';
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
  return [...headRows(step, shown, gate), ...ended, blank, ...tableRows(shown.rows, step.width, shown.because), blank];
};

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

interface Widths {
  readonly title: number;
  readonly value: number;
  readonly limit: number;
  readonly looks: number;
}

const gap = 3;
const wordColumns = 6;

const longestWord = (text: string): number => Math.max(0, ...text.split(' ').map(widthOf));

/** Columns as wide as what is in them, long titles and limits wrapped between words; null when they do not fit side by side. */
const widthsOf = (rows: readonly GateRow[], width: number): Widths | null => {
  const most = (of: (each: GateRow) => string, title: string, measure = widthOf): number =>
    Math.max(widthOf(title), ...rows.map((each) => measure(safeLine(of(each)))));
  const value = most((each) => each.value, 'value');
  const title = most((each) => each.title, 'check');
  const limit = most((each) => each.limit, 'limit');
  const leastTitle = most((each) => each.title, 'check', longestWord);
  const leastLimit = most((each) => each.limit, 'limit', longestWord);
  const allLooks = Math.max(0, ...rows.map(({ looks }) => looks.length));
  for (const looks of [allLooks, 0]) {
    const rest = width - value - wordColumns - gap * 3 - (looks === 0 ? 0 : looks + 2);
    if (title + limit <= rest) return { title, value, limit, looks };
    const wanted = Math.max(Math.min(limit, Math.floor(rest / 2)), leastLimit);
    const left = Math.min(title, rest - wanted);
    if (left >= leastTitle) return { title: left, value, limit: rest - left, looks };
  }
  return null;
};

const wordOf = ({ word, at, leftOut }: GateRow): SafeText =>
  safeText(leftOut ? 'out' : at === null && word === 'wait' ? '' : word);

const styleOf = ({ word, leftOut, at }: GateRow): Style =>
  leftOut || (at === null && word === 'wait') ? { dim: true } : { tone: wordTone(word), bold: word !== 'ok' };

/** `said`: the gate's own reason; what it says is not said again. */
const tableRows = (rows: readonly GateRow[], width: number, said: string | null): readonly Row[] => {
  const widths = widthsOf(rows, width);
  const shown = rows.map((each) =>
    each.because !== null && said?.includes(each.because) === true ? { ...each, because: null } : each,
  );
  return widths === null ? shown.flatMap((each) => stackedRows(each, width)) : columnRows(shown, widths, width);
};

const columnRows = (rows: readonly GateRow[], widths: Widths, width: number): readonly Row[] => {
  const space = ' '.repeat(gap);
  const line = (title: string, value: string, limit: string): SafeText =>
    safe`${padTo(safeLine(title), widths.title)}${space}${padTo(safeLine(value), widths.value)}${space}${padTo(safeLine(limit), widths.limit)}${space}`;
  const head = row(safe`${line('check', 'value', 'limit')}result`, { dim: true });
  return [
    head,
    ...rows.flatMap((each): readonly Row[] => {
      const titles = wrap(safeLine(each.title), widths.title);
      const limits = wrap(safeLine(each.limit), widths.limit);
      const style: Style = each.leftOut ? { dim: true } : {};
      const more = Array.from({ length: Math.max(titles.length, limits.length) - 1 }, (_, i) =>
        row(line(titles[i + 1] ?? '', '', limits[i + 1] ?? ''), style),
      );
      return [
        [
          span(line(titles[0] ?? '', each.value, limits[0] ?? ''), style),
          span(safe`${wordOf(each).padEnd(wordColumns)}`, styleOf(each)),
          ...(each.looks === '' || widths.looks === 0 ? [] : [span(safe`  ${each.looks}`, { dim: true })]),
        ],
        ...more,
        ...becauseRows(each, width),
      ];
    }),
  ];
};

/** For a narrow place: the check with its word, then its value beside the limit. */
const stackedRows = (each: GateRow, width: number): readonly Row[] => {
  const facts = [each.value, `limit ${each.limit}`, each.looks].filter((part) => part !== '').join('   ');
  return [
    leftRight(row(safeLine(each.title), { bold: true }), row(wordOf(each), styleOf(each)), width),
    ...wrapRows(safeText(facts), width, { dim: true }, 2),
    ...becauseRows(each, width),
  ];
};

const becauseRows = ({ because, word, leftOut, at }: GateRow, width: number): readonly Row[] => {
  if (leftOut) return [row(safeText('  not judged: its source is known to be away'), { dim: true })];
  if (because === null || word === 'ok') return [];
  const when = at === null || word === 'wait' ? '' : `, ${timeOfDay(at)}`;
  return wrapRows(safe`${because}${when}`, width, word === 'wait' ? { dim: true } : { tone: wordTone(word) }, 2);
};

/** Gates of other steps that are open now: they are judged while the operator works on this one. */
export const meanwhileRows = ({ view, at, width, theme }: StepView): readonly Row[] => {
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
      ];
    }),
    blank,
  ];
};
