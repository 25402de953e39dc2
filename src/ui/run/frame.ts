import type { EngineView } from '../../engine/view.ts';
import { enterWords } from '../../session/ui-words.ts';
import { clock } from '../../text/duration.ts';
import { type SafeText, safe, safeText } from '../../text/safe-text.ts';
import { widthOf } from '../../text/width.ts';
import { type FixedLine, joined, rollbackFixedLine, targetLine, wayLine, worstLine } from '../header-lines.ts';
import { keyTable } from '../keys.ts';
import type { Layout } from '../layout.ts';
import { beside, blank, fill, fitRow, pane, type Row, row, rule, type Section, span } from '../rows.ts';
import { type ScreenState, topDialog } from '../screen-state.ts';
import type { Theme } from '../theme.ts';
import { checklistRows, checklistSections } from '../views/checklist.ts';
import { decisionRows } from '../views/decision.ts';
import { type DialogView, dialogRoom, lastScroll, type MenuItem } from '../views/dialog-view.ts';
import { dialogView } from '../views/dialogs.ts';
import { panelSections } from '../views/panels.ts';
import { stepRows } from '../views/step.ts';
import type { Look } from './look.ts';

export interface FrameInput {
  readonly view: EngineView;
  readonly screen: ScreenState;
  readonly look: Look;
  readonly theme: Theme;
  readonly layout: Exclude<Layout, { kind: 'too-small' }>;
  /** Over a slow line a running command shows its last lines only. */
  readonly brief: boolean;
}

/** The whole screen as rows, each exactly as wide as the terminal; a menu goes between `above` and `below`. */
export interface Frame {
  readonly top: readonly Row[];
  readonly left: readonly Row[];
  readonly above: readonly Row[];
  readonly menu: readonly MenuItem[] | null;
  readonly below: readonly Row[];
  readonly bottom: readonly Row[];
  /** The furthest the body can scroll. */
  readonly mostScroll: number;
  /** A command is wholly in sight. */
  readonly wholeStep: boolean;
}

const toned = (line: FixedLine, columns: number): Row => {
  const text = joined(line, columns);
  const { tone } = line;
  if (tone === 'production') return [span(text, { inverse: true, bold: true })];
  if (tone === 'plain' || tone === 'dim') return [span(text, tone === 'dim' ? { dim: true } : {})];
  const chars = [...text];
  return [
    span(safeText(chars.slice(0, line.marked).join('')), { tone, bold: true }),
    span(safeText(chars.slice(line.marked).join(''))),
  ];
};

export const fixedTop = (view: EngineView, theme: Theme, columns: number): readonly Row[] =>
  [targetLine(view, theme, columns), wayLine(view, theme, columns), worstLine(view), rollbackFixedLine(view)].map(
    (line) => toned(line, columns),
  );

const keyLine = (look: Look, screen: ScreenState, columns: number): SafeText => {
  const always = new Set(['help', 'leave']);
  const usable = keyTable.filter((key) => key.hint !== null && !always.has(key.id) && key.available(look));
  const words = (key: (typeof keyTable)[number]): string =>
    `${key.label} ${key.id === 'hold' && look.view.session.paused !== null ? 'lift hold' : key.id === 'list' && screen.list ? 'step' : key.hint}`;
  const end = look.view.session.finished === null ? '? all keys   q leave' : '? all keys   q leave';
  let line = '';
  for (const key of usable) {
    const next = line === '' ? words(key) : `${line}   ${words(key)}`;
    if (widthOf(next) + widthOf(end) + 4 > columns - 2) break;
    line = next;
  }
  return safe`${line}${line === '' ? '' : '   '}${end}`;
};

const noticeOf = ({ view, screen }: FrameInput): Row | null => {
  const own = screen.notice;
  const told = view.notice;
  if (own !== null && (told === null || own.at >= told.at))
    return view.now - own.at > 8000 ? null : row(safe` ${own.text}`, { tone: 'wait', bold: true });
  if (told === null || (view.now - told.at > 15_000 && told.level !== 'error')) return null;
  return row(
    safe` ${told.level === 'refused' ? 'not done: ' : ''}${told.text}${told.nextStep === null ? '' : `. ${told.nextStep}`}`,
    told.level === 'info' ? { bold: true } : { tone: told.level === 'error' ? 'fail' : 'wait', bold: true },
  );
};

export const frameOf = (input: FrameInput): Frame => {
  const { view, theme, layout, screen, look } = input;
  const { columns } = layout;
  const dialog = topDialog(screen);
  const notice = noticeOf(input);
  const body = layout.body - (notice === null ? 0 : 1);
  const under = notice === null ? [] : [fitRow(notice, columns)];
  const top = fixedTop(view, theme, columns);
  const checklist =
    layout.kind === 'columns'
      ? pane(
          checklistSections({
            view,
            current: look.current,
            selected: screen.selected ?? look.at?.step.id ?? null,
            theme,
            width: layout.checklist - 4,
            height: body,
          }),
          layout.checklist,
          body,
          theme,
        )
      : [];
  if (dialog !== null) {
    const width = columns - (layout.kind === 'columns' ? layout.checklist : 0);
    const shown = dialogView(dialog, { view, theme, columns: Math.min(width - 2, 140), height: body });
    return {
      top,
      left: checklist,
      ...dialogBody(shown, width, body, under, theme, columns),
      bottom: [
        fitRow(row(safe` ${shown.enter}`, { bold: true }), columns),
        fitRow(row(safe` ${shown.keys}`, { dim: true }), columns),
      ],
      mostScroll: lastScroll(shown, body),
      wholeStep: true,
    };
  }
  const enter = enterWords(view.session, look.main);
  const bottom = [
    fitRow(row(safe` ${enter}${limitWords(input)}`, { bold: true }), columns),
    fitRow(row(safe` ${keyLine(look, screen, columns)}`, { dim: true }), columns),
  ];
  const main = layout.kind === 'columns' ? wideBody(input, body, checklist) : narrowBody(input, body);
  return {
    top,
    left: [],
    above: [...main.rows, ...under],
    menu: null,
    below: [],
    bottom,
    mostScroll: main.mostScroll,
    wholeStep: main.mostScroll === 0,
  };
};

const limitWords = ({ view, look }: FrameInput): string => {
  if (look.main.kind !== 'wait') return '';
  const { attempt } = look.main;
  if (attempt.spec.timeoutMs === null || attempt.startedAt === null) return '';
  const left = attempt.startedAt + attempt.spec.timeoutMs - view.now;
  return left <= 0 ? '' : `  (${clock(left)} left)`;
};

const dialogBody = (
  dialog: DialogView,
  width: number,
  height: number,
  under: readonly Row[],
  theme: Theme,
  columns: number,
): Pick<Frame, 'above' | 'menu' | 'below'> => {
  const room = dialogRoom(dialog, height);
  const first = Math.min(dialog.scroll, Math.max(0, dialog.rows.length - room));
  const shown = dialog.rows.slice(first, first + room);
  const more = dialog.rows.length - first - room;
  const inset = (line: Row): Row => fitRow([span(safeText(' ')), ...line], width);
  const title = rule(dialog.title, width, theme, { bold: true, tone: dialog.tone });
  const foot =
    more > 0
      ? rule(safe`${more} more ${more === 1 ? 'line' : 'lines'}, j or PgDn`, width, theme, { tone: 'wait', bold: true })
      : null;
  const rows = [title, ...(dialog.menu === null ? fill(shown, room) : shown).map(inset)];
  const fixed = dialog.fixed.map(inset);
  const menuRows = dialog.menu === null ? 0 : dialog.menu.length + 1;
  const used = rows.length + menuRows + fixed.length + 1;
  const rest = Array.from({ length: Math.max(0, height - used) }, () => fitRow(blank, width));
  const last = foot ?? rule(null, width, theme);
  const bottom = [...fixed, ...rest, last, ...under.map((line) => fitRow(line, Math.min(columns, width)))];
  return dialog.menu === null
    ? { above: [...rows, ...bottom], menu: null, below: [] }
    : { above: [...rows, fitRow(blank, width)], menu: dialog.menu, below: bottom };
};

interface Body {
  readonly rows: readonly Row[];
  readonly mostScroll: number;
}

const scrolled = (
  rows: readonly Row[],
  scroll: number,
  height: number,
  width: number,
): { readonly rows: readonly Row[]; readonly most: number } => {
  const most = Math.max(0, rows.length - height);
  const first = Math.min(scroll, most);
  const shown = rows.slice(first, first + height);
  const below = rows.length - first - height;
  if (below > 0 && shown.length > 0)
    shown[shown.length - 1] = fitRow(row(safe`${below + 1} more lines, PgDn`, { tone: 'wait' }), width);
  return { rows: fill(shown, height), most };
};

const stepTitle = (look: Look, theme: Theme): SafeText =>
  look.at === null ? safeText('The end') : safe`${look.at.phase.title} ${theme.glyph.into} ${look.at.step.title}`;

const stepContent = (
  { view, look, theme, brief, screen }: FrameInput,
  width: number,
  height: number,
): readonly Row[] => {
  if (look.main.kind === 'choose-phase' && screen.selected === null)
    return [
      row(safeText('One of these ways is taken; the others do not apply then.')),
      ...look.main.phases.flatMap((phase) => [
        blank,
        row(safe`${phase.title}`, { bold: true }),
        ...phase.steps.map(({ title }) => row(safe`  ${title}`, { dim: true })),
      ]),
    ];
  if (look.at === null || (look.main.kind === 'finish' && screen.selected === null))
    return [row(safeText('Every step is settled.'), { bold: true })];
  return stepRows({
    view,
    at: look.at,
    main: look.main,
    item: screen.item,
    kept: look.kept,
    theme,
    width,
    height,
    brief,
  });
};

const wideBody = (input: FrameInput, height: number, checklist: readonly Row[]): Body => {
  const { view, look, theme, layout, screen } = input;
  if (layout.kind !== 'columns') return { rows: [], mostScroll: 0 };
  const width = layout.step - 4;
  const decision = decisionRows(view, look.main);
  const room = Math.max(3, height - 2 - (decision.length === 0 ? 0 : decision.length + 1));
  const content = scrolled(stepContent(input, width, room), screen.scroll, room, width);
  const sections: readonly Section[] = [
    { title: stepTitle(look, theme), rows: content.rows, accent: look.at?.step.id === look.current },
    ...(decision.length === 0 ? [] : [{ title: safeText('Your decision'), rows: decision, accent: true }]),
  ];
  const step = pane(sections, layout.step, height, theme);
  const panels =
    layout.panels === 0 ? [] : pane(panelSections(view, layout.panels - 4, height), layout.panels, height, theme);
  return {
    rows: panels.length === 0 ? beside(checklist, step) : beside(checklist, step, panels),
    mostScroll: content.most,
  };
};

const narrowBody = (input: FrameInput, height: number): Body => {
  const { view, look, theme, layout, screen } = input;
  const { columns } = layout;
  const width = columns - 2;
  const inset = (line: Row): Row => fitRow([span(safeText(' ')), ...line], columns);
  if (screen.list) {
    const list = checklistRows(
      {
        view,
        current: look.current,
        selected: screen.selected ?? look.at?.step.id ?? null,
        theme,
        width,
        height: height - 1,
      },
      true,
    );
    return { rows: [rule(safeText('Checklist'), columns, theme), ...fill(list, height - 1).map(inset)], mostScroll: 0 };
  }
  const context = layout.kind === 'single' ? layout.context : 0;
  const around = checklistAround(input, context, width);
  const panels = layout.rows >= 24 ? panelLines(input, width) : [];
  const decision = decisionRows(view, look.main);
  const extra = (decision.length === 0 ? 0 : decision.length + 1) + panels.length;
  const room = Math.max(3, height - around.length - 2 - extra);
  const content = scrolled(stepContent(input, width, room), screen.scroll, room, width);
  const rows = [
    rule(null, columns, theme),
    ...around.map(inset),
    rule(
      stepTitle(look, theme),
      columns,
      theme,
      look.at?.step.id === look.current ? { bold: true, tone: 'now' } : { bold: true },
    ),
    ...content.rows.map(inset),
    ...panels.map(inset),
    ...(decision.length === 0
      ? []
      : [rule(safeText('Your decision'), columns, theme, { bold: true, tone: 'now' }), ...decision.map(inset)]),
  ];
  return { rows: fill(rows, height), mostScroll: content.most };
};

const panelLines = ({ view }: FrameInput, width: number): readonly Row[] =>
  panelSections(view, width, 6)
    .flatMap(({ title, rows }) => [row(title, { bold: true }), ...rows.slice(0, 3)])
    .slice(0, 6);

/** The step before, the one looked at, the next ones. */
const checklistAround = ({ view, look, theme, screen }: FrameInput, count: number, width: number): readonly Row[] => {
  const all = checklistRows(
    {
      view,
      current: look.current,
      selected: screen.selected ?? look.at?.step.id ?? null,
      theme,
      width,
      height: 10_000,
    },
    true,
  );
  const at = all.findIndex((line) => line.some(({ inverse }) => inverse === true));
  const from = Math.max(0, Math.min((at === -1 ? all.length : at) - Math.floor(count / 3), all.length - count));
  return all.slice(from, from + count);
};
