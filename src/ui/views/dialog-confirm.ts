import type { Expectation } from '../../runbook/model.ts';
import type { PendingCommand } from '../../session/main-action.ts';
import { withCarried } from '../../session/pending.ts';
import type { SessionState } from '../../session/state.ts';
import { triesWords } from '../../session/tries.ts';
import { levelWords } from '../../session/ui-words.ts';
import { spoken } from '../../text/duration.ts';
import { type SafeText, safe, safeText } from '../../text/safe-text.ts';
import { blank, labelled, type Row, row, span, wrapRows } from '../rows.ts';
import type { Dialog } from '../screen-state.ts';
import type { DialogView } from './dialog-view.ts';
import type { DialogContext } from './dialogs.ts';
import { editorRows } from './field.ts';
import { originalRows, scriptRows, valueRows } from './step-command.ts';
import { wordEnter, wordLine, wordRows } from './typed-word.ts';

const label = (text: string): SafeText => safe`${text.padEnd(10)}`;

/** `PROD prod-eu / production (not pinned)`. */
export const targetWords = (session: SessionState): SafeText => {
  const target = session.run?.target;
  const named = [target?.context, target?.namespace].filter((name) => name !== null && name !== undefined);
  if (named.length === 0)
    return safe`${target?.production === true ? 'PROD  ' : ''}no cluster; the command itself decides where it acts`;
  const as = session.pin?.user == null ? '' : `  as ${session.pin.user}`;
  const how = target?.pinned === true ? as : '  (by name only, not pinned)';
  return safe`${target?.production === true ? 'PROD  ' : ''}${named.join(' / ')}${how}`;
};

export const expectedWords = (expect: Expectation | null): string => {
  if (expect === null) return 'exit 0; you judge the output';
  const parts = [expect.exit === null ? 'exit 0' : `exit ${expect.exit}`];
  if (expect.text !== null) parts.push(`output holds "${expect.text}"`);
  if (expect.pattern !== null) parts.push(`output matches /${expect.pattern.source}/${expect.pattern.flags}`);
  if (expect.none) parts.push('no output');
  return parts.join(', ');
};

const undoRows = ({ undo }: PendingCommand, width: number): readonly Row[] => {
  const lines = undo.flatMap(({ script }) => scriptRows(script, width - 10));
  return lines.map((line, i): Row => [span(label(i === 0 ? 'Undo' : ''), { dim: true }), ...line]);
};

const runRows = (pending: PendingCommand, columns: number): readonly Row[] => {
  const { spec } = pending;
  const extra = [
    triesWords(spec) ?? '',
    spec.timeoutMs === null
      ? ''
      : `limit ${spoken(spec.timeoutMs)}${spec.onTimeout === 'stop' ? ', stopped then' : ''}`,
    spec.background ? 'in the background until its phase ends' : '',
    spec.tty ? 'takes over this terminal; its output is not recorded' : '',
    spec.cwd === null ? '' : `in ${spec.cwd}`,
    spec.shell === 'bash' ? '' : `by ${spec.shell}`,
  ].filter((part) => part !== '');
  return extra.length === 0 ? [] : labelled(label('How'), safe`${extra.join('; ')}`, columns);
};

type Confirm = Extract<Dialog, { kind: 'confirm' }>;

/** The command exactly as it would run: wrapped, never cut. */
export const confirmView = (dialog: Confirm, { view, columns, height }: DialogContext): DialogView => {
  const { pending, edited, stdin, typed } = dialog;
  const { spec, level } = pending;
  const because = (edited ?? pending.command).riskBecause.join('; ');
  const rows: readonly Row[] = [
    ...labelled(label('Target'), targetWords(view.session), columns, { bold: true }),
    blank,
    ...(edited === null ? [] : [row(safeText('Changed by you; the record shows the change.'), { bold: true }), blank]),
    ...scriptRows(spec.script, columns),
    ...(edited === null ? originalRows(pending.command, columns) : []),
    ...valueRows(withCarried(pending, view.carried), columns),
    blank,
    ...(stdin === null
      ? []
      : [
          row(safeText('Gets on its input:'), { dim: true }),
          ...wrapRows(safeText(stdin.trimEnd()), columns, {}, 2),
          blank,
        ]),
    ...labelled(label('Risk'), safe`${spec.risk}${because === '' ? '' : `: ${because}`}`, columns, {
      bold: spec.risk !== 'read',
      inverse: spec.risk === 'destroy',
    }),
    ...labelled(label('Expected'), safe`${expectedWords(spec.expect)}`, columns),
    ...runRows(pending, columns),
    ...undoRows(pending, columns),
  ];
  const typing: readonly Row[] =
    level.kind === 'type'
      ? height < 10
        ? wordLine(level, typed, columns)
        : [blank, ...wordRows(level, typed, columns)]
      : [];
  return {
    title:
      pending.forStatus === true ? safeText('Send this status update?') : safe`Run this?  ${pending.at.step.title}`,
    rows,
    scroll: dialog.scroll,
    menu: null,
    fixed: typing,
    enter:
      level.kind === 'type'
        ? wordEnter(level, typed, 'runs it')
        : level.kind === 'enter'
          ? safeText('y runs it.  Enter and Esc: no.')
          : safe`${levelWords(level)}.`,
    keys:
      level.kind === 'type'
        ? safeText('type the word   Enter run   Esc no')
        : safeText('y run   e edit   j k scroll   Enter no   Esc no'),
  };
};

/** The script as text to change; what comes out is looked at again before it can run. */
export const editView = (dialog: Extract<Dialog, { kind: 'edit' }>, { columns, height }: DialogContext): DialogView => {
  const { rows, cursorRow } = editorRows(dialog.field, columns);
  return {
    title: safe`Change the command of this run:  ${dialog.pending.at.step.title}`,
    rows,
    scroll: Math.max(0, cursorRow - Math.max(1, height - 6)),
    menu: null,
    fixed: [],
    enter: safeText('Ctrl-S shows the changed command and asks.  Esc drops the change.'),
    keys: safeText('Enter new line   Ctrl-S done   Ctrl-O your $EDITOR   Esc back'),
  };
};
