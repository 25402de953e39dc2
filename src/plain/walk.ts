import type { FaceOptions } from '../engine/face.ts';
import type { Engine, EngineView, SessionEnd } from '../engine/view.ts';
import type { Intent, Refusal } from '../session/intents.ts';
import type { MainAction } from '../session/main-action.ts';
import { stateWords } from '../session/overview.ts';
import { mainAction, mainActionFor, offPathSteps, pathSteps } from '../session/select.ts';
import type { SessionState } from '../session/state.ts';
import { dateTime } from '../text/duration.ts';
import { type SafeText, safe, safeText } from '../text/safe-text.ts';
import { type AnswerQueue, answerQueue, idsAt } from './answer-queue.ts';
import type { Answer, Answers } from './answers.ts';
import { approvalIntent, pastedApproval } from './approval.ts';
import { answerEmpty, answerInput, askLine, inputAnswer, isHidden } from './ask.ts';
import { followOutput, printOutput } from './command-output.ts';
import { describe, hints } from './describe.ts';
import { acknowledgement, tellGates, withTypedName } from './gates.ts';
import { automatic, intentOf, stepOf } from './intent-of.ts';
import { onInterrupt } from './interrupt.ts';
import type { Lines } from './lines.ts';
import { tellCluster, tellErrors, tellLock } from './notices.ts';
import { dispatchAsking, type OverrideParts } from './override.ts';
import { parseLine, type Typed } from './parse-line.ts';
import { agreesToRollBack } from './roll-back.ts';
import { statusIntent } from './status-update.ts';

interface WalkOptions {
  readonly engine: Engine;
  readonly options: FaceOptions;
  readonly lines: Lines;
  readonly answers: Answers;
  readonly auto: boolean;
}

interface WalkParts extends WalkOptions, OverrideParts {}

/** What a walk needs besides, from its beginning on. */
interface Begun extends AnswerQueue {
  /** Attempts from this number on are of this process. */
  readonly firstAttempt: number;
  /** A step out of order that the operator works on: an owed one, or one off the path. */
  looking: string | null;
}

/** Walks a run line by line until it is over or left. */
export const walk = async (given: WalkOptions): Promise<SessionEnd> => {
  const { engine, lines } = given;
  const answers = answerQueue(given.answers);
  const parts: WalkParts = { ...given, prepared: answers.override, preparedWord: answers.typed };
  const begun: Begun = {
    ...answers,
    firstAttempt: engine.view().session.nextAttempt,
    looking: null,
  };
  const output = followOutput(engine, lines);
  const told = tellErrors(engine, lines);
  const lockTold = tellLock(engine, lines);
  const clusterTold = tellCluster(engine, lines);
  const gatesTold = tellGates(engine, lines);
  const interrupted = onInterrupt(engine, lines);
  const over = engine.subscribe(() => {
    // Taken over, left by a signal: nobody needs to press Enter for that.
    if (engine.view().ended !== null) lines.release();
  });
  engine.onInteractive(async ({ run }) => run());
  try {
    for (;;) {
      const view = await settled(engine);
      output.flush();
      if (view.ended !== null || view.session.finished !== null || view.session.left) return finishLines(parts, view);
      const action = nextThing(view, begun);
      const done = await oneStep(parts, view, action, begun);
      if (done !== null) return done;
    }
  } finally {
    interrupted();
    over();
    told();
    lockTold();
    clusterTold();
    gatesTold();
    output.close();
  }
};

/** The step that is looked at while there is something to do there; at the end an owed one that has an answer; else where Enter goes on. */
const nextThing = ({ session, now }: EngineView, begun: Begun): MainAction => {
  const main = mainAction(session, now);
  if (begun.looking !== null) {
    const there = mainActionFor(session, begun.looking, now);
    if (there.kind !== 'nothing') return there;
    begun.looking = null;
  }
  if (main.kind !== 'finish') return main;
  const answered = main.owed.find((at) => at.frame === session.frame && begun.hasAnswer(idsAt(at)));
  return answered === undefined ? main : mainActionFor(session, answered.step.id, now);
};

/** A gate that is judged, or that begins by itself. */
const judges = (action: MainAction): boolean =>
  action.kind === 'gate' && (action.stage === 'judging' || (action.stage === 'start' && action.hash === null));

/** The view once no command or gate is to be waited for, or one has ended and the disk does not take it. */
const settled = (engine: Engine): Promise<EngineView> =>
  new Promise((done) => {
    const check = (): boolean => {
      const view = engine.view();
      const action = mainAction(view.session, view.now);
      const waits =
        view.ended === null &&
        view.session.finished === null &&
        (judges(action) || (action.kind === 'wait' && !view.unsaved.includes(action.attempt.attempt)));
      if (!waits) done(view);
      return !waits;
    };
    if (check()) return;
    // A timer, since nothing else may keep the process alive while a detached command runs.
    const alive = setInterval(() => undefined, 1000);
    const stop = engine.subscribe(() => {
      if (!check()) return;
      clearInterval(alive);
      stop();
    });
  });

const idsOf = (action: MainAction): readonly string[] => {
  const at = stepOf(action);
  return at === null ? [] : idsAt(at);
};

const oneStep = async (
  parts: WalkParts,
  view: EngineView,
  action: MainAction,
  begun: Begun,
): Promise<SessionEnd | null> => {
  const { engine, lines, answers, auto } = parts;
  const { queue, firstAttempt } = begun;
  for (const line of describe(view.session, action, view.carried)) lines.print(line);
  const prepared = queue(idsOf(action)) ?? inputAnswer(action, answers);
  const byItself = prepared === null && auto ? automatic(action) : null;
  const fallback: Answer | null = answers.default === 'enter' && action.kind !== 'ask' ? { kind: 'enter' } : null;
  if (auto && prepared === null && didNotStart(view.session, action, firstAttempt)) return needsPerson(parts);
  if (byItself !== null) return (await send(parts, byItself)) ? null : needsPerson(parts);
  const given = prepared ?? (auto ? fallback : null);
  if (given !== null) {
    const hidden = action.kind === 'ask' && 'text' in given && isHidden(parts, action, given.text);
    lines.print(safe`> ${given.kind}${'text' in given ? `: ${hidden ? '(not shown)' : given.text}` : ''}`);
    const refused = await apply(parts, action, given);
    if (refused === null) return null;
    lines.print(refused);
    return auto ? needsPerson(parts) : null;
  }
  if (auto) {
    lines.print(safeText('This needs a person.'));
    return needsPerson(parts);
  }
  // Refused, by a disk for example, it is asked like everything else.
  if (action.kind === 'finish' && action.owed.length === 0 && (await send(parts, { type: 'finish' }))) return null;
  const line = action.kind === 'ask' ? await askLine(parts, action) : await lines.ask(hints(action));
  if (line === null) {
    lines.print();
    return engine.view().ended === null ? leave(parts, 'needs-person') : null;
  }
  return typedLine(parts, begun, action, line);
};

/** What could not be started once is not tried again without somebody who has read why. */
const didNotStart = (session: SessionState, action: MainAction, firstAttempt: number): boolean => {
  const last = ('pending' in action ? action.pending?.state?.attempts.at(-1) : undefined) ?? -1;
  return last >= firstAttempt && session.attempts[last]?.status === 'not-started';
};

const needsPerson = (parts: WalkParts): Promise<SessionEnd> => leave(parts, 'needs-person');

const leave = async (parts: WalkParts, why: 'quit' | 'needs-person'): Promise<SessionEnd> => {
  await parts.engine.dispatch({ type: 'leave', why });
  return finishLines(parts, parts.engine.view());
};

/** Whether it was accepted; a refusal is printed. */
const send = async (parts: WalkParts, intent: Intent): Promise<boolean> => {
  const refusal = await dispatchAsking(parts, intent);
  if (refusal !== null) parts.lines.print(refusalLine(parts.engine, refusal));
  return refusal === null;
};

/** The same for what is typed: the step is shown again in either case. */
const sendTyped = async (parts: WalkParts, intent: Intent): Promise<null> => {
  await send(parts, intent);
  return null;
};

/** Null when it was done, else why it does not fit. */
const apply = async (parts: WalkParts, action: MainAction, answer: Answer): Promise<SafeText | null> => {
  if (action.kind === 'ask' && answer.kind === 'answer') return answerInput(parts, action, answer.text);
  if (action.kind === 'ask' && answer.kind === 'enter') return answerEmpty(parts, action);
  const intent =
    action.kind === 'approve' && answer.kind === 'answer'
      ? await approvalIntent(parts, action, answer.text)
      : intentOf(action, answer);
  if (typeof intent === 'string') return safe`  ${intent}`;
  const refusal = await dispatchAsking(parts, await withTypedName(parts, action, intent));
  return refusal === null ? null : refusalLine(parts.engine, refusal);
};

/** Why something was not done; errors were told when they happened. */
const refusalLine = (engine: Engine, { message, nextStep }: Refusal): SafeText =>
  engine.view().notice?.level === 'error'
    ? safeText('  not done')
    : safe`  ${message}${nextStep === null ? '' : `. ${nextStep}`}`;

const typedLine = async (
  parts: WalkParts,
  begun: Begun,
  action: MainAction,
  line: string,
): Promise<SessionEnd | null> => {
  const { engine, lines } = parts;
  if (action.kind === 'resolve' && line.trim() === 'stop')
    return sendTyped(parts, { type: 'stop-command', attempt: action.attempt.attempt, signal: 'TERM' });
  if (action.kind === 'approve' && line.trim() === 's')
    return pastedApproval(parts, action, (intent) => sendTyped(parts, intent));
  const takesText = ['ask', 'decide', 'choose-phase', 'resolve', 'gate'].includes(action.kind);
  const typed: Typed | null = parseLine(line) ?? (takesText ? { kind: 'answer', text: line.trim() } : null);
  if (typed === null) {
    lines.print(safeText('  not understood; ? lists what can be typed'));
    return null;
  }
  switch (typed.kind) {
    case 'leave':
      return leave(parts, 'quit');
    case 'help':
      for (const text of help) lines.print(safeText(text));
      return null;
    case 'list':
      for (const at of [...pathSteps(engine.view().session), ...offPathSteps(engine.view().session)])
        lines.print(safe`${at.step.id.padEnd(6)} ${stateWords(at.state).padEnd(12)} ${at.step.title}`);
      return null;
    case 'output':
      return printOutput(engine, lines);
    case 'rollback':
      return (await agreesToRollBack(engine, lines)) ? sendTyped(parts, { type: 'rollback' }) : null;
    case 'undo':
      return sendTyped(parts, { type: 'undo' });
    case 'back':
      return sendTyped(parts, { type: 'back', step: typed.text === '' ? (stepOf(action)?.step.id ?? '') : typed.text });
    case 'end':
      return sendTyped(parts, { type: 'end', reason: typed.text });
    case 'note':
      return sendTyped(parts, { type: 'note', step: stepOf(action)?.step.id ?? null, text: typed.text });
    case 'status': {
      const intent = await statusIntent(engine, lines, typed.text);
      return intent === null ? null : sendTyped(parts, intent);
    }
    case 'hold':
      return sendTyped(
        parts,
        engine.view().session.paused === null
          ? { type: 'hold', reason: typed.text }
          : { type: 'lift-hold', reason: typed.text === '' ? null : typed.text },
      );
    case 'acknowledge': {
      const intent = acknowledgement(engine.view().session, action, typed.text);
      if (intent !== null) return sendTyped(parts, intent);
      lines.print(safeText('  there is nothing to acknowledge'));
      return null;
    }
    case 'do':
      begun.looking = typed.text;
      return null;
    case 'edit':
      lines.print(safeText('  editing a command needs the screen: go on without --plain'));
      return null;
    default: {
      const refused = await apply(parts, action, typed);
      if (refused !== null) lines.print(refused);
      return null;
    }
  }
};

const help: readonly string[] = [
  '  Enter does what is shown; y confirms a change; type: WORD where a word is asked for',
  '  F [reason] fail   S reason skip   x [reason] n/a   o [reason] owe   t again   accept: reason',
  '  b [step] back     u undo tick     a text note      P reason hold / lift   U text status update',
  '  do STEP           a step out of order: an owed one, or one that is only there if needed (list shows ids)',
  '  R roll back       Q reason end    list             output                 q leave (resume later)',
];

const finishLines = ({ engine, lines, options }: WalkParts, view: EngineView): SessionEnd => {
  const { finished } = view.session;
  const record = engine.lastRecord();
  if (finished !== null)
    lines.print(
      safe`${finished.outcome}${finished.reason === null ? '' : `: ${finished.reason}`}, ${dateTime(finished.at)} UTC`,
    );
  else if (view.ended?.why === 'takeover') lines.print(safe`Taken over by another terminal.`);
  else lines.print(safe`Stopped here; it can go on: gonogo resume ${options.runId}`);
  for (const path of record?.paths ?? []) lines.print(safe`record: ${path}`);
  return view.ended ?? { why: finished === null ? 'left' : 'finished' };
};
