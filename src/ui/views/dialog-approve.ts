import { safe, safeText } from '../../text/safe-text.ts';
import { blank, type Row, row, span, wrapRows } from '../rows.ts';
import type { Dialog } from '../screen-state.ts';
import { fieldText } from '../text-field.ts';
import type { DialogView } from './dialog-view.ts';
import type { DialogContext } from './dialogs.ts';
import { fieldRow } from './field.ts';

/** A second person approves by their ssh key, or is named. */
export const approveView = (
  { role, challenge, part }: Extract<Dialog, { kind: 'approve' }>,
  { columns }: DialogContext,
): DialogView => {
  const base = { title: safe`Approval by ${role}`, scroll: 0, menu: null, fixed: [] } as const;
  const field = (prompt: string, of: Parameters<typeof fieldRow>[0]): Row => [
    span(safe`${prompt} `, { dim: true }),
    ...fieldRow(of, Math.max(10, columns - prompt.length - 2), false, true),
  ];
  switch (part.kind) {
    case 'how':
      return {
        ...base,
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
      };
    case 'signature': {
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
      const state = part.checking
        ? 'checking …'
        : lines === 0
          ? 'nothing pasted yet'
          : `${lines} ${lines === 1 ? 'line' : 'lines'} pasted`;
      return {
        ...base,
        rows,
        fixed: [[span(safeText('Signature  '), { dim: true }), span(safe`${state}`, { bold: true })]],
        enter: safeText('Paste the signature (-----BEGIN SSH SIGNATURE-----), then Enter checks it.  Esc goes back.'),
        keys: safeText('paste   y copy the text   Enter check   Esc back'),
      };
    }
    case 'name':
      return {
        ...base,
        rows: wrapRows(safeText('Recorded as "attested by NAME (unverified)".'), columns, { dim: true }),
        fixed: [field('Name or ticket', part.field)],
        enter: safeText('Enter records it.  Esc goes back.'),
        keys: safeText('type   Enter record   Esc back'),
      };
    case 'reason':
      return {
        ...base,
        rows: wrapRows(safe`Approved by ${part.approval.by}. This approval asks for a reason.`, columns),
        fixed: [field('Because', part.field)],
        enter: safeText('Enter records it.  Esc goes back.'),
        keys: safeText('type   Enter record   Esc back'),
      };
    case 'refuse':
      return {
        ...base,
        rows: wrapRows(safeText('The step fails with this reason.'), columns, { dim: true }),
        fixed: [field('Because', part.field)],
        enter: safeText('Enter records the refusal.  Esc goes back.'),
        keys: safeText('type   Enter record   Esc back'),
      };
  }
};
