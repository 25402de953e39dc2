import { runningGateViews } from '../../session/gate-view.ts';
import { statusDue } from '../../session/overview.ts';
import { currentFrame, runningAttempts } from '../../session/select.ts';
import type { SessionState } from '../../session/state.ts';
import { statusSend } from '../../session/status-update.ts';
import { stepTitle } from '../../session/ui-facts.ts';
import { overrideReasons, reasonChoices, reasonTitles, takeOverReasons } from '../../session/ui-words.ts';
import { places } from '../../session/walk.ts';
import { clock } from '../../text/duration.ts';
import { type SafeText, safe, safeText } from '../../text/safe-text.ts';
import { blank, labelled, type Row, row, span, wrapRows } from '../rows.ts';
import type { Dialog } from '../screen-state.ts';
import { fieldText, type TextField } from '../text-field.ts';
import type { DialogView, MenuItem } from './dialog-view.ts';
import type { DialogContext } from './dialogs.ts';
import { editorRows, fieldRow } from './field.ts';
import { wordEnter, wordRows } from './typed-word.ts';

type Of<K extends Dialog['kind']> = Extract<Dialog, { kind: K }>;

const titleOf = ({ view }: DialogContext, step: string | null): string => {
  const frame = currentFrame(view.session);
  return step === null || frame === null ? '' : stepTitle(frame, step);
};

const page = (title: SafeText, rows: readonly Row[], rest: Partial<DialogView>): DialogView => ({
  title,
  rows,
  scroll: 0,
  menu: null,
  fixed: [],
  enter: safeText(''),
  keys: safeText(''),
  ...rest,
});

const choose = {
  enter: safeText('Enter takes the one that is marked.  Esc goes back.'),
  keys: safeText('j k move   1-9 or Enter take   Esc back'),
};

const typed = (prompt: string, field: TextField, columns: number): readonly Row[] => [
  [span(safe`${prompt} `, { dim: true }), ...fieldRow(field, Math.max(10, columns - prompt.length - 2), false, true)],
];

/** What Enter does with a field that may not stay empty. */
const onceTyped = (field: TextField, words: string): SafeText =>
  safeText(fieldText(field).trim() === '' ? 'Enter does nothing until something is typed.  Esc goes back.' : words);

/** The last entry of every list of reasons. */
export const ownWords = 'own-words';

/** The first entry where something is gone past: the cursor starts on it. */
export const notNow = 'not-now';

export const reasonView = ({ why, field }: Of<'reason'>, context: DialogContext): DialogView => {
  const title =
    why.step === null
      ? safe`${reasonTitles[why.kind]}`
      : safe`${reasonTitles[why.kind]}  ${titleOf(context, why.step)}`;
  const note = row(safeText('The reason goes into the record.'), { dim: true });
  if (field !== null)
    return page(title, [note, blank], {
      fixed: typed('Because', field, context.columns),
      enter: onceTyped(field, 'Enter records it.  Esc goes back.'),
      keys: safeText('type   Enter record   Esc back'),
    });
  const menu: MenuItem[] = reasonChoices[why.kind].map((text) => ({ value: text, label: safeText(text) }));
  const own: MenuItem = { value: ownWords, label: safeText('in your own words') };
  // What cannot be taken back starts on no.
  const no: readonly MenuItem[] = why.kind === 'end' ? [{ value: notNow, label: safeText('No: the run goes on') }] : [];
  return page(title, [note], { ...choose, menu: [...no, ...menu, own] });
};

/** Why it does not go on, and the reasons to go on all the same. */
export const overrideView = ({ refusal, field, reason }: Of<'override'>, { columns }: DialogContext): DialogView => {
  const title = safeText(refusal.override.prompt);
  const rows: readonly Row[] = [
    ...wrapRows(safeText(refusal.message), columns, { tone: 'wait' }),
    ...(refusal.nextStep === null ? [] : wrapRows(safeText(refusal.nextStep), columns)),
    row(safeText('A reason goes into the record as an override.'), { dim: true }),
  ];
  const { typed: asked } = refusal.override;
  if (field !== null && reason !== null && asked !== undefined)
    return page(title, [...rows, blank, ...labelled(safeText('Because  '), safeText(reason), columns), blank], {
      fixed: wordRows(asked, field, columns),
      enter: wordEnter(asked, field, 'does it'),
      keys: safeText('type the word   Enter go on   Esc no'),
    });
  if (field !== null)
    return page(title, [...rows, blank], {
      fixed: typed('Because', field, columns),
      enter:
        asked === undefined
          ? onceTyped(field, 'Enter records it and goes on.  Esc goes back.')
          : onceTyped(field, `Enter asks for the name of the ${asked.of} next.  Esc goes back.`),
      keys: safeText('type   Enter go on   Esc back'),
    });
  const reasons = asked === undefined ? overrideReasons : takeOverReasons;
  const menu: MenuItem[] = reasons.map((text) => ({ value: text, label: safe`Yes: ${text}` }));
  const no: MenuItem = { value: notNow, label: safeText('No: wait, nothing is done now') };
  const own: MenuItem = { value: ownWords, label: safeText('Yes, in your own words') };
  return page(title, rows, { ...choose, menu: [no, ...menu, own] });
};

export const leftOutView = ({ step, canOwe }: Of<'left-out'>, context: DialogContext): DialogView =>
  page(safe`Leave this out?  ${titleOf(context, step)}`, [], {
    ...choose,
    menu: [
      ...(canOwe
        ? [{ value: 'owe', label: safeText('Later: it stays owed, and the run cannot close without it') }]
        : []),
      { value: 'not-applicable', label: safeText('Does not apply here (n/a)') },
      { value: 'skip', label: safeText('Skip it: a deviation in the record') },
    ],
  });

export const interruptView = ({ attempt }: Of<'interrupt'>, context: DialogContext): DialogView => {
  const state = context.view.session.attempts[attempt];
  const asked = state?.stopRequested === true;
  const since = state === undefined ? '' : clock(context.view.now - (state.startedAt ?? state.confirmedAt));
  const rows: readonly Row[] = [
    ...wrapRows(safe`"${titleOf(context, state?.step ?? null)}" has been running for ${since}.`, context.columns),
    ...(asked
      ? wrapRows(safeText('It was asked to stop and has not ended yet.'), context.columns, { tone: 'wait' })
      : []),
  ];
  return page(safeText('A command is running'), rows, {
    ...choose,
    menu: [
      { value: 'back', label: safeText('Back: it goes on, and so do you') },
      { value: 'leave', label: safeText('Leave it running and leave gonogo; resume finds its result') },
      asked
        ? { value: 'kill', label: safeText('Kill it now (SIGKILL): it cannot clean up') }
        : { value: 'stop', label: safeText('Stop it (SIGTERM to the command and its children)') },
    ],
  });
};

/** Whether a phase of the run is due at a time of its own. */
const hasDueTimes = (session: SessionState): boolean =>
  session.frames.some(({ runbook }) => places(runbook).some(({ path }) => path.some(({ atMs }) => atMs !== null)));

/** Says what nobody watches from now on, where something was watched. */
export const leaveView = ({ view, columns }: DialogContext): DialogView => {
  const running = runningAttempts(view.session);
  const due = statusDue(view.session, view.now);
  const gates = runningGateViews(view.session, view.now);
  const criteria = view.session.criteria.length;
  const watched = [
    ...running.map((attempt) => `a command goes on alone: ${attempt.spec.script.trim().split('\n')[0] ?? ''}`),
    ...(due === null ? [] : [`the status update ${due.inMs < 0 ? 'that is overdue' : `due in ${clock(due.inMs)}`}`]),
    ...gates.map(({ title }) => `the gate "${title}": its clock stands still until somebody is back`),
    ...(criteria === 0 ? [] : [criteria === 1 ? 'the rollback criterion' : `the ${criteria} rollback criteria`]),
    ...(view.cluster === null ? [] : ['the rollout and its pods']),
  ];
  const open = watched.length > 0 || hasDueTimes(view.session);
  const lines = !open ? [] : [...watched, 'the steps that are open, and their due times'];
  const rows: readonly Row[] = [
    ...(lines.length === 0 ? [] : [row(safeText('From now on nobody watches:'))]),
    ...lines.flatMap((line) => labelled(safeText('  - '), safe`${line}`, columns)),
    ...(lines.length === 0 ? [] : [blank]),
    ...wrapRows(safe`An interim record is written. gonogo resume goes on from here.`, columns),
  ];
  return page(safeText('Leave this run?'), rows, {
    enter: safeText('y leaves.  Enter and Esc stay.'),
    keys: safeText('y leave   Enter stay   Esc stay'),
  });
};

export const endByChoiceView = ({ decide }: Of<'end-by-choice'>): DialogView =>
  page(
    safe`End the run?  ${decide.label}`,
    [row(safeText('This choice ends the run as aborted. What is open stays open.'))],
    {
      enter: safeText('y ends the run.  Enter and Esc: no.'),
      keys: safeText('y end   Enter no   Esc no'),
    },
  );

export const noteView = ({ step, field }: Of<'note'>, context: DialogContext): DialogView =>
  page(step === null ? safeText('A note for the record') : safe`A note on  ${titleOf(context, step)}`, [], {
    fixed: typed('Note', field, context.columns),
    enter: onceTyped(field, 'Enter records it.  Esc drops it.'),
    keys: safeText('type   Enter record   Esc back'),
  });

export const statusView = ({ field }: Of<'status'>, { view, columns, height }: DialogContext): DialogView => {
  const { rows, cursorRow } = editorRows(field, columns);
  const sends = statusSend(view.session) !== null;
  return page(safeText('Status update: change it, then take it'), rows, {
    scroll: Math.max(0, cursorRow - (height - 6)),
    enter: sends
      ? safeText('Ctrl-S shows the command that sends it, and asks.  Esc drops it.')
      : safeText('Ctrl-S copies it and records it as posted.  Esc drops it.'),
    keys: safe`Enter new line   Ctrl-S ${sends ? 'send' : 'copy and record'}   Esc back`,
  });
};

export const resolveView = ({ attempt, as, field }: Of<'resolve'>, context: DialogContext): DialogView => {
  const state = context.view.session.attempts[attempt];
  const title = safe`What became of it?  ${titleOf(context, state?.step ?? null)}`;
  const alive = state?.survivors ?? [];
  const rows: readonly Row[] = [
    ...wrapRows(
      safeText(
        'It was started, and no result was recorded. Look at the system with a read-only check before you say what happened: it is never run again by itself.',
      ),
      context.columns,
    ),
    ...alive.map(({ pid, command }) => row(safe`still alive: ${pid} ${command}`, { tone: 'wait' })),
  ];
  if (as !== null)
    return page(
      title,
      [
        ...rows,
        blank,
        row(safe`It ${{ succeeded: 'succeeded', failed: 'failed', 'not-applied': 'was not applied' }[as]}.`, {
          bold: true,
        }),
      ],
      {
        fixed: typed('How you know', field, context.columns),
        enter: onceTyped(field, 'Enter records it.  Esc goes back.'),
        keys: safeText('type   Enter record   Esc back'),
      },
    );
  return page(title, rows, {
    ...choose,
    menu: [
      { value: 'not-applied', label: safeText('It was not applied: nothing changed') },
      { value: 'failed', label: safeText('It failed') },
      { value: 'succeeded', label: safeText('It succeeded') },
      ...(alive.length === 0
        ? []
        : [{ value: 'stop', label: safeText('Stop what still lives of it, then ask again') }]),
    ],
  });
};
