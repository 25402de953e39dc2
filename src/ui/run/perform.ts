import { currentFrame, foregroundAttempt } from '../../session/select.ts';
import { statusText } from '../../session/status-update.ts';
import { analysable } from '../../session/ui-edit.ts';
import { phaseRuledOut } from '../../session/ui-facts.ts';
import type { ReasonKind } from '../../session/ui-words.ts';
import type { KeyId } from '../key-row.ts';
import { describable, logSources } from '../log-sources.ts';
import type { Press } from '../press.ts';
import { textField } from '../text-field.ts';
import type { Acting } from './acting.ts';
import { chooseAtGate, openAcknowledge } from './attest-keys.ts';
import { openCluster } from './cluster-keys.ts';
import { enter, tick } from './enter-key.ts';
import { type Look, stepOrder } from './look.ts';
import { copyText, openDescribe, openLogs, openOutput, openReason, openRollback } from './openings.ts';

/** Carries out one key of the table; what may not be done now was sorted out before. */
export const perform = (acting: Acting, id: Exclude<KeyId, 'back'>, press: Press, look: Look): void =>
  handlers[id](acting, look, press);

type Handler = (acting: Acting, look: Look, press: Press) => void;

const ask =
  (kind: ReasonKind): Handler =>
  (acting, { at }) =>
    openReason(acting, kind, at?.step.id ?? null, null);

/** In a card the cursor moves over its items first, then over the steps around it. */
const move =
  (by: 1 | -1): Handler =>
  (acting, { card, at, view }) => {
    if (card !== null && acting.screen().selected === null) {
      const here = card.findIndex(
        ({ step }) => step.id === (acting.screen().item ?? card.find(({ state }) => state.status === 'open')?.step.id),
      );
      const next = card[Math.max(0, here) + by];
      if (next !== undefined) return acting.act({ type: 'item', step: next.step.id });
    }
    const order = stepOrder(view);
    const from =
      card === null
        ? order.indexOf(at?.step.id ?? '')
        : order.indexOf((by === 1 ? card.at(-1) : card[0])?.step.id ?? '');
    const next = order[from + by];
    if (next !== undefined) acting.act({ type: 'look', step: next });
  };

const edge =
  (which: 0 | -1): Handler =>
  ({ act }, { view }) => {
    const step = stepOrder(view).at(which);
    if (step !== undefined) act({ type: 'look', step });
  };

const page =
  (by: 1 | -1): Handler =>
  (acting) =>
    acting.act({
      type: 'scroll',
      by: by * Math.max(3, Math.floor(acting.size().rows / 3)),
      most: acting.shown()?.mostScroll ?? 0,
    });

const choose: Handler = (acting, { main }, press) => {
  const index = Number(press.char) - 1;
  if (main.kind === 'choose-phase') {
    const phase = main.phases[index];
    if (phase !== undefined) void acting.send({ type: 'choose-phase', phase: phase.number });
    return;
  }
  if (main.kind === 'gate') {
    const chosen = main.choices[index];
    if (chosen !== undefined) chooseAtGate(acting, main, chosen);
    return;
  }
  if (main.kind !== 'decide') return;
  const choice = main.choices[index];
  if (choice === undefined) return;
  const decide = { step: main.at.step.id, action: main.action, label: choice.label };
  if (choice.target === 'rollback') return openRollback(acting, decide);
  if (choice.target === 'stop') return acting.act({ type: 'open', dialog: { kind: 'end-by-choice', decide } });
  void acting.send({ type: 'decide', ...decide, reason: null });
};

const copy: Handler = (acting, { main, attempt, view }) => {
  const pending = main.kind === 'run' || main.kind === 'confirm' ? main.pending : null;
  if (main.kind === 'message') return copyText(acting, main.text);
  if (main.kind === 'approve') return copyText(acting, main.challenge);
  if (pending !== null) return copyText(acting, pending.spec.script);
  const script = attempt === null ? undefined : view.session.attempts[attempt]?.spec.script;
  if (script !== undefined) copyText(acting, script);
};

const output: Handler = (acting, { attempt }) => {
  if (attempt !== null) openOutput(acting, attempt);
};

const skip: Handler = (acting, { at }) => {
  if (at !== null)
    acting.act({
      type: 'open',
      dialog: { kind: 'left-out', step: at.step.id, canOwe: at.step.owe !== null || at.phase.owe !== null },
    });
};

const status: Handler = (acting, { view }) =>
  acting.act({
    type: 'open',
    dialog: { kind: 'status', field: textField(statusText(view.session, view.now)) },
  });

const hold: Handler = (acting, { view }) => {
  if (view.session.paused === null) return openReason(acting, 'hold', null, null);
  void acting.send({ type: 'lift-hold', reason: null });
};

const interrupt: Handler = (acting, look, press) => {
  const attempt = foregroundAttempt(look.view.session);
  if (attempt === null) return leave(acting, look, press);
  acting.act({ type: 'open', dialog: { kind: 'interrupt', attempt: attempt.attempt } });
};

const leave: Handler = (acting, { view }) => {
  if (view.session.finished !== null || view.observing !== null) return acting.io.quit();
  acting.act({ type: 'open', dialog: { kind: 'leave' } });
};

const edit: Handler = (acting, { main }) => {
  if ((main.kind === 'run' || main.kind === 'confirm') && analysable(main.pending))
    acting.act({
      type: 'open',
      dialog: { kind: 'edit', pending: main.pending, field: textField(main.pending.spec.script.replace(/\n$/, '')) },
    });
};

/** One key where the runbook itself says that it may not apply; with a reason elsewhere. */
const notApplicable: Handler = (acting, { at, main, view }) => {
  const frame = currentFrame(view.session);
  if (at === null || frame === null) return;
  const phase =
    main.kind === 'nothing' && main.notApplicable !== undefined ? main.notApplicable.phase : phaseRuledOut(frame, at);
  if (phase === null && !at.step.optional) return openReason(acting, 'not-applicable', at.step.id, null);
  void acting.send({ type: 'not-applicable', step: at.step.id, phase, reason: null });
};

const step =
  (type: 'again' | 'back'): Handler =>
  (acting, { at }) => {
    if (at !== null)
      void acting
        .send({ type, step: at.step.id })
        .then((done) => done && acting.act({ type: 'keep-card', items: null }, { type: 'look', step: null }));
  };

const handlers: Readonly<Record<Exclude<KeyId, 'back'>, Handler>> = {
  enter,
  tick,
  choice: choose,
  rollback: (acting) => openRollback(acting, null),
  fail: ask('fail'),
  again: step('again'),
  skip,
  'not-applicable': notApplicable,
  edit,
  output,
  logs: (acting, { view }) => openLogs(acting, logSources(view), false),
  cluster: (acting) => openCluster(acting),
  metrics: ({ act }) => act({ type: 'open', dialog: { kind: 'metrics', selected: null } }),
  describe: (acting, { view }) => {
    const what = describable(view.cluster);
    if (what !== null) openDescribe(acting, what);
  },
  acknowledge: openAcknowledge,
  copy,
  undo: (acting) => void acting.send({ type: 'undo' }).then(() => acting.act({ type: 'keep-card', items: null })),
  reopen: step('back'),
  evidence: ({ act }, { at }) =>
    act({ type: 'open', dialog: { kind: 'evidence', step: at?.step.id ?? null, scroll: 0 } }),
  links: ({ act }) => act({ type: 'open', dialog: { kind: 'links' } }),
  list: ({ act, screen }) => act({ type: 'list', shown: !screen().list }),
  down: move(1),
  up: move(-1),
  first: edge(0),
  last: edge(-1),
  'page-down': page(1),
  'page-up': page(-1),
  current: ({ act }) => act({ type: 'look', step: null }, { type: 'list', shown: false }),
  note: ({ act }, { at }) =>
    act({ type: 'open', dialog: { kind: 'note', step: at?.step.id ?? null, field: textField() } }),
  status,
  hold,
  end: (acting) => openReason(acting, 'end', null, null),
  interrupt,
  help: ({ act }) => act({ type: 'open', dialog: { kind: 'help', scroll: 0 } }),
  leave,
};
