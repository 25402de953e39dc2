import { currentFrame, editedPending } from '../../session/select.ts';
import { chordOf } from '../chord.ts';
import type { Press } from '../press.ts';
import type { Dialog } from '../screen-state.ts';
import { fieldText, textField } from '../text-field.ts';
import type { Acting, Handled } from './acting.ts';
import { editorKey } from './dialog-fields.ts';
import { close } from './dialog-scroll.ts';
import { openConfirm } from './openings.ts';

type Of<K extends Dialog['kind']> = Extract<Dialog, { kind: K }>;

/** The command as text; `Ctrl-O` takes it to the operator's own editor, `Ctrl-S` to the confirmation. */
export const editKey = (acting: Acting, dialog: Of<'edit'>, press: Press): Handled => {
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
