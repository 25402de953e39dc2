import type { Intent } from '../session/intents.ts';
import type { MainAction, PendingCommand, StepAt } from '../session/main-action.ts';
import type { Answer } from './answers.ts';
import { gateIntent } from './gates.ts';

/** What an answer asks of the session at this point; a text says why it does not fit. */
export const intentOf = (action: MainAction, answer: Answer): Intent | string => {
  if (answer.kind === 'rollback') return { type: 'rollback' };
  const at = stepOf(action);
  if (at !== null) {
    const step = at.step.id;
    if (answer.kind === 'again' && action.kind !== 'gate') return { type: 'again', step };
    if (answer.kind === 'fail') return { type: 'fail', step, reason: answer.text === '' ? null : answer.text };
    if (answer.kind === 'skip') return { type: 'skip', step, reason: answer.text };
    if (answer.kind === 'owe') return { type: 'owe', step, reason: answer.text === '' ? null : answer.text };
    if (answer.kind === 'n/a')
      return { type: 'not-applicable', step, phase: falsePhase(at), reason: answer.text === '' ? null : answer.text };
  }
  return byAction(action, answer);
};

/** The step an answer speaks of: in a card its first open item. */
export const stepOf = (action: MainAction): StepAt | null => {
  if (action.kind === 'card')
    return action.items.find(({ state }) => state.status === 'open') ?? action.items[0] ?? null;
  if ((action.kind === 'run' || action.kind === 'confirm') && 'pending' in action) return action.pending.at;
  return 'at' in action ? action.at : null;
};

/** A phase whose condition decides about all of its steps. */
const falsePhase = (at: StepAt): number | null => (at.phase.when === null ? null : at.phase.number);

const run = (
  pending: PendingCommand,
  how: 'enter' | 'yes' | 'typed' | 'auto',
  typed: string | null,
  stdin: string | null,
): Intent => ({
  type: 'run',
  step: pending.at.step.id,
  action: pending.action,
  part: pending.part,
  ...(pending.forStatus === true ? { forStatus: true } : {}),
  hash: pending.hash,
  how,
  typed,
  script: null,
  edited: null,
  stdin,
});

const confirmed = (pending: PendingCommand, answer: Answer, stdin: string | null): Intent | string => {
  if (pending.level.kind === 'type') {
    return answer.kind === 'type'
      ? run(pending, 'typed', answer.text, stdin)
      : `type the ${pending.level.of} "${pending.level.word}" to run it, as  type: ${pending.level.word}`;
  }
  if (pending.level.kind === 'enter')
    return answer.kind === 'enter' || answer.kind === 'yes' ? run(pending, 'enter', null, stdin) : 'Enter runs it';
  return answer.kind === 'yes' ? run(pending, 'yes', null, stdin) : 'y runs it; Enter does not';
};

const choice = (labels: readonly string[], answer: Answer): string | null => {
  if (answer.kind !== 'choose' && answer.kind !== 'answer') return null;
  const wanted = answer.text.trim();
  const number = /^\d+$/.test(wanted) ? Number(wanted) : 0;
  return labels[number - 1] ?? labels.find((label) => label.toLowerCase() === wanted.toLowerCase()) ?? null;
};

const byAction = (action: MainAction, answer: Answer): Intent | string => {
  switch (action.kind) {
    case 'run':
    case 'confirm':
      return confirmed(action.pending, answer, null);
    case 'message':
      if (action.pending !== null) return confirmed(action.pending, answer, action.text);
      return answer.kind === 'enter' || answer.kind === 'yes'
        ? { type: 'posted', step: action.at.step.id, action: action.action, text: action.text }
        : 'Enter: it was sent';
    case 'pass':
    case 'card':
      return answer.kind === 'enter' || answer.kind === 'yes'
        ? { type: 'pass', step: stepOf(action)?.step.id ?? '' }
        : 'Enter: done';
    case 'accept':
      return answer.kind === 'accept'
        ? { type: 'accept', step: action.at.step.id, reason: answer.text }
        : 'say  accept: REASON, t to try again, or F';
    case 'decide': {
      const label = choice(
        action.choices.map((c) => c.label),
        answer,
      );
      return label === null
        ? 'say the number of a choice'
        : { type: 'decide', step: action.at.step.id, action: action.action, label, reason: null };
    }
    case 'choose-phase': {
      const label = choice(
        action.phases.map((phase) => phase.choice ?? phase.title),
        answer,
      );
      const phase = action.phases.find((p) => (p.choice ?? p.title) === label);
      return phase === undefined ? 'say the number of a choice' : { type: 'choose-phase', phase: phase.number };
    }
    case 'approve':
      return 'say  answer: NAME: REASON, or s to paste a signature';
    case 'handoff':
      return answer.kind === 'enter' || answer.kind === 'yes'
        ? { type: 'handoff', step: action.at.step.id, action: action.action }
        : 'Enter goes on';
    case 'resolve':
      return resolution(action.attempt.attempt, answer);
    case 'finish':
      return answer.kind === 'enter' || answer.kind === 'yes' ? { type: 'finish' } : 'Enter ends the run';
    case 'ask':
      return `a value is needed: ${action.inputs.map(({ name }) => name).join(', ')}`;
    case 'gate':
      return gateIntent(action, answer);
    case 'nothing':
      return `${action.because}. ${action.nextStep}`;
    default:
      return 'nothing can be answered now';
  }
};

/** `3 the pods run v2`: which of the three, and how one knows. The digits are those of the screen, the safe answer first. */
const resolution = (attempt: number, answer: Answer): Intent | string => {
  const text = answer.kind === 'answer' || answer.kind === 'choose' ? answer.text : '';
  const [, which = '', evidence = ''] = /^(1|2|3|succeeded|failed|not-applied)\b[:\s]*([\s\S]*)$/.exec(text) ?? [];
  const as = { '1': 'not-applied', '2': 'failed', '3': 'succeeded' }[which] ?? which;
  if (as !== 'succeeded' && as !== 'failed' && as !== 'not-applied')
    return 'say 1, 2 or 3, and how you know: 3 the pods run v2';
  return { type: 'resolve', attempt, as, evidence };
};

/** Whoever has the terminal handed over has to be there. */
const runsAlone = ({ blocked, spec }: PendingCommand): boolean => blocked === null && !spec.tty;

/** What `--auto` does by itself; null = a person is needed. */
export const automatic = (action: MainAction): Intent | null => {
  switch (action.kind) {
    case 'run':
      return runsAlone(action.pending) ? run(action.pending, 'auto', null, null) : null;
    case 'confirm':
      return action.pending.level.kind === 'yes' && runsAlone(action.pending)
        ? run(action.pending, 'auto', null, null)
        : null;
    case 'handoff':
      return { type: 'handoff', step: action.at.step.id, action: action.action };
    case 'gate':
      return action.stage === 'start'
        ? { type: 'start-gate', step: action.at.step.id, action: action.action, hash: action.hash }
        : null;
    case 'finish':
      return action.owed.length === 0 ? { type: 'finish' } : null;
    case 'nothing':
      return action.notApplicable === undefined || action.at === null
        ? null
        : { type: 'not-applicable', step: action.at.step.id, phase: action.notApplicable.phase, reason: null };
    case 'pass':
      return action.what === 'parent' ? { type: 'pass', step: action.at.step.id } : null;
    default:
      return null;
  }
};
