import type { PreflightPage } from '../../engine/face.ts';
import type { PreflightCheck } from '../../session/events.ts';
import { safe, safeText } from '../../text/safe-text.ts';
import { widthOf } from '../../text/width.ts';
import { chordOf } from '../chord.ts';
import { blank, labelled, type Row, row, span, type Tone } from '../rows.ts';
import { edit, fieldText, insert, type TextField, textField } from '../text-field.ts';
import type { Theme } from '../theme.ts';
import { fieldRow } from '../views/field.ts';
import { pageRoom, pageRows } from './page.ts';
import type { Question } from './question.tsx';

interface PreflightState {
  readonly reasons: Readonly<Record<string, string>>;
  /** Of the check that is overridden now. */
  readonly field: TextField;
  readonly scroll: number;
}

const words: Readonly<Record<PreflightCheck['level'], { readonly word: string; readonly tone: Tone }>> = {
  ok: { word: 'ok', tone: 'ok' },
  warn: { word: 'wait', tone: 'wait' },
  override: { word: 'FAIL', tone: 'fail' },
  stop: { word: 'FAIL', tone: 'fail' },
};

/** Columns for the names of checks; those of metrics may be longer. */
const leastTitle = 18;
const mostTitle = 28;

const open = (page: PreflightPage, { reasons }: PreflightState): PreflightCheck | undefined =>
  page.checks.find(({ level, id }) => level === 'override' && reasons[id] === undefined);

const checkRows = (
  page: PreflightPage,
  state: PreflightState,
  columns: number,
): { readonly rows: readonly Row[]; readonly cursorRow: number } => {
  const asked = open(page, state);
  const rows: Row[] = [];
  const titles = Math.min(mostTitle, Math.max(leastTitle, ...page.checks.map(({ title }) => widthOf(title))));
  let cursorRow = 0;
  for (const check of page.checks) {
    const { word, tone } = words[check.level];
    const label = safe`${check.title.padEnd(titles)} `;
    const text = labelled(label, safe`${check.message}`, columns - 6, {}, { bold: check.level !== 'ok' });
    rows.push(
      ...text.map((line, i): Row => [span(safe`${(i === 0 ? word : '').padEnd(6)}`, { tone, bold: true }), ...line]),
    );
    if (check.level !== 'ok' && check.nextStep !== null)
      rows.push(...labelled(safeText(' '.repeat(titles + 7)), safe`${check.nextStep}`, columns, { dim: true }));
    const reason = state.reasons[check.id];
    if (reason !== undefined)
      rows.push(
        ...labelled(safeText(' '.repeat(titles + 7)), safe`goes on because: ${reason}`, columns, { bold: true }),
      );
    if (check === asked && !page.checks.some(({ level }) => level === 'stop')) {
      cursorRow = rows.length;
      rows.push([
        span(safe`${' '.repeat(titles + 7)}go on anyway because: `),
        ...fieldRow(state.field, Math.max(10, columns - titles - 32), false, true),
      ]);
    }
  }
  return { rows, cursorRow };
};

const enterWords = (asked: PreflightCheck | undefined, { field }: PreflightState): string => {
  if (asked === undefined) return 'Enter starts the run.  Esc goes back.';
  return fieldText(field).trim() === ''
    ? 'Enter does nothing until a reason is typed.  Esc goes back.'
    : 'Enter goes on with your reason; it is recorded.  Esc goes back.';
};

/** The list of checks, with what to do about each; shown when one of them is not ok. */
export const preflightQuestion = (
  page: PreflightPage,
  theme: Theme,
): Question<PreflightState, { readonly reasons: Readonly<Record<string, string>> } | null> => {
  const stops = page.checks.some(({ level }) => level === 'stop');
  return {
    initial: { reasons: {}, field: textField(), scroll: 0 },
    rows: (state, { columns, rows }) => {
      const asked = open(page, state);
      const { rows: checks, cursorRow } = checkRows(page, state, columns - 2);
      const trouble = page.checks.filter(({ level }) => level !== 'ok').length;
      const body = [
        row(safe`${page.checks.length} checks before the first step, ${trouble} to look at`),
        blank,
        ...checks,
      ];
      const enter = stops ? 'Enter and Esc go back: this run cannot start as it is.' : enterWords(asked, state);
      const scroll = asked === undefined ? state.scroll : Math.max(state.scroll, cursorRow + 3 - pageRoom(rows));
      return pageRows(
        {
          title: safe`Preflight  ${page.title}`,
          headline: page.headline,
          rows: body,
          scroll,
          enter: safeText(enter),
          keys:
            asked === undefined
              ? safeText('Enter go on   j k scroll   Esc back')
              : safeText('type a reason   Enter take it   Esc back'),
        },
        columns,
        rows,
        theme,
      );
    },
    press: (state, press) => {
      const asked = stops ? undefined : open(page, state);
      if (press.name === 'escape' || chordOf(press) === 'ctrl-c') return { answer: null };
      if (press.name === 'enter') {
        if (stops) return { answer: { reasons: {} } };
        if (asked === undefined) return press.burst ? { state } : { answer: { reasons: state.reasons } };
        const reason = fieldText(state.field).trim();
        return reason === '' || press.burst
          ? { state }
          : { state: { ...state, reasons: { ...state.reasons, [asked.id]: reason }, field: textField() } };
      }
      if (press.name === 'page-down' || (asked === undefined && chordOf(press) === 'j'))
        return { state: { ...state, scroll: state.scroll + 1 } };
      if (press.name === 'page-up' || (asked === undefined && chordOf(press) === 'k'))
        return { state: { ...state, scroll: Math.max(0, state.scroll - 1) } };
      const field = asked === undefined ? null : edit(state.field, press);
      return { state: field === null ? state : { ...state, field } };
    },
    paste: (state, text) => ({ ...state, field: insert(state.field, text, false) }),
  };
};
