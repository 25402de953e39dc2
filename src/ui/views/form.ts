import { ruleWords } from '../../session/ui-words.ts';
import { safe, safeText } from '../../text/safe-text.ts';
import { blank, labelled, type Row, span, wrapRows } from '../rows.ts';
import type { FormState } from '../screen-state.ts';
import type { Theme } from '../theme.ts';
import type { DialogView } from './dialog-view.ts';
import { fieldRow } from './field.ts';

interface FormSize {
  readonly columns: number;
  readonly height: number;
  readonly theme: Theme;
}

/** Fields one below the other, each with its rule; the one with the cursor is marked. */
export const formRows = (
  form: FormState,
  { columns, theme }: FormSize,
): { readonly rows: readonly Row[]; readonly cursorRow: number } => {
  const name = Math.min(24, Math.max(8, ...form.fields.map(({ input }) => input.name.length)));
  const rows: Row[] = [];
  let cursorRow = 0;
  for (const [i, { input, field, last, problem, warning }] of form.fields.entries()) {
    const active = i === form.at;
    if (active) cursorRow = rows.length;
    const indent = safeText(' '.repeat(name + 4));
    rows.push([
      span(safe`${active ? theme.glyph.now : ' '} `, { tone: 'now', bold: true }),
      span(safe`${input.name.padEnd(name)}  `, active ? { bold: true } : {}),
      ...(field.chars.length === 0 && !active
        ? [span(safeText('(empty)'), { dim: true })]
        : fieldRow(field, Math.max(8, columns - name - 6), input.type === 'secret', active)),
    ]);
    const asked = input.prompt === '' || input.prompt === input.name ? '' : `${input.prompt}: `;
    rows.push(...labelled(indent, safe`${asked}${ruleWords(input)}`, columns, { dim: true }));
    if (last !== null) rows.push(...labelled(indent, safe`last time: ${last}`, columns, { dim: true }));
    if (problem !== null) rows.push(...labelled(indent, safe`! ${problem}`, columns, { bold: true }));
    if (warning !== null && problem === null) rows.push(...labelled(indent, safe`! ${warning}`, columns));
    rows.push(blank);
  }
  return { rows, cursorRow };
};

/** The first row to show so that the field with the cursor and its rule are in sight. */
export const formScroll = (rows: number, cursorRow: number, room: number): number =>
  Math.max(0, Math.min(cursorRow - Math.max(0, room - 5), rows - room));

export const formKeys = safeText('type   Enter Tab next   Shift-Tab back   Ctrl-U clear   Esc back');

export const formEnter = (form: FormState): string =>
  form.at === form.fields.length - 1 ? 'Enter takes these values.' : 'Enter goes to the next field.';

/** Values that a step needs, as a dialog. */
export const formDialogView = (form: FormState, size: FormSize): DialogView => {
  const { rows, cursorRow } = formRows(form, size);
  return {
    title: safeText('This step needs values'),
    rows: [
      ...wrapRows(
        safeText('They are recorded, except secrets, and reach commands as environment variables.'),
        size.columns,
        { dim: true },
      ),
      blank,
      ...rows,
    ],
    scroll: formScroll(rows.length + 2, cursorRow + 2, size.height - 2),
    menu: null,
    fixed: [],
    enter: safe`${formEnter(form)}  Esc goes back.`,
    keys: formKeys,
  };
};
