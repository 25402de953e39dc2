import { keyFor } from '../keys.ts';
import type { Press } from '../press.ts';
import { type Dialog, isPager, type ScreenState, topDialog } from '../screen-state.ts';
import type { Look } from './look.ts';

/** Could this key run, pass or confirm something where it is typed now? */
export const confirmsIn = (dialog: Dialog | null, press: Press): boolean => {
  if (dialog === null) return keyFor(press)?.danger === 'confirms';
  if (dialog.kind === 'edit' || dialog.kind === 'status' || isPager(dialog)) return false;
  if (dialog.kind === 'cluster' || dialog.kind === 'metrics') return false;
  return press.name === 'enter' || (!hasField(dialog) && /^[ys1-9]$/.test(press.char));
};

/** Letters are typed into it. */
const hasField = (dialog: Dialog): boolean => {
  if (dialog.kind === 'confirm') return dialog.pending.level.kind === 'type';
  if (dialog.kind === 'reason' || dialog.kind === 'override') return dialog.field !== null;
  if (dialog.kind === 'resolve') return dialog.as !== null;
  if (dialog.kind === 'approve') return 'field' in dialog.part && dialog.part.kind !== 'signature';
  return dialog.kind === 'note' || dialog.kind === 'ask' || dialog.kind === 'attest';
};

/** Everything that decides what a confirming key does: another text means that the keys changed their meaning. */
export const meaningOf = ({ main, card, at }: Look, screen: ScreenState): string => {
  const dialog = topDialog(screen);
  if (dialog !== null) {
    const part =
      'part' in dialog
        ? dialog.part.kind
        : dialog.kind === 'reason' || dialog.kind === 'override' || dialog.kind === 'attest'
          ? `${dialog.field === null} ${'reason' in dialog && dialog.reason !== null}`
          : dialog.kind === 'resolve'
            ? String(dialog.as)
            : dialog.kind === 'confirm'
              ? dialog.pending.hash
              : '';
    return `${screen.dialogs.length} ${dialog.kind} ${part}`;
  }
  if (card !== null) return `card ${card[0]?.step.id ?? ''}`;
  const hash =
    main.kind === 'run' || main.kind === 'confirm' ? main.pending.hash : 'action' in main ? String(main.action) : '';
  return `${main.kind} ${at?.frame ?? ''} ${at?.step.id ?? ''} ${hash}`;
};
