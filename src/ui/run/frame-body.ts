import type { StepAt } from '../../session/main-action.ts';
import { type SafeText, safe, safeText } from '../../text/safe-text.ts';
import { widthOf } from '../../text/width.ts';
import { beside, blank, fill, fitRow, pane, type Row, row, rule, type Section, span, wrapRows } from '../rows.ts';
import { watchBody } from '../scenes/watch.ts';
import type { Theme } from '../theme.ts';
import { type ChecklistView, checklistRows, checklistSections, stepsAround } from '../views/checklist.ts';
import { decisionRows } from '../views/decision.ts';
import { sideLines, sideSections } from '../views/panels.ts';
import { stepRows } from '../views/step.ts';
import { stopRows } from '../views/stop.ts';
import type { FrameInput } from './frame.ts';
import type { Look } from './look.ts';

export interface Body {
  readonly rows: readonly Row[];
  /** The furthest the step can scroll. */
  readonly mostScroll: number;
}

const listView = ({ view, look, screen, theme }: FrameInput, width: number, height: number): ChecklistView => ({
  view,
  current: look.current,
  selected: screen.selected ?? look.at?.step.id ?? null,
  theme,
  width,
  height,
});

export const checklistPane = (input: FrameInput, width: number, height: number): readonly Row[] =>
  pane(checklistSections(listView(input, width - 4, height)), width, height, input.theme);

const scrolled = (rows: readonly Row[], scroll: number, height: number, width: number): Body => {
  const most = Math.max(0, rows.length - height);
  const first = Math.min(scroll, most);
  const shown = [...fill(rows.slice(first, first + height), height)];
  const below = rows.length - first - height;
  // The row under the notice is hidden too, so it is counted.
  if (below > 0) shown[height - 1] = fitRow(row(safe`${below + 1} more lines, PgDn`, { bold: true }), width);
  return { rows: shown, mostScroll: most };
};

/** A title has less room than the rows below it: its rule goes on beside it. */
const titleInset = 4;

const hasLongTitle = ({ step }: StepAt, width: number): boolean => widthOf(step.title) > width;

/** With its phase where there is room for both; a step's title that has no room at all stands below, whole. */
const bodyTitle = (
  { at, main, card, view }: Look,
  screen: FrameInput['screen'],
  theme: Theme,
  width: number,
): SafeText => {
  if (screen.selected === null && view.session.mismatch !== null) return safeText('Stopped: this is another target');
  if (screen.selected === null && main.kind === 'choose-phase') return safeText('Choose the way');
  if (at === null || (screen.selected === null && main.kind === 'finish')) return safeText('The end');
  const own = card === null ? safeText(at.step.title) : safe`${card.length} items to tick`;
  const both = safe`${at.phase.title} ${theme.glyph.into} ${own}`;
  if (widthOf(both) <= width) return both;
  return card === null && hasLongTitle(at, width) ? safeText(at.phase.title) : own;
};

const content = (
  { view, look, theme, brief, screen }: FrameInput,
  width: number,
  height: number,
  folded: boolean,
): readonly Row[] => {
  const { main, at, kept } = look;
  if (screen.selected === null && view.session.mismatch !== null) return stopRows(view.session.mismatch, width);
  if (screen.selected === null && main.kind === 'choose-phase') {
    const phases = main.phases.flatMap((phase) => [
      blank,
      row(safe`${phase.title}`, { bold: true }),
      ...phase.steps.map(({ title }) => row(safe`  ${title}`, { dim: true })),
    ]);
    return [row(safeText('One of these is taken; the others do not apply then.')), ...phases];
  }
  if (at === null || (screen.selected === null && main.kind === 'finish'))
    return [row(safeText('Every step is settled.'), { bold: true })];
  const long = look.card === null && hasLongTitle(at, width - titleInset);
  const title = long ? [...wrapRows(safeText(at.step.title), width, { bold: true }), blank] : [];
  const room = Math.max(1, height - title.length);
  return [
    ...title,
    ...stepRows({ view, at, main, item: screen.item, kept, theme, width, height: room, brief, folded }),
  ];
};

/** The step in its place; what does not fit is folded until somebody scrolls. */
const stepBody = (input: FrameInput, width: number, height: number): Body => {
  const { scroll } = input.screen;
  const whole = content(input, width, height, false);
  if (scroll > 0 || whole.length <= height) return scrolled(whole, scroll, height, width);
  const { rows } = scrolled(content(input, width, height, true), 0, height, width);
  return { rows, mostScroll: whole.length - height };
};

/** What stands between the fixed lines: the step and what is around it, or what a watch sees. */
export const bodyOf = (input: FrameInput): Body => {
  const watch = input.view.observing?.watch;
  if (watch !== undefined) return watchBody({ ...input, scroll: input.screen.scroll }, watch);
  return input.layout.kind === 'columns' ? wideBody(input) : narrowBody(input);
};

/** From 120 columns: checklist, step with its decision, panels when there are any. */
const wideBody = (input: FrameInput): Body => {
  const { view, look, theme, layout, screen } = input;
  if (layout.kind !== 'columns') return { rows: [], mostScroll: 0 };
  const height = layout.body;
  const width = layout.step - 4;
  const decision = decisionRows(view, look.main, width, Math.floor(height / 2));
  const room = Math.max(3, height - 2 - (decision.length === 0 ? 0 : decision.length + 1));
  const step = stepBody(input, width, room);
  const accent = look.at?.step.id === look.current;
  const sections: readonly Section[] = [
    { title: bodyTitle(look, screen, theme, width - titleInset), rows: step.rows, accent },
    ...(decision.length === 0 ? [] : [{ title: safeText('Your decision'), rows: decision, accent: true }]),
  ];
  const columns = [checklistPane(input, layout.checklist, height), pane(sections, layout.step, height, theme)];
  if (layout.panels > 0)
    columns.push(
      pane(sideSections(view, { at: look.at, theme, width: layout.panels - 4, height }), layout.panels, height, theme),
    );
  return { rows: beside(...columns), mostScroll: step.mostScroll };
};

/** Below 120 columns: some steps around the one that is looked at, the step, panels as lines; or the whole list. */
const narrowBody = (input: FrameInput): Body => {
  const { view, look, theme, layout, screen } = input;
  const { columns, body: height } = layout;
  const width = columns - 2;
  const inset = (line: Row): Row => fitRow([span(safeText(' ')), ...line], columns);
  if (screen.list) {
    const list = checklistRows(listView(input, width, height - 2), true);
    return {
      rows: [
        rule(safeText('Checklist'), columns, theme),
        ...fill(list, height - 2).map(inset),
        rule(null, columns, theme),
      ],
      mostScroll: 0,
    };
  }
  const most = height < 24 ? Math.max(4, Math.floor(height / 3)) : Math.floor(height / 2);
  const decision = decisionRows(view, look.main, width, most).slice(0, Math.max(most, height - 5));
  // Where there is something to decide, what it is about goes before what is around it.
  const tight = decision.length > 2 && height < 22;
  const near = decision.length <= 2 ? Number.POSITIVE_INFINITY : tight ? 1 : 3;
  const stopped = screen.selected === null && view.session.mismatch !== null;
  const around =
    look.card === null && layout.kind === 'single' && !stopped
      ? stepsAround(listView(input, width, height), Math.min(near, layout.context))
      : [];
  const panels = sideLines(view, look.at, theme, width, tight ? 1 : layout.rows);
  const extra = (decision.length === 0 ? 0 : decision.length + 1) + panels.length;
  const above = around.length === 0 ? 0 : around.length + 1;
  const room = Math.max(1, height - above - 2 - extra);
  const step = stepBody(input, width, room);
  const now = look.at?.step.id === look.current;
  const rows = [
    ...(around.length === 0 ? [] : [rule(null, columns, theme), ...around.map(inset)]),
    rule(
      bodyTitle(look, screen, theme, width - titleInset),
      columns,
      theme,
      now ? { bold: true, tone: 'now' } : { bold: true },
    ),
    ...step.rows.map(inset),
    ...panels.map(inset),
    ...(decision.length === 0
      ? []
      : [rule(safeText('Your decision'), columns, theme, { bold: true, tone: 'now' }), ...decision.map(inset)]),
  ];
  return { rows: [...fill(rows, height - 1), rule(null, columns, theme)], mostScroll: step.mostScroll };
};
