import { acknowledgeable } from '../../session/acknowledge-view.ts';
import type { Intent } from '../../session/intents.ts';
import type { GateAction, GateChoice } from '../../session/main-action.ts';
import type { Press } from '../press.ts';
import type { Attest, Dialog } from '../screen-state.ts';
import { textField } from '../text-field.ts';
import { type AskedWord, wrongWord } from '../views/typed-word.ts';
import type { Acting, Handled } from './acting.ts';
import { textKey } from './dialog-fields.ts';

type AttestDialog = Extract<Dialog, { kind: 'attest' }>;

const openAttest = (acting: Acting, about: Attest): void =>
  acting.act({ type: 'open', dialog: { kind: 'attest', about, field: textField(), reason: null } });

/** One of the choices at a gate that has failed or cannot tell. */
export const chooseAtGate = (acting: Acting, { at, action, because }: GateAction, choice: GateChoice): Handled => {
  const step = at.step.id;
  const back = (): void => acting.act({ type: 'look', step: null });
  switch (choice.kind) {
    case 'back':
      void acting.send({ type: 'back', step: choice.step }).then((done) => done && back());
      return;
    case 'hold':
      void acting.send({ type: 'hold-gate', step, action });
      return;
    case 'override':
      return openAttest(acting, { kind: 'override', step, action, because, least: choice.least, typed: choice.typed });
    case 'by-eye':
      return openAttest(acting, { kind: 'by-eye', step, action, because });
    case 'acknowledge':
      return openAttest(acting, { kind: 'source', source: choice.source, because, least: 1 });
  }
};

/** `A`: at once when there is one thing only. */
export const openAcknowledge = (acting: Acting): Handled => {
  const { session, now } = acting.view();
  const all = acknowledgeable(session, now);
  const [only] = all;
  if (only === undefined) return acting.say('there is nothing to acknowledge');
  if (all.length === 1) return openAttest(acting, only);
  acting.act({ type: 'open', dialog: { kind: 'acknowledge' } });
};

export const chooseToAcknowledge = (acting: Acting, value: string): Handled => {
  const { session, now } = acting.view();
  const chosen = acknowledgeable(session, now)[Number(value)];
  acting.act({ type: 'close' });
  if (chosen !== undefined) openAttest(acting, chosen);
};

const intentOf = (about: Attest, words: string, typed: string | null): Intent => {
  switch (about.kind) {
    case 'override':
      return { type: 'override-gate', step: about.step, action: about.action, reason: words, typed };
    case 'by-eye':
      return { type: 'by-eye', step: about.step, action: about.action, seen: words };
    case 'breach':
      return { type: 'acknowledge-breach', criterion: about.criterion, reason: words };
    case 'source':
      return { type: 'acknowledge-source', source: about.source, reason: words };
  }
};

export const attestKey = (acting: Acting, dialog: AttestDialog, press: Press): Handled =>
  textKey(
    acting,
    press,
    dialog.field,
    (field) => ({ ...dialog, field }),
    (text) => taken(acting, dialog, text),
    ...(dialog.reason === null ? [] : [wrongWord(askedOf(dialog), '')]),
  );

const askedOf = ({ about }: AttestDialog): AskedWord => ({
  word: about.kind === 'override' ? (about.typed ?? '') : '',
  of: 'check',
});

const taken = (acting: Acting, dialog: AttestDialog, text: string): Handled => {
  const { about, reason } = dialog;
  const typed = about.kind === 'override' ? about.typed : null;
  if (reason !== null) {
    if (text !== typed) return acting.say(wrongWord(askedOf(dialog), text));
    void acting.send(intentOf(about, reason, text));
    return;
  }
  const least = 'least' in about ? about.least : 1;
  if (text.length < least) return acting.say(`a reason of at least ${least} characters is needed`);
  if (typed !== null) return acting.act({ type: 'change', dialog: { ...dialog, reason: text, field: textField() } });
  void acting.send(intentOf(about, text, null));
};
