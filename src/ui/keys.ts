import { statusDue } from '../session/overview.ts';
import { cardItems } from '../session/ui-words.ts';
import { isSettled } from '../session/walk.ts';
import { chordOf } from './chord.ts';
import type { KeyContext, KeyRow } from './key-row.ts';
import type { Press } from './press.ts';

const always = (): boolean => true;
const working = ({ view }: KeyContext): boolean => view.session.finished === null && view.observing === null;
const hasStep = (context: KeyContext): boolean => working(context) && context.at !== null;
const openStep = (context: KeyContext): boolean =>
  hasStep(context) && context.at !== null && !isSettled(context.at.state.status) && context.main.kind !== 'wait';
const choices = ({ main }: KeyContext): number =>
  main.kind === 'decide' ? main.choices.length : main.kind === 'choose-phase' ? main.phases.length : 0;
const pendingOf = ({ main }: KeyContext) => (main.kind === 'run' || main.kind === 'confirm' ? main.pending : null);
const runbookOf = ({ view }: KeyContext) => view.session.frames[view.session.frame]?.runbook ?? null;

/** One table: handling, the key line and the help are made from it, in this order. */
export const keyTable: readonly KeyRow[] = [
  {
    id: 'enter',
    press: ['enter'],
    label: 'Enter',
    hint: null,
    description: 'the main action of the step; the line above the keys says which',
    group: 'This step',
    danger: 'confirms',
    available: always,
  },
  {
    id: 'tick',
    press: ['space'],
    label: 'Space',
    hint: 'tick',
    description: 'tick the item under the cursor',
    group: 'This step',
    danger: 'confirms',
    available: (c) =>
      working(c) && (cardItems(c.view.session, c.main) !== null || (c.main.kind === 'pass' && c.main.what === 'tick')),
  },
  {
    id: 'choice',
    press: ['1', '2', '3', '4', '5', '6', '7', '8', '9'],
    label: '1-9',
    hint: 'choose',
    description: 'take one of the choices shown',
    group: 'This step',
    danger: 'confirms',
    available: (c) => working(c) && choices(c) > 0,
  },
  {
    id: 'rollback',
    press: ['R'],
    label: 'R',
    hint: 'roll back',
    description: 'show where a rollback leads and what it runs; y starts it',
    group: 'The whole run',
    danger: 'none',
    available: working,
  },
  {
    id: 'fail',
    press: ['F'],
    label: 'F',
    hint: 'fail',
    description: 'the step failed, with a reason',
    group: 'This step',
    danger: 'none',
    available: openStep,
  },
  {
    id: 'again',
    press: ['t'],
    label: 't',
    hint: 'try again',
    description: 'try the step again after trouble',
    group: 'This step',
    danger: 'confirms',
    available: (c) => hasStep(c) && (c.at?.state.status === 'attention' || c.at?.state.status === 'failed'),
  },
  {
    id: 'skip',
    press: ['S'],
    label: 'S',
    hint: 'skip/later',
    description: 'leave the step out: skip it, not applicable, or later',
    group: 'This step',
    danger: 'none',
    available: (c) =>
      hasStep(c) &&
      c.main.kind !== 'wait' &&
      (c.at?.state.status === 'owed' || !isSettled(c.at?.state.status ?? 'passed')),
  },
  {
    id: 'list',
    press: ['tab'],
    label: 'Tab',
    hint: 'list',
    description: 'the whole checklist, where the window is too narrow to show it always',
    group: 'Looking around',
    danger: 'none',
    available: (c) => !c.wide,
  },
  {
    id: 'not-applicable',
    press: ['x'],
    label: 'x',
    hint: 'n/a',
    description: 'the step, or a phase whose condition is false, does not apply',
    group: 'This step',
    danger: 'none',
    available: (c) => openStep(c) && (c.at?.step.optional === true || c.at?.phase.when !== null),
  },
  {
    id: 'edit',
    press: ['e'],
    label: 'e',
    hint: 'edit',
    description: 'change the command before it runs; the record shows the change',
    group: 'This step',
    danger: 'none',
    available: (c) => working(c) && pendingOf(c) !== null,
  },
  {
    id: 'output',
    press: ['o'],
    label: 'o',
    hint: 'output',
    description: 'the output of the command in full, with search (/ n N)',
    group: 'Looking around',
    danger: 'none',
    available: (c) => c.attempt !== null,
  },
  {
    id: 'copy',
    press: ['y'],
    label: 'y',
    hint: 'copy',
    description: 'copy the command, message or record; also printed plainly to select by hand',
    group: 'This step',
    danger: 'confirms',
    available: (c) =>
      pendingOf(c) !== null || c.main.kind === 'message' || c.main.kind === 'approve' || c.attempt !== null,
  },
  {
    id: 'undo',
    press: ['u'],
    label: 'u',
    hint: 'undo tick',
    description: 'undo the last tick',
    group: 'This step',
    danger: 'confirms',
    available: (c) =>
      working(c) &&
      Object.values(c.view.session.frames[c.view.session.frame]?.steps ?? {}).some(
        (step) => step.status === 'passed' && step.how === 'tick',
      ),
  },
  {
    id: 'reopen',
    press: ['b'],
    label: 'b',
    hint: 'reopen',
    description: 'go back to this step: it and every later one is open again',
    group: 'This step',
    danger: 'none',
    available: (c) =>
      hasStep(c) &&
      (isSettled(c.at?.state.status ?? 'open') || c.at?.state.status === 'failed') &&
      c.main.kind !== 'wait',
  },
  {
    id: 'evidence',
    press: ['v'],
    label: 'v',
    hint: 'evidence',
    description: 'what is recorded of the step: hashes, attempts, who and when',
    group: 'Looking around',
    danger: 'none',
    available: (c) => c.at !== null,
  },
  {
    id: 'links',
    press: ['L'],
    label: 'L',
    hint: 'links',
    description: 'links and contacts of the runbook; Enter copies one',
    group: 'Looking around',
    danger: 'none',
    available: (c) => (runbookOf(c)?.links.length ?? 0) + (runbookOf(c)?.contacts.length ?? 0) > 0,
  },
  {
    id: 'down',
    press: ['j', 'down'],
    label: 'j ↓',
    hint: null,
    description: 'look at the next step',
    group: 'Looking around',
    danger: 'none',
    available: always,
  },
  {
    id: 'up',
    press: ['k', 'up'],
    label: 'k ↑',
    hint: null,
    description: 'look at the step before',
    group: 'Looking around',
    danger: 'none',
    available: always,
  },
  {
    id: 'first',
    press: ['g', 'home'],
    label: 'g',
    hint: null,
    description: 'look at the first step',
    group: 'Looking around',
    danger: 'none',
    available: always,
  },
  {
    id: 'last',
    press: ['G', 'end'],
    label: 'G',
    hint: null,
    description: 'look at the last step',
    group: 'Looking around',
    danger: 'none',
    available: always,
  },
  {
    id: 'page-down',
    press: ['ctrl-d', 'page-down'],
    label: 'Ctrl-d PgDn',
    hint: null,
    description: 'scroll down in what is shown',
    group: 'Looking around',
    danger: 'none',
    available: always,
  },
  {
    id: 'page-up',
    press: ['ctrl-u', 'page-up'],
    label: 'Ctrl-u PgUp',
    hint: null,
    description: 'scroll up in what is shown',
    group: 'Looking around',
    danger: 'none',
    available: always,
  },
  {
    id: 'current',
    press: ['.'],
    label: '.',
    hint: null,
    description: 'back to the current step',
    group: 'Looking around',
    danger: 'none',
    available: always,
  },
  {
    id: 'back',
    press: ['escape'],
    label: 'Esc',
    hint: null,
    description: 'one level back, always',
    group: 'Looking around',
    danger: 'none',
    available: always,
  },
  {
    id: 'note',
    press: ['a'],
    label: 'a',
    hint: 'note',
    description: 'add a note to the record',
    group: 'The whole run',
    danger: 'none',
    available: working,
  },
  {
    id: 'status',
    press: ['U'],
    label: 'U',
    hint: 'update',
    description: 'post a status update: the text is copied, and recorded',
    group: 'The whole run',
    danger: 'none',
    available: (c) =>
      working(c) && (statusDue(c.view.session, c.view.now) !== null || c.view.session.startedAt !== null),
  },
  {
    id: 'hold',
    press: ['P'],
    label: 'P',
    hint: 'hold',
    description: 'hold: nothing goes forward until P lifts it',
    group: 'The whole run',
    danger: 'none',
    available: working,
  },
  {
    id: 'end',
    press: ['Q'],
    label: 'Q',
    hint: null,
    description: 'end the run here, with a reason',
    group: 'The whole run',
    danger: 'none',
    available: working,
  },
  {
    id: 'interrupt',
    press: ['ctrl-c'],
    label: 'Ctrl-C',
    hint: null,
    description: 'while a command runs: stop it, leave it running, or back; else as q',
    group: 'The whole run',
    danger: 'none',
    available: always,
  },
  {
    id: 'help',
    press: ['?'],
    label: '?',
    hint: 'keys',
    description: 'all keys',
    group: 'Looking around',
    danger: 'none',
    available: always,
  },
  {
    id: 'leave',
    press: ['q'],
    label: 'q',
    hint: 'leave',
    description: 'leave; the run can be resumed',
    group: 'The whole run',
    danger: 'none',
    available: always,
  },
];

/** Keys inside dialogs and viewers, for the help. */
export const dialogKeys: readonly { readonly label: string; readonly description: string }[] = [
  { label: 'y', description: 'confirms, once the last line was visible; Enter and Esc are "no"' },
  { label: '/ n N', description: 'search in the output; next and previous hit' },
  { label: 'j k g G PgDn', description: 'scroll in what is longer than the window' },
  { label: 'Ctrl-S', description: 'takes the changed command in the editor' },
];

const byChord = new Map(keyTable.flatMap((key) => key.press.map((chord) => [chord, key] as const)));

export const keyFor = (press: Press): KeyRow | null => byChord.get(chordOf(press)) ?? null;
