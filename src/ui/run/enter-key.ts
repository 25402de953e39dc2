import type { GateAction, MainAction, PendingCommand, StepAt } from '../../session/main-action.ts';
import type { Dialog } from '../screen-state.ts';
import { textField } from '../text-field.ts';
import type { Acting, Handled } from './acting.ts';
import { formFor } from './form-keys.ts';
import type { Look } from './look.ts';
import { openConfirm, openReason, runIntent } from './openings.ts';

/** `Enter`. */
export const enter = (acting: Acting, look: Look): Handled => {
  const { main, card, kept } = look;
  if (look.view.session.finished !== null) return;
  if (kept !== null) return acting.act({ type: 'keep-card', items: null });
  if (card !== null) {
    const left = card.filter(({ state }) => state.status === 'open').length;
    return acting.say(`${left} ${left === 1 ? 'item is' : 'items are'} open: Space ticks the one under the cursor`);
  }
  void enterOn(acting, look, main);
};

type Main<K extends MainAction['kind']> = Extract<MainAction, { kind: K }>;

const enterOn = async (acting: Acting, look: Look, main: MainAction): Promise<Handled> => {
  switch (main.kind) {
    case 'run':
      return runOrAsk(acting, main);
    case 'confirm':
      return askFor(acting, main.pending, null);
    case 'pass':
      if (await acting.send({ type: 'pass', step: main.at.step.id })) acting.act({ type: 'look', step: null });
      return;
    case 'accept':
      return openReason(acting, 'accept', main.at.step.id, null);
    case 'ask':
    case 'approve':
    case 'resolve':
      return acting.act({ type: 'open', dialog: dialogFor(main) });
    case 'message':
      return sendMessage(acting, main);
    case 'handoff':
      await acting.send({ type: 'handoff', step: main.at.step.id, action: main.action });
      return;
    case 'finish':
      if (main.owed.length > 0)
        return acting.say(`${main.owed.length} owed: ${main.owed.map(({ step }) => step.title).join(', ')}`);
      await acting.send({ type: 'finish' });
      return;
    case 'gate':
      return startGate(acting, main);
    case 'nothing':
      return acting.say(`${main.because}. ${main.nextStep}`);
    default:
      return acting.say(
        look.main.kind === 'wait'
          ? 'the command works; Ctrl-C stops it or leaves it running'
          : 'choose one of those shown',
      );
  }
};

/** A command that may not run says why; any other is shown in its dialog. */
const askFor = (acting: Acting, pending: PendingCommand, stdin: string | null): Handled =>
  pending.blocked === null
    ? openConfirm(acting, pending, stdin)
    : acting.say(`${pending.blocked.because}. ${pending.blocked.nextStep}`);

const runOrAsk = async (acting: Acting, { pending }: Main<'run'>): Promise<Handled> => {
  // What would run must have been in sight as a whole; else the dialog shows it.
  if (pending.blocked !== null || acting.shown()?.wholeStep !== true) return askFor(acting, pending, null);
  await acting.send(runIntent(pending, 'enter', null, null, null));
};

const sendMessage = async (acting: Acting, { pending, at, action, text }: Main<'message'>): Promise<Handled> => {
  if (pending !== null) return askFor(acting, pending, text);
  await acting.send({ type: 'posted', step: at.step.id, action, text });
};

const startGate = async (acting: Acting, { stage, hash, because, at, action }: GateAction): Promise<Handled> => {
  if (stage !== 'start' || hash === null) return acting.say(because);
  // Its commands run as often as it asks: all of them have to be in sight.
  if (acting.shown()?.wholeStep !== true) return acting.say('read its commands to the last line first: PgDn');
  await acting.send({ type: 'start-gate', step: at.step.id, action, hash });
};

const dialogFor = (main: Main<'ask' | 'approve' | 'resolve'>): Dialog => {
  switch (main.kind) {
    case 'ask':
      return {
        kind: 'ask',
        step: main.at.step.id,
        action: main.action,
        form: formFor(main.inputs.map((input) => ({ input, value: input.default ?? '', last: null }))),
      };
    case 'approve':
      return {
        kind: 'approve',
        step: main.at.step.id,
        action: main.action,
        role: main.approve.role,
        challenge: main.challenge,
        reasonRequired: main.approve.reasonRequired,
        part: { kind: 'how' },
      };
    case 'resolve':
      return { kind: 'resolve', attempt: main.attempt.attempt, as: null, field: textField() };
  }
};

/** `Space`. */
export const tick = (acting: Acting, { card, main, kept }: Look): Handled => {
  if (kept !== null) return acting.say('every item is ticked: Enter goes on');
  if (card === null) {
    if (main.kind === 'pass') void acting.send({ type: 'pass', step: main.at.step.id });
    return;
  }
  const item =
    card.find(({ step }) => step.id === acting.screen().item) ?? card.find(({ state }) => state.status === 'open');
  if (item === undefined) return;
  if (item.state.status !== 'open') return acting.say('this item is done; u undoes the last tick');
  const at = card.indexOf(item);
  const isOpen = ({ state }: StepAt): boolean => state.status === 'open';
  const next = card.slice(at + 1).find(isOpen) ?? card.slice(0, at).find(isOpen);
  const items = card.map(({ step }) => step.id);
  acting.act({ type: 'item', step: item.step.id });
  if (next === undefined) acting.act({ type: 'keep-card', items });
  void acting.send({ type: 'pass', step: item.step.id }).then((done) => {
    if (done && next !== undefined && acting.screen().item === item.step.id)
      acting.act({ type: 'item', step: next.step.id });
    if (!done && next === undefined) acting.act({ type: 'keep-card', items: null });
  });
};
