import type { Input } from '../runbook/model.ts';
import { clock } from '../text/duration.ts';
import { cardAt } from './card.ts';
import { gateView } from './gate-view.ts';
import type { ConfirmLevel, GateAction, MainAction, PendingCommand, StepAt } from './main-action.ts';
import { stepAt } from './pending.ts';
import { currentFrame } from './select.ts';
import type { AttemptState, SessionState } from './state.ts';
import { placeOf } from './walk.ts';

/** Words that say what a key would do; the screen and the lines share them. Not yet safe for a terminal: callers pass them through `safeText`. */

const firstLine = (script: string): string => {
  const lines = script.trim().split('\n');
  return lines.length > 1 ? `${lines[0]} … (${lines.length} lines)` : (lines[0] ?? '');
};

/** First words of a script that name no program: the shell's own. */
const shellWords = new Set(
  'for while until if case select function time set export local declare readonly cd source eval exec trap then do'.split(
    ' ',
  ),
);

/** The program that runs, when the first word says which. */
const workerOf = (script: string): string => {
  const word = /^\s*([A-Za-z][\w.-]*)(?=\s|$)/.exec(script)?.[1];
  return word === undefined || shellWords.has(word) || script.trim().includes('\n') ? 'the command' : word;
};

const limitWords = ({ spec, startedAt }: AttemptState, now: number): string => {
  const left = spec.timeoutMs === null || startedAt === null ? 0 : startedAt + spec.timeoutMs - now;
  return left <= 0 ? '' : ` (${clock(left)} left)`;
};

const blockedWords = (pending: PendingCommand): string | null =>
  pending.blocked === null
    ? null
    : `Enter does nothing: ${pending.blocked.code === null ? '' : `${pending.blocked.code} `}${pending.blocked.because}. ${pending.blocked.nextStep}.`;

/** The items of the card the operator stands in; null outside of a card of several. */
export const cardItems = (state: SessionState, main: MainAction): readonly StepAt[] | null => {
  if (main.kind === 'card') return main.items;
  const frame = currentFrame(state);
  if (main.kind !== 'pass' || main.what !== 'tick' || frame === null) return null;
  const place = placeOf(frame.runbook, main.at.step.id);
  const items = place === undefined ? [] : cardAt(frame, place);
  return items.length > 1 ? items.map((item) => stepAt(frame, item)) : null;
};

/** What Enter does now, as one sentence. `now` is UTC ms. */
export const enterWords = (state: SessionState, main: MainAction, now: number): string => {
  const card = cardItems(state, main);
  if (card !== null) return cardWords(card);
  switch (main.kind) {
    case 'run':
      return blockedWords(main.pending) ?? `Enter runs: ${firstLine(main.pending.spec.script)}`;
    case 'confirm':
      return blockedWords(main.pending) ?? `Enter asks before it runs: ${firstLine(main.pending.spec.script)}`;
    case 'pass':
      return {
        tick: 'Enter ticks this step.',
        'as-expected': 'Enter: the output is as expected.  F: it is not.',
        parent: 'Enter: all parts of this step are done.',
      }[main.what];
    case 'accept':
      return 'Enter accepts this with a reason.  t tries again.  F fails it.  R rolls back.';
    case 'decide':
      return `Enter does nothing here: it is your decision. Choose ${numbers(main.choices.length)}.`;
    case 'choose-phase':
      return `Enter does nothing here: choose one way, ${numbers(main.phases.length)}.`;
    case 'ask':
      return `Enter asks for ${main.inputs.map(({ name }) => name).join(', ')}.`;
    case 'approve':
      return `Enter opens the approval by ${main.approve.role}.`;
    case 'message':
      return main.pending === null
        ? 'y copies the message.  Enter: it was sent.'
        : 'Enter shows the message and asks before it is sent.';
    case 'handoff':
      return `Enter goes on with "${main.title}" and comes back here.`;
    case 'wait':
      return `Enter: nothing to do, ${workerOf(main.attempt.spec.script)} works${limitWords(main.attempt, now)}.  Ctrl-C: stop it / leave it`;
    case 'resolve':
      return 'Enter: say what became of the command. Look with a read-only check first.';
    case 'gate':
      return gateWords(state, main, now);
    case 'nothing':
      return `Enter does nothing here: ${main.because}. ${main.nextStep}.`;
    case 'finish':
      return main.owed.length === 0
        ? 'Enter ends the run and writes the record.'
        : `Enter does nothing here: ${main.owed.length} owed. Do them, or S leaves them out.`;
    default:
      return 'The run is over.  y copies the record.  q leaves.';
  }
};

const gateWords = (state: SessionState, main: GateAction, now: number): string => {
  const count = main.choices.length;
  switch (main.stage) {
    case 'failed':
      return `Enter does nothing here: a check failed. Choose R, ${numbers(count)}.`;
    case 'blind':
      return `Enter does nothing here: it cannot tell. Choose R, ${numbers(count)}.`;
    case 'start':
      return main.hash === null
        ? 'Enter: nothing to do, this gate begins by itself.'
        : `Enter begins this gate, which asks by: ${firstLine(main.commands.join('; '))}`;
    case 'judging': {
      const at = { frame: main.at.frame, step: main.at.step.id, action: main.action };
      const how = gateView(state, at, now)?.clock ?? main.because;
      return `Enter: nothing to do, this gate is being judged: ${how}.`;
    }
  }
};

const cardWords = (items: readonly StepAt[]): string => {
  const open = items.filter(({ state }) => state.status === 'open').length;
  return open === 0
    ? 'Enter goes on: every item is ticked.'
    : `Space ticks the item under the cursor: ${open} of ${items.length} open.`;
};

const numbers = (count: number): string =>
  count < 2 ? '1' : `${Array.from({ length: count - 1 }, (_, i) => i + 1).join(', ')} or ${count}`;

/** Where a choice leads: `next` and jumps say nothing more than their label needs. */
export const choiceTargetWords = (target: string): string =>
  ({ next: 'goes on', stay: 'stays here', rollback: 'rolls back, shown before it starts', stop: 'ends the run' })[
    target
  ] ?? `goes to ${target}`;

/** What confirms a command of this level. */
export const levelWords = (level: ConfirmLevel): string => {
  switch (level.kind) {
    case 'enter':
      return 'reads only';
    case 'yes':
      return 'y runs it; Enter and Esc do not';
    case 'type':
      return `type the ${level.of} "${level.word}" to run it`;
  }
};

/** `0 or more letters`: the rule a value has to follow, beside its field. */
export const ruleWords = (input: Input): string => {
  const example = input.example === null ? '' : `, such as ${input.example}`;
  switch (input.type) {
    case 'choice':
      return `one of ${input.choices.join(', ')}`;
    case 'boolean':
      return 'yes or no';
    case 'integer':
      return `a whole number${example}`;
    case 'number':
      return `a number${example}`;
    case 'secret':
      return 'not shown, not recorded';
    case 'text':
      return `text${example}`;
    case 'string':
      return `${input.pattern === null ? 'letters, digits and . _ : / @ + -' : `matches ${input.pattern}`}${example}`;
  }
};

/** Reasons offered before free text. */
export const reasonChoices = {
  fail: ['the output is not what it should be', 'the check was not met', 'it could not be done'],
  skip: ['done already, outside of this run', 'not needed this time', 'cannot be done now'],
  'not-applicable': ['this part does not exist here', 'its condition does not hold'],
  owe: ['it needs time to pass', 'somebody else does it', 'the system it needs is away'],
  accept: ['known and harmless', 'looked at: the effect is there', 'fixed by hand since'],
  hold: ['waiting for somebody', 'looking into something', 'another incident comes first'],
  end: ['called off', 'cannot go on', 'done by other means'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** Reasons offered for going past something that stands in the way. */
export const overrideReasons = [
  'looked at by other means: it is right',
  'agreed with those concerned',
  'it cannot wait',
] as const;

/** Reasons offered for taking over what somebody else holds. */
export const takeOverReasons = [
  'agreed with the holder',
  'the holder cannot be reached, others agree',
  'it cannot wait',
] as const;

export type ReasonKind = keyof typeof reasonChoices;

/** The question above the reasons. */
export const reasonTitles: Readonly<Record<ReasonKind, string>> = {
  fail: 'Why does this step fail?',
  skip: 'Why is this step left out?',
  'not-applicable': 'Why does this step not apply?',
  owe: 'Why later?',
  accept: 'Why is this acceptable?',
  hold: 'Why hold?',
  end: 'Why does the run end here?',
};
