import type { Dialog } from '../screen-state.ts';
import { insert } from '../text-field.ts';
import type { Acting } from './acting.ts';
import { pasteInForm } from './form-keys.ts';

/** Pasted text goes into fields only; true when it did. A word that confirms has to be typed. */
export const pasteInDialog = (acting: Acting, dialog: Dialog, text: string): boolean => {
  const put = (next: Dialog): true => {
    acting.act({ type: 'change', dialog: next });
    return true;
  };
  if (dialog.kind === 'ask') return put({ ...dialog, form: pasteInForm(dialog.form, text) });
  if (dialog.kind === 'note') return put({ ...dialog, field: insert(dialog.field, text, false) });
  if (dialog.kind === 'status' || dialog.kind === 'edit')
    return put({ ...dialog, field: insert(dialog.field, text, true) });
  if (dialog.kind === 'override' && dialog.reason !== null) return false;
  if ((dialog.kind === 'reason' || dialog.kind === 'override') && dialog.field !== null)
    return put({ ...dialog, field: insert(dialog.field, text, false) });
  if (dialog.kind === 'resolve' && dialog.as !== null)
    return put({ ...dialog, field: insert(dialog.field, text, false) });
  if (dialog.kind === 'attest' && dialog.reason === null)
    return put({ ...dialog, field: insert(dialog.field, text, false) });
  if ((dialog.kind === 'output' || dialog.kind === 'describe' || dialog.kind === 'logs') && dialog.field !== null)
    return put({ ...dialog, field: insert(dialog.field, text, false) });
  if (dialog.kind === 'approve' && dialog.part.kind === 'signature')
    return put({ ...dialog, part: { ...dialog.part, field: insert(dialog.part.field, text, true), problem: null } });
  if (dialog.kind === 'approve' && 'field' in dialog.part)
    return put({
      ...dialog,
      part: { ...dialog.part, field: insert(dialog.part.field, text, false) } as typeof dialog.part,
    });
  return false;
};
