import type { EngineView, SessionEnd } from '../engine/view.ts';
import type { MainAction } from '../session/main-action.ts';
import { mainAction, mainActionFor } from '../session/select.ts';
import type { SessionState } from '../session/state.ts';
import { safe, safeText } from '../text/safe-text.ts';
import { answerQueue, idsAt } from './answer-queue.ts';
import type { Answer } from './answers.ts';
import { askLine, inputAnswer, isHidden } from './ask.ts';
import { followOutput } from './command-output.ts';
import { describe, hints } from './describe.ts';
import { finishLines, leave, needsPerson } from './ending.ts';
import { tellGates } from './gates.ts';
import { automatic, stepOf } from './intent-of.ts';
import { onInterrupt } from './interrupt.ts';
import { tellMetrics } from './metrics.ts';
import { tellCluster, tellErrors, tellLock } from './notices.ts';
import { apply, send } from './sending.ts';
import { settled } from './settled.ts';
import { typedLine } from './typed-line.ts';
import type { Begun, WalkOptions, WalkParts } from './walk-parts.ts';

/** Walks a run line by line until it is over or left. */
export const walk = async (given: WalkOptions): Promise<SessionEnd> => {
  const { engine, lines } = given;
  const answers = answerQueue(given.answers);
  const parts: WalkParts = { ...given, prepared: answers.override, preparedWord: answers.typed };
  const begun: Begun = {
    ...answers,
    firstAttempt: engine.view().session.nextAttempt,
    values: new Map(Object.entries(given.answers.inputs)),
    looking: null,
  };
  const output = followOutput(engine, lines);
  const told = tellErrors(engine, lines);
  const lockTold = tellLock(engine, lines);
  const clusterTold = tellCluster(engine, lines);
  const gatesTold = tellGates(engine, lines);
  const metricsTold = tellMetrics(engine, lines);
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
    metricsTold();
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
  const queued = queue(idsOf(action));
  const value = queued === null ? inputAnswer(view.session, action, begun.values, auto) : null;
  const prepared = queued ?? value?.answer ?? null;
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
    if (value !== null) begun.values.delete(value.name);
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
