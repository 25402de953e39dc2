import { safe, safeText } from '../../text/safe-text.ts';
import { blank, type Row, row, span, wrapRows } from '../rows.ts';
import type { Dialog } from '../screen-state.ts';
import { fieldText } from '../text-field.ts';
import type { DialogView } from './dialog-view.ts';
import type { DialogContext } from './dialogs.ts';
import { fieldRow } from './field.ts';

type Approve = Extract<Dialog, { kind: 'approve' }>;
type Part<K extends Approve['part']['kind']> = Extract<Approve['part'], { kind: K }>;
type Rest = Pick<DialogView, 'rows' | 'enter' | 'keys'> & Partial<Pick<DialogView, 'menu' | 'fixed'>>;

/** A second person approves by their ssh key, or is named. */
export const approveView = ({ role, challenge, part }: Approve, { columns }: DialogContext): DialogView => ({
  title: safe`Approval by ${role}`,
  scroll: 0,
  menu: null,
  fixed: [],
  ...(part.kind === 'how'
    ? howView(columns)
    : part.kind === 'signature'
      ? signatureView(challenge, part, columns)
      : wordsView(part, columns)),
});

const howView = (columns: number): Rest => ({
  rows: wrapRows(
    safeText(
      'Somebody else than who runs the commands decides. What they approve is fixed by the text that is signed: any change of a command, a value or the target voids it.',
    ),
    columns,
  ),
  menu: [
    { value: 'key', label: safeText('They sign with their ssh key, here or elsewhere') },
    { value: 'name', label: safeText('They said yes: record their name (unverified)') },
    { value: 'refuse', label: safeText('They refuse') },
  ],
  enter: safeText('Enter takes the one that is marked.  Esc goes back.'),
  keys: safeText('j k move   1-9 or Enter take   Esc back'),
});

const signatureView = (challenge: string, part: Part<'signature'>, columns: number): Rest => {
  const lines = fieldText(part.field)
    .trim()
    .split('\n')
    .filter((line) => line !== '').length;
  const rows: readonly Row[] = [
    row(safeText('They sign exactly this text (y copies it):'), { dim: true }),
    ...wrapRows(safeText(challenge.trimEnd()), columns, {}, 2),
    blank,
    row(safeText('with'), { dim: true }),
    row(safeText('  ssh-keygen -Y sign -n gonogo -f ~/.ssh/id_ed25519 < challenge.txt'), { bold: true }),
    blank,
    ...(part.problem === null ? [] : wrapRows(part.problem, columns, { tone: 'fail' })),
  ];
  const pasted = lines === 0 ? 'nothing pasted yet' : `${lines} ${lines === 1 ? 'line' : 'lines'} pasted`;
  const state = part.checking ? 'checking …' : pasted;
  return {
    rows,
    fixed: [[span(safeText('Signature  '), { dim: true }), span(safe`${state}`, { bold: true })]],
    enter: safeText('Paste the signature (-----BEGIN SSH SIGNATURE-----), then Enter checks it.  Esc goes back.'),
    keys: safeText('paste   y copy the text   Enter check   Esc back'),
  };
};

/** Who it was, why, or why not. */
const wordsView = (part: Part<'name'> | Part<'reason'> | Part<'refuse'>, columns: number): Rest => {
  const prompt = part.kind === 'name' ? 'Name or ticket' : 'Because';
  const about =
    part.kind === 'name'
      ? wrapRows(safeText('Recorded as "attested by NAME (unverified)".'), columns, { dim: true })
      : part.kind === 'reason'
        ? wrapRows(safe`Approved by ${part.approval.by}. This approval asks for a reason.`, columns)
        : wrapRows(safeText('The step fails with this reason.'), columns, { dim: true });
  return {
    rows: about,
    fixed: [
      [
        span(safe`${prompt} `, { dim: true }),
        ...fieldRow(part.field, Math.max(10, columns - prompt.length - 2), false, true),
      ],
    ],
    enter: safe`Enter records ${part.kind === 'refuse' ? 'the refusal' : 'it'}.  Esc goes back.`,
    keys: safeText('type   Enter record   Esc back'),
  };
};
