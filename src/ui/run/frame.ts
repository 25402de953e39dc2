import type { EngineView } from '../../engine/view.ts';
import { enterWords } from '../../session/ui-words.ts';
import { type SafeText, safe, safeText } from '../../text/safe-text.ts';
import { type FixedLine, joined, rollbackFixedLine, targetLine, wayLine } from '../header-lines.ts';
import type { Layout } from '../layout.ts';
import { fitRow, type Row, row, rowWidth, span } from '../rows.ts';
import { type ScreenState, topDialog } from '../screen-state.ts';
import type { Theme } from '../theme.ts';
import { lastScroll, type MenuItem, readScroll } from '../views/dialog-view.ts';
import { dialogView } from '../views/dialogs.ts';
import { worstLine } from '../worst-line.ts';
import { dialogBody } from './dialog-frame.ts';
import { bodyOf, checklistPane } from './frame-body.ts';
import { fittedKeys, keyLine } from './key-line.ts';
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

/** The whole screen as rows, each exactly as wide as its place; a menu goes between `above` and `below`. */
export interface Frame {
  readonly top: readonly Row[];
  /** The checklist at the left of a dialog. */
  readonly left: readonly Row[];
  readonly above: readonly Row[];
  readonly menu: { readonly items: readonly MenuItem[]; readonly limit: number } | null;
  readonly below: readonly Row[];
  readonly bottom: readonly Row[];
  /** The furthest the body can scroll. */
  readonly mostScroll: number;
  /** From this scroll on, everything that a `y` would confirm is in sight. */
  readonly readScroll: number;
  /** The step, with the command that Enter would run, is wholly in sight. */
  readonly wholeStep: boolean;
}

const toned = (line: FixedLine, columns: number): Row => {
  const text = joined(line, columns);
  const { tone } = line;
  if (tone === 'production') return [span(text, { inverse: true, bold: true })];
  const at = line.accent === undefined ? -1 : text.indexOf(line.accent);
  if (line.accent !== undefined && at !== -1) {
    const after = at + line.accent.length;
    return [
      span(safeText(text.slice(0, at))),
      span(line.accent, { tone: 'now', bold: true }),
      span(safeText(text.slice(after))),
    ];
  }
  if (tone === 'plain' || tone === 'dim') return [span(text, tone === 'dim' ? { dim: true } : {})];
  const chars = [...text];
  return [
    span(safeText(chars.slice(0, line.marked).join('')), { tone, bold: true }),
    span(safeText(chars.slice(line.marked).join(''))),
  ];
};

/** The four upper fixed lines. */
export const fixedTop = (view: EngineView, theme: Theme, columns: number): readonly Row[] =>
  [targetLine(view, theme, columns), wayLine(view, theme, columns), worstLine(view), rollbackFixedLine(view)].map(
    (line) => toned(line, columns),
  );

/** The last thing to be told, for a while; an error stays. */
const noticeOf = ({ view, screen }: FrameInput): Row | null => {
  const own = screen.notice;
  const told = view.notice;
  if (own !== null && (told === null || own.at >= told.at))
    return view.now - own.at > 8000 ? null : row(safe` ${own.text} `, { inverse: true, bold: true });
  if (told === null || (view.now - told.at > 15_000 && told.level !== 'error')) return null;
  const kind = { info: '', refused: 'not done: ', error: 'FAIL  ' }[told.level];
  const words = safe` ${kind}${told.text}${told.nextStep === null ? '' : `. ${told.nextStep}`} `;
  return row(words, { inverse: true, bold: true, ...(told.level === 'error' ? { tone: 'fail' as const } : {}) });
};

/** A notice takes the last row of the body: nothing moves because of it. */
const withNotice = (rows: readonly Row[], notice: Row | null, columns: number): readonly Row[] =>
  notice === null || rows.length === 0 ? rows : [...rows.slice(0, -1), fitRow(notice, columns)];

const lastLines = (enter: SafeText, keys: SafeText, columns: number): readonly Row[] => [
  fitRow(row(safe` ${enter}`, { bold: true }), columns),
  fitRow(row(safe` ${keys}`, { dim: true }), columns),
];

/** Columns for the text of a dialog. */
export const dialogColumns = (layout: FrameInput['layout']): number =>
  Math.min(layout.columns - (layout.kind === 'columns' ? layout.checklist : 0) - 4, 140);

/** What Enter does: a command that is not wholly in sight is shown as a whole first. */
const enterHere = ({ view, look: { main } }: FrameInput, wholeStep: boolean): string => {
  if (view.observing?.watch !== undefined) return 'Enter does nothing here: this watches. gonogo resume goes on.';
  if (view.observing !== null) return 'Enter does nothing here: another terminal has this run.';
  if (view.session.mismatch !== null) return 'Enter does nothing here: this is another target. Choose q, a or Q.';
  return enterWords(
    view.session,
    main.kind === 'run' && !wholeStep ? { kind: 'confirm', pending: main.pending } : main,
    view.now,
  );
};

export const frameOf = (input: FrameInput): Frame => {
  const { view, theme, layout, screen, look } = input;
  const { columns, body } = layout;
  const top = fixedTop(view, theme, columns);
  const notice = noticeOf(input);
  const dialog = topDialog(screen);
  if (dialog !== null) {
    const left = layout.kind === 'columns' ? checklistPane(input, layout.checklist, body) : [];
    const width = columns - left.reduce((most, line) => Math.max(most, rowWidth(line)), 0);
    const shown = dialogView(dialog, { view, theme, columns: dialogColumns(layout), height: body });
    const parts = dialogBody(shown, width, body, theme);
    const below = parts.menu === null ? [] : withNotice(parts.below, notice, width);
    const above = parts.menu === null ? withNotice(parts.above, notice, width) : parts.above;
    const bottom = lastLines(shown.enter, fittedKeys(shown.keys, columns - 2), columns);
    return {
      top,
      left,
      above,
      menu: parts.menu,
      below,
      bottom,
      mostScroll: lastScroll(shown, body),
      readScroll: readScroll(shown, body),
      wholeStep: true,
    };
  }
  const main = bodyOf(input);
  return {
    top,
    left: [],
    above: withNotice(main.rows, notice, columns),
    menu: null,
    below: [],
    bottom: lastLines(safe`${enterHere(input, main.mostScroll === 0)}`, keyLine(look, screen, columns), columns),
    mostScroll: main.mostScroll,
    readScroll: main.mostScroll,
    wholeStep: main.mostScroll === 0,
  };
};
