import { acknowledgeable } from '../../session/acknowledge-view.ts';
import { foreignWorkload } from '../../session/foreign.ts';
import { type SafeText, safe, safeLine, safeText } from '../../text/safe-text.ts';
import { blank, labelled, type Row, row, span, wrapRows } from '../rows.ts';
import type { Attest, Dialog } from '../screen-state.ts';
import { fieldText } from '../text-field.ts';
import type { DialogView } from './dialog-view.ts';
import type { DialogContext } from './dialogs.ts';
import { fieldRow } from './field.ts';
import { wordEnter, wordRows } from './typed-word.ts';

interface Wording {
  readonly title: string;
  /** What it means, in sentences. */
  readonly rows: readonly string[];
  readonly prompt: string;
  readonly does: string;
}

const wordingOf = (about: Attest): Wording => {
  switch (about.kind) {
    case 'override':
      return {
        title: 'Go on anyway?',
        rows: ['It goes into the record as an override, with your name and your reason.'],
        prompt: 'Because',
        does: 'goes on',
      };
    case 'by-eye':
      return {
        title: 'Judge it by eye',
        rows: [
          'Say what you looked at and what you saw.',
          'It is recorded as "by eye", among the deviations; it never counts as a pass of the gate.',
        ],
        prompt: 'Seen',
        does: 'goes on',
      };
    case 'breach':
      return {
        title: `Acknowledge the breach of ${about.title}?`,
        rows: [
          'Going forward is free again; a new breach asks again. R rolls back instead.',
          'Your reason goes into the record.',
        ],
        prompt: 'Because',
        does: 'acknowledges it',
      };
    case 'source':
      if (foreignWorkload(about.source) !== null) return foreignWording;
      return {
        title: `${about.source} is known to be away?`,
        rows: [
          'Its checks are not judged until it answers again; what a gate has instead of them counts.',
          'Your reason goes into the record, once for all its checks.',
        ],
        prompt: 'Because',
        does: 'acknowledges it',
      };
  }
};

const foreignWording = {
  title: 'Go on with what somebody else changed?',
  rows: [
    'Its gates judge it from now on as it is; a further change by others asks again.',
    'Your reason goes into the record.',
  ],
  prompt: 'Because',
  does: 'acknowledges it',
};

const fieldLine = (prompt: SafeText, dialog: Extract<Dialog, { kind: 'attest' }>, columns: number): Row => [
  span(safe`${prompt} `, { dim: true }),
  ...fieldRow(dialog.field, Math.max(10, columns - prompt.length - 2), false, true),
];

/** Words for a decision at a gate or a breach; after them a name that is typed, where it is asked for. */
export const attestView = (dialog: Extract<Dialog, { kind: 'attest' }>, { columns }: DialogContext): DialogView => {
  const { about, reason, field } = dialog;
  const wording = wordingOf(about);
  const typed = about.kind === 'override' ? about.typed : null;
  const because = about.because === '' ? [] : wrapRows(safeText(about.because), columns, { bold: true });
  const rows = [
    ...because,
    ...(because.length === 0 ? [] : [blank]),
    ...wording.rows.flatMap((text) => wrapRows(safeText(text), columns)),
  ];
  const base = {
    title: safeLine(wording.title),
    scroll: 0,
    menu: null,
    keys: safeText('type   Enter record   Esc back'),
  };
  if (reason !== null && typed !== null)
    return {
      ...base,
      rows: [...rows, blank, ...labelled(safeText('Because  '), safeText(reason), columns), blank],
      fixed: wordRows({ word: typed, of: 'check' }, field, columns),
      enter: wordEnter({ word: typed, of: 'check' }, field, 'goes on anyway'),
      keys: safeText('type the word   Enter go on   Esc no'),
    };
  const least = 'least' in about ? about.least : 1;
  const missing = least - fieldText(field).trim().length;
  const after = typed === null ? wording.does : 'asks for the name of the check';
  const enter =
    missing === 1 && least === 1
      ? 'Enter does nothing until a reason is typed.'
      : missing > 0
        ? `Enter ${after} after ${missing} more ${missing === 1 ? 'character' : 'characters'}.`
        : `Enter ${after}.`;
  return {
    ...base,
    rows: [...rows, blank],
    fixed: [fieldLine(safeText(wording.prompt), dialog, columns)],
    enter: safe`${enter}  Esc goes back.`,
  };
};

/** Which of several things to acknowledge. */
export const acknowledgeView = ({ view }: DialogContext): DialogView => ({
  title: safeText('Acknowledge what?'),
  rows: [row(safeText('A reason is asked for next.'), { dim: true })],
  scroll: 0,
  menu: acknowledgeable(view.session, view.now)
    .slice(0, 9)
    .map((each, i) => ({
      value: String(i),
      label: safe`${safeLine(each.kind === 'breach' ? each.title : each.source)}   ${safeLine(each.because)}`,
    })),
  fixed: [],
  enter: safeText('Enter takes the one that is marked.  Esc goes back.'),
  keys: safeText('j k move   1-9 or Enter take   Esc back'),
});
