import type { Intent } from '../../session/intents.ts';
import { safe } from '../../text/safe-text.ts';
import { chordOf } from '../chord.ts';
import type { Press } from '../press.ts';
import type { ApprovePart, Dialog } from '../screen-state.ts';
import { edit, fieldText, textField } from '../text-field.ts';
import type { Acting, Handled } from './acting.ts';
import { copyText } from './openings.ts';

type Approve = Extract<Dialog, { kind: 'approve' }>;
type Approval = Extract<Intent, { type: 'approve' }>['approval'];

const attested = (by: string, reason: string | null): Approval => ({
  by,
  how: 'attested',
  verified: false,
  fingerprint: null,
  reason,
  signature: null,
});

export const chooseApproval = (acting: Acting, dialog: Approve, value: string): Handled => {
  const field = textField();
  const part: ApprovePart =
    value === 'key'
      ? { kind: 'signature', field, problem: null, checking: false }
      : value === 'name'
        ? { kind: 'name', field }
        : { kind: 'refuse', field };
  acting.act({ type: 'change', dialog: { ...dialog, part } });
};

export const pressInApproval = (acting: Acting, dialog: Approve, press: Press): Handled => {
  const { part } = dialog;
  const to = (next: ApprovePart): void => acting.act({ type: 'change', dialog: { ...dialog, part: next } });
  if (press.name === 'escape') return part.kind === 'how' ? acting.act({ type: 'close' }) : to({ kind: 'how' });
  if (part.kind === 'how') return;
  if (part.kind === 'signature') return signatureKey(acting, dialog, part, press);
  if (press.name === 'enter') {
    const text = fieldText(part.field).trim();
    if (text === '') return acting.say('a few words are needed, or Esc');
    if (acting.allowed(press)) taken(acting, dialog, part, text);
    return;
  }
  const field = edit(part.field, press);
  if (field !== null) to({ ...part, field });
};

const taken = (
  acting: Acting,
  dialog: Approve,
  part: Exclude<ApprovePart, { kind: 'how' | 'signature' }>,
  text: string,
): Handled => {
  const { step, action } = dialog;
  if (part.kind === 'refuse') {
    void acting.send({ type: 'refuse-approval', step, action, by: null, reason: text });
    return;
  }
  if (part.kind === 'name' && dialog.reasonRequired) return askReason(acting, dialog, attested(text, null));
  void acting.send({
    type: 'approve',
    step,
    action,
    approval: part.kind === 'reason' ? { ...part.approval, reason: text } : attested(text, null),
  });
};

const askReason = (acting: Acting, dialog: Approve, approval: Approval): void =>
  acting.act({ type: 'change', dialog: { ...dialog, part: { kind: 'reason', approval, field: textField() } } });

/** The answer is pasted; typed characters are not taken, so that `y` can copy the text. */
const signatureKey = (
  acting: Acting,
  dialog: Approve,
  part: Extract<ApprovePart, { kind: 'signature' }>,
  press: Press,
): Handled => {
  if (chordOf(press) === 'y') return copyText(acting, dialog.challenge);
  if (press.name === 'backspace')
    return acting.act({ type: 'change', dialog: { ...dialog, part: { ...part, field: textField(), problem: null } } });
  if (press.name !== 'enter' || part.checking) return;
  const signature = fieldText(part.field).trim();
  if (signature === '') return acting.say('paste the signature first');
  if (!acting.allowed(press)) return;
  acting.act({ type: 'change', dialog: { ...dialog, part: { ...part, checking: true } } });
  void acting.io.options.verifyApproval(dialog.challenge, signature).then((verdict) => {
    if (acting.screen().dialogs.at(-1)?.kind !== 'approve') return;
    if (verdict.ok && dialog.reasonRequired) return askReason(acting, dialog, { ...verdict.approval, reason: null });
    if (verdict.ok) {
      void acting.send({
        type: 'approve',
        step: dialog.step,
        action: dialog.action,
        approval: { ...verdict.approval, reason: null },
      });
      return;
    }
    acting.act({
      type: 'change',
      dialog: { ...dialog, part: { ...part, checking: false, problem: safe`${verdict.message}. ${verdict.nextStep}` } },
    });
  });
};
