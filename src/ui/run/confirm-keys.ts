import type { Intent } from '../../session/intents.ts';
import { chordOf } from '../chord.ts';
import type { Press } from '../press.ts';
import type { Dialog } from '../screen-state.ts';
import { edit, fieldText, textField } from '../text-field.ts';
import { wrongWord } from '../views/typed-word.ts';
import type { Acting, Handled } from './acting.ts';
import { close, scrollDialog, wasRead } from './dialog-scroll.ts';
import { runIntent } from './openings.ts';

type Of<K extends Dialog['kind']> = Extract<Dialog, { kind: K }>;

/** `y` runs what is shown, or the typed word does; Enter and Esc are no. */
export const confirmKey = (acting: Acting, dialog: Of<'confirm'>, press: Press): Handled => {
  const { pending, edited, stdin, typed } = dialog;
  if (press.name === 'escape') return close(acting);
  if (pending.level.kind === 'type') {
    if (press.name === 'enter') {
      const word = fieldText(typed).trim();
      if (word !== pending.level.word) return acting.say(wrongWord(pending.level, word));
      if (!acting.allowed(press) || !wasRead(acting, dialog)) return;
      void acting.send(runIntent(pending, 'typed', word, edited, stdin));
      return;
    }
    if (['up', 'down', 'page-up', 'page-down'].includes(press.name) && scrollDialog(acting, dialog, press)) return;
    const field = edit(typed, press);
    if (field !== null) acting.act({ type: 'change', dialog: { ...dialog, typed: field } });
    return;
  }
  if (press.name === 'enter') return acting.allowed(press) ? close(acting) : undefined;
  if (chordOf(press) === 'y') {
    if (acting.allowed(press) && wasRead(acting, dialog))
      void acting.send(runIntent(pending, 'yes', null, edited, stdin));
    return;
  }
  if (chordOf(press) === 'e' && stdin === null)
    return acting.act(
      { type: 'close' },
      { type: 'open', dialog: { kind: 'edit', pending, field: textField(pending.spec.script.replace(/\n$/, '')) } },
    );
  scrollDialog(acting, dialog, press);
};

/** `y` starts the rollback; Esc leaves no trace. */
export const rollbackKey = (acting: Acting, dialog: Of<'rollback'>, press: Press): Handled => {
  if (press.name === 'escape') return close(acting);
  if (press.name === 'enter') return acting.allowed(press) ? close(acting) : undefined;
  if (chordOf(press) === 's') {
    const running = Object.values(acting.view().session.attempts).find(
      ({ status, spec }) => status === 'running' && !spec.background && spec.risk !== 'read',
    );
    if (running !== undefined && acting.allowed(press))
      void acting.io.engine.dispatch({ type: 'stop-command', attempt: running.attempt, signal: 'TERM' });
    return;
  }
  if (chordOf(press) !== 'y') {
    scrollDialog(acting, dialog, press);
    return;
  }
  if (!acting.allowed(press) || !wasRead(acting, dialog)) return;
  const intent: Intent =
    dialog.decide === null ? { type: 'rollback' } : { type: 'decide', ...dialog.decide, reason: null };
  void acting
    .send(intent)
    .then((done) => done && acting.act({ type: 'look', step: null }, { type: 'keep-card', items: null }));
};
