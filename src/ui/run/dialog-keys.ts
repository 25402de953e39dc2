import { pendingStatus, statusSend, statusStdin } from '../../session/status-update.ts';
import { chordOf } from '../chord.ts';
import type { Press } from '../press.ts';
import type { Dialog } from '../screen-state.ts';
import { wrongWord } from '../views/typed-word.ts';
import type { Acting, Handled } from './acting.ts';
import { pressInApproval } from './approve-keys.ts';
import { attestKey } from './attest-keys.ts';
import { clusterKey } from './cluster-keys.ts';
import { confirmKey, rollbackKey } from './confirm-keys.ts';
import { editorKey, textKey } from './dialog-fields.ts';
import { goPast, sendReason } from './dialog-menus.ts';
import { close, scrollDialog } from './dialog-scroll.ts';
import { editKey } from './edit-keys.ts';
import { pressInForm } from './form-keys.ts';
import { metricsKey } from './metrics-keys.ts';
import { openConfirm } from './openings.ts';
import { pressInPager } from './output-keys.ts';

type Of<K extends Dialog['kind']> = Extract<Dialog, { kind: K }>;

/** A key while a dialog is open. Esc is one level back in every one of them. */
export const pressInDialog = (acting: Acting, dialog: Dialog, press: Press): Handled => {
  if (press.name === 'char' && press.ctrl && press.char === 'c') return close(acting);
  switch (dialog.kind) {
    case 'confirm':
      return confirmKey(acting, dialog, press);
    case 'rollback':
      return rollbackKey(acting, dialog, press);
    case 'leave':
      return yesOrBack(acting, press, () => void acting.send({ type: 'leave', why: 'quit' }));
    case 'end-by-choice':
      return yesOrBack(acting, press, () => void acting.send({ type: 'decide', ...dialog.decide, reason: null }));
    case 'reason':
    case 'override':
    case 'note':
    case 'resolve':
      return wordsKey(acting, dialog, press);
    case 'status':
      return editorKey(
        acting,
        press,
        dialog.field,
        (field) => ({ ...dialog, field }),
        (text) => postStatus(acting, text),
      );
    case 'edit':
      return editKey(acting, dialog, press);
    case 'ask':
      return formKey(acting, dialog, press);
    case 'approve':
      return pressInApproval(acting, dialog, press);
    case 'output':
    case 'describe':
    case 'logs':
      return pressInPager(acting, dialog, press);
    case 'cluster':
      return clusterKey(acting, dialog, press);
    case 'metrics':
      return metricsKey(acting, dialog, press);
    case 'attest':
      return attestKey(acting, dialog, press);
    case 'help':
    case 'evidence':
      return pageKey(acting, dialog, press);
    default:
      return menuKey(acting, press);
  }
};

type Words = Of<'reason'> | Of<'override'> | Of<'note'> | Of<'resolve'>;

/** A reason or another text: picked from a menu while there is no field, else typed. */
const wordsKey = (acting: Acting, dialog: Words, press: Press): Handled => {
  const { field } = dialog;
  if (field === null || (dialog.kind === 'resolve' && dialog.as === null)) return menuKey(acting, press);
  return textKey(
    acting,
    press,
    field,
    (next) => ({ ...dialog, field: next }),
    (text) => takeWords(acting, dialog, text),
    ...(dialog.kind === 'override' ? missingWord(dialog) : []),
  );
};

const takeWords = (acting: Acting, dialog: Words, text: string): Handled => {
  switch (dialog.kind) {
    case 'reason':
      return sendReason(acting, dialog, text);
    case 'override':
      return void goPast(acting, dialog, text);
    case 'note':
      return void acting.send({ type: 'note', step: dialog.step, text });
    case 'resolve':
      if (dialog.as !== null)
        void acting.send({ type: 'resolve', attempt: dialog.attempt, as: dialog.as, evidence: text });
  }
};

/** What an empty field is told while a word is asked for. */
const missingWord = ({ refusal, reason }: Of<'override'>): readonly [string] | readonly [] => {
  const { typed } = refusal.override;
  return typed === undefined || reason === null ? [] : [wrongWord(typed, '')];
};

/** A menu's own keys are its own; here only the way back. */
const menuKey = (acting: Acting, press: Press): Handled => {
  if (press.name === 'escape') close(acting);
};

const yesOrBack = (acting: Acting, press: Press, yes: () => void): Handled => {
  if (press.name === 'escape') return close(acting);
  if (press.name === 'enter') return acting.allowed(press) ? close(acting) : undefined;
  if (chordOf(press) === 'y' && acting.allowed(press)) yes();
};

const pageKey = (acting: Acting, dialog: Of<'help'> | Of<'evidence'>, press: Press): Handled => {
  if (press.name === 'escape' || press.name === 'enter' || chordOf(press) === 'q' || chordOf(press) === '?')
    return close(acting);
  scrollDialog(acting, dialog, press);
};

/** Sent by the runbook's own command once that was confirmed; else copied, to be pasted by hand. */
const postStatus = (acting: Acting, text: string): Handled => {
  const { session, now } = acting.view();
  const about = statusSend(session);
  if (about !== null) {
    const stdin = statusStdin(session, text);
    return openConfirm(acting, pendingStatus(session, about, stdin, now), stdin);
  }
  acting.io.copy(text);
  void acting
    .send({ type: 'status', text })
    .then((done) => done && acting.say('copied and recorded: paste it where it belongs'));
};

const formKey = (acting: Acting, dialog: Of<'ask'>, press: Press): Handled => {
  const outcome = pressInForm(dialog.form, press, acting.io.options.validate);
  if (outcome.kind === 'back') return close(acting);
  if (outcome.kind === 'change') return acting.act({ type: 'change', dialog: { ...dialog, form: outcome.form } });
  for (const [name, value] of Object.entries(outcome.secrets)) acting.io.engine.keepSecret(name, value);
  void acting.send({
    type: 'answer',
    step: dialog.step,
    action: dialog.action,
    values: outcome.values,
    secrets: Object.keys(outcome.secrets),
  });
};
