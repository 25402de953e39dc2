import type { Dialog } from '../screen-state.ts';
import { textField } from '../text-field.ts';
import { linksOf } from '../views/dialog-pages.ts';
import { notNow, ownWords } from '../views/dialog-questions.ts';
import { wrongWord } from '../views/typed-word.ts';
import type { Acting, Handled } from './acting.ts';
import { chooseApproval } from './approve-keys.ts';
import { chooseToAcknowledge } from './attest-keys.ts';
import { close } from './dialog-scroll.ts';
import { copyText, openReason } from './openings.ts';
import { reasonIntent } from './reasons.ts';

type Of<K extends Dialog['kind']> = Extract<Dialog, { kind: K }>;

/** Sends what a reason completes. */
export const sendReason = (acting: Acting, { why }: Of<'reason'>, reason: string): Handled => {
  const item = why.step;
  void acting
    .send(reasonIntent(why, reason))
    .then((done) => done && why.kind !== 'hold' && item !== null && acting.act({ type: 'look', step: null }));
};

/** Takes the reason, and after it the word where one is asked for; then records both and sends what was refused. */
export const goPast = async (acting: Acting, dialog: Of<'override'>, text: string): Promise<void> => {
  const { refusal, intent, reason } = dialog;
  const { what, typed } = refusal.override;
  if (typed !== undefined && reason === null)
    return acting.act({ type: 'change', dialog: { ...dialog, reason: text, field: textField() } });
  if (typed !== undefined && text !== typed.word) return acting.say(wrongWord(typed, text));
  const word = typed === undefined ? {} : { typed: text };
  if (await acting.send({ type: 'override', what, reason: reason ?? text, ...word })) await acting.send(intent);
};

/** An entry of the menu that the topmost dialog shows. */
export const chooseInDialog = (acting: Acting, dialog: Dialog, value: string): Handled => {
  switch (dialog.kind) {
    case 'reason':
      if (value === notNow) return close(acting);
      return value === ownWords
        ? acting.act({ type: 'change', dialog: { ...dialog, field: textField() } })
        : sendReason(acting, dialog, value);
    case 'override':
      if (value === notNow) return close(acting);
      return value === ownWords
        ? acting.act({ type: 'change', dialog: { ...dialog, field: textField() } })
        : void goPast(acting, dialog, value);
    case 'left-out':
      acting.act({ type: 'close' });
      return openReason(
        acting,
        value === 'owe' ? 'owe' : value === 'skip' ? 'skip' : 'not-applicable',
        dialog.step,
        null,
      );
    case 'interrupt':
      return interruptChoice(acting, dialog, value);
    case 'resolve':
      if (value === 'succeeded' || value === 'failed' || value === 'not-applied')
        acting.act({ type: 'change', dialog: { ...dialog, as: value } });
      else if (value === 'stop')
        void acting
          .send({ type: 'stop-command', attempt: dialog.attempt, signal: 'TERM' })
          .then((done) => done && acting.say('asked to end; what has not ended in 10 s is killed'));
      return;
    case 'approve':
      return chooseApproval(acting, dialog, value);
    case 'acknowledge':
      return chooseToAcknowledge(acting, value);
    case 'links': {
      const link = linksOf(acting.view())[Number(value)];
      close(acting);
      if (link !== undefined) copyText(acting, link.text);
      return;
    }
    default:
      return;
  }
};

const interruptChoice = (acting: Acting, { attempt }: Of<'interrupt'>, value: string): Handled => {
  if (value === 'back') return close(acting);
  if (value === 'leave') {
    void acting.send({ type: 'leave', why: 'quit' });
    return;
  }
  void acting.send({ type: 'stop-command', attempt, signal: value === 'kill' ? 'KILL' : 'TERM' });
};
