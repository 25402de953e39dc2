import type { Intent } from '../../session/intents.ts';
import { currentFrame, editedPending } from '../../session/select.ts';
import { chordOf } from '../keys.ts';
import type { Press } from '../press.ts';
import { clamp, type Dialog } from '../screen-state.ts';
import { edit, fieldText, insert, type TextField, textField } from '../text-field.ts';
import { linksOf } from '../views/dialog-pages.ts';
import { ownWords } from '../views/dialog-questions.ts';
import { chooseApproval, pressInApproval } from './approve-keys.ts';
import type { Acting, Handled } from './controller.ts';
import { pasteInForm, pressInForm } from './form-keys.ts';
import { pressInOutput } from './output-keys.ts';
import { copyText, openConfirm, openReason, runIntent } from './perform.ts';
import { reasonIntent } from './reasons.ts';

type Of<K extends Dialog['kind']> = Extract<Dialog, { kind: K }>;

const close = ({ act }: Acting): void => act({ type: 'close' });

/** Rows that `j`, `PgDn` and the others move by; null for other keys. */
export const scrollBy = (press: Press, page: number): number | null => {
  const steps: Readonly<Record<string, number>> = {
    j: 1,
    down: 1,
    k: -1,
    up: -1,
    'page-down': page,
    'ctrl-d': page,
    ' ': page,
    space: page,
    'page-up': -page,
    'ctrl-u': -page,
    g: -1e9,
    home: -1e9,
    G: 1e9,
    end: 1e9,
  };
  return steps[chordOf(press)] ?? null;
};

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
      return dialog.field === null
        ? menuKey(acting, press)
        : textKey(
            acting,
            press,
            dialog.field,
            (field) => ({ ...dialog, field }),
            (text) => sendReason(acting, dialog, text),
          );
    case 'note':
      return textKey(
        acting,
        press,
        dialog.field,
        (field) => ({ ...dialog, field }),
        (text) => void acting.send({ type: 'note', step: dialog.step, text }),
      );
    case 'resolve': {
      const { as } = dialog;
      if (as === null) return menuKey(acting, press);
      return textKey(
        acting,
        press,
        dialog.field,
        (field) => ({ ...dialog, field }),
        (text) => void acting.send({ type: 'resolve', attempt: dialog.attempt, as, evidence: text }),
      );
    }
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
      return pressInOutput(acting, dialog, press);
    case 'help':
    case 'evidence':
      return pageKey(acting, dialog, press);
    default:
      return menuKey(acting, press);
  }
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

const scrollDialog = (
  acting: Acting,
  dialog: Of<'help'> | Of<'evidence'> | Of<'confirm'> | Of<'rollback'>,
  press: Press,
): boolean => {
  const by = scrollBy(press, Math.max(3, acting.size().rows - 12));
  if (by === null) return false;
  const most = acting.shown()?.mostScroll ?? 0;
  const scroll = clamp(dialog.scroll + by, most);
  acting.act({
    type: 'change',
    dialog:
      'reached' in dialog ? { ...dialog, scroll, reached: dialog.reached || scroll >= most } : { ...dialog, scroll },
  });
  return true;
};

/** The last line of what would run was in sight. */
const wasRead = (acting: Acting, dialog: Of<'confirm'> | Of<'rollback'>): boolean => {
  if (dialog.reached || (acting.shown()?.mostScroll ?? 1) === 0) return true;
  acting.say('read to the last line first: j or PgDn');
  return false;
};

const confirmKey = (acting: Acting, dialog: Of<'confirm'>, press: Press): Handled => {
  const { pending, edited, stdin, typed } = dialog;
  if (press.name === 'escape') return close(acting);
  if (pending.level.kind === 'type') {
    if (press.name === 'enter') {
      if (fieldText(typed) !== pending.level.word)
        return acting.say(`type the ${pending.level.of} "${pending.level.word}", or Esc`);
      if (!acting.allowed(press) || !wasRead(acting, dialog)) return;
      void acting.send(runIntent(pending, 'typed', fieldText(typed), edited, stdin));
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

const rollbackKey = (acting: Acting, dialog: Of<'rollback'>, press: Press): Handled => {
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

/** A field of one line: Enter takes it, but not as part of a burst. */
const textKey = (
  acting: Acting,
  press: Press,
  field: TextField,
  change: (field: TextField) => Dialog,
  take: (text: string) => void,
): Handled => {
  if (press.name === 'escape') return close(acting);
  if (press.name === 'enter') {
    const text = fieldText(field).trim();
    if (text === '') return acting.say('a few words are needed, or Esc');
    if (acting.allowed(press)) take(text);
    return;
  }
  const next = edit(field, press);
  if (next !== null) acting.act({ type: 'change', dialog: change(next) });
};

/** A field of several lines: Enter is a line break, Ctrl-S takes it. */
const editorKey = (
  acting: Acting,
  press: Press,
  field: TextField,
  change: (field: TextField) => Dialog,
  take: (text: string) => void,
): Handled => {
  if (press.name === 'escape') return close(acting);
  if (chordOf(press) === 'ctrl-s') {
    const text = fieldText(field);
    if (text.trim() === '') return acting.say('there is no text, or Esc');
    if (acting.allowed(press)) take(text);
    return;
  }
  const next = press.name === 'enter' ? insert(field, '\n', true) : edit(field, press);
  if (next !== null) acting.act({ type: 'change', dialog: change(next) });
};

const postStatus = (acting: Acting, text: string): Handled => {
  acting.io.copy(text);
  void acting
    .send({ type: 'status', text })
    .then((done) => done && acting.say('copied and recorded: paste it where it belongs'));
};

const editKey = (acting: Acting, dialog: Of<'edit'>, press: Press): Handled => {
  if (chordOf(press) === 'ctrl-o') {
    void acting.io.editElsewhere(fieldText(dialog.field)).then((text) => {
      if (text !== null)
        acting.act({ type: 'change', dialog: { ...dialog, field: textField(text.replace(/\n$/, '')) } });
    });
    return;
  }
  editorKey(
    acting,
    press,
    dialog.field,
    (field) => ({ ...dialog, field }),
    (text) => confirmEdited(acting, dialog, text),
  );
};

const confirmEdited = (acting: Acting, { pending }: Of<'edit'>, text: string): Handled => {
  const frame = currentFrame(acting.view().session);
  const action = frame === null ? undefined : pending.at.step.actions[pending.action];
  if (action?.kind !== 'command') return close(acting);
  const script = pending.spec.script.endsWith('\n') ? `${text}\n` : text;
  if (script === action.command.script) {
    acting.act({ type: 'close' });
    return openConfirm(acting, pending, null);
  }
  const command = acting.io.options.analyse(script, action.command);
  const changed = editedPending(acting.view().session, pending.at.step.id, pending.action, command, acting.view().now);
  if (changed === null) return close(acting);
  if (changed.blocked !== null) return acting.say(`${changed.blocked.because}. ${changed.blocked.nextStep}`);
  acting.act({ type: 'close' });
  openConfirm(acting, changed, null, command);
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

const sendReason = (acting: Acting, { why }: Of<'reason'>, reason: string): Handled => {
  const item = why.step;
  void acting
    .send(reasonIntent(why, reason))
    .then((done) => done && why.kind !== 'hold' && item !== null && acting.act({ type: 'look', step: null }));
};

/** An entry of the menu that the topmost dialog shows. */
export const chooseInDialog = (acting: Acting, dialog: Dialog, value: string): Handled => {
  switch (dialog.kind) {
    case 'reason':
      return value === ownWords
        ? acting.act({ type: 'change', dialog: { ...dialog, field: textField() } })
        : sendReason(acting, dialog, value);
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
      return;
    case 'approve':
      return chooseApproval(acting, dialog, value);
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
  if (dialog.kind === 'reason' && dialog.field !== null)
    return put({ ...dialog, field: insert(dialog.field, text, false) });
  if (dialog.kind === 'resolve' && dialog.as !== null)
    return put({ ...dialog, field: insert(dialog.field, text, false) });
  if (dialog.kind === 'output' && dialog.field !== null)
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
