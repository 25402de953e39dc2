import type { Engine, EngineView, SessionEnd } from '../engine/view.ts';
import { mainAction } from '../session/select.ts';
import { dateTime } from '../text/duration.ts';
import { safe, safeText } from '../text/safe-text.ts';
import { followOutput } from './command-output.ts';
import { describe } from './describe.ts';
import type { Lines } from './lines.ts';
import { tellErrors } from './notices.ts';

const isOver = ({ ended, session }: EngineView): boolean => ended !== null || session.finished !== null || session.left;

/** Prints what somebody else does in their run as it happens, until it is over or left, or `q` is typed. */
export const observe = async (engine: Engine, lines: Lines): Promise<SessionEnd> => {
  const { observing } = engine.view();
  lines.print(safe`Observing: ${observing?.because ?? ''}. q and Enter leave.`);
  const output = followOutput(engine, lines);
  const told = tellErrors(engine, lines);
  const shown = showActions(engine, lines);
  const interrupted = lines.onInterrupt(() => void engine.dispatch({ type: 'leave', why: 'signal' }));
  const { promise: over, resolve } = Promise.withResolvers<null>();
  const stop = engine.subscribe(() => isOver(engine.view()) && resolve(null));
  // A timer, since an input that has ended keeps no process alive.
  const alive = setInterval(() => undefined, 1000);
  try {
    while (!isOver(engine.view())) {
      const line = await Promise.race([lines.ask(safeText('')), over]);
      if (line === null) await over;
      else if (line.trim() === 'q') break;
      else if (line.trim() !== '') lines.print(safeText('  you are observing: nothing can be changed from here'));
    }
    output.flush();
    lines.print(lastWords(engine.view()));
    return engine.view().ended ?? { why: 'left' };
  } finally {
    clearInterval(alive);
    stop();
    interrupted();
    shown();
    told();
    output.close();
  }
};

const lastWords = ({ session }: EngineView): ReturnType<typeof safe> => {
  if (session.finished !== null) return safe`${session.finished.outcome}, ${dateTime(session.finished.at)} UTC`;
  return session.left ? safeText('It was left where it was open.') : safeText('No longer observing.');
};

/** Each step and question once, when it comes up. */
const showActions = (engine: Engine, lines: Lines): (() => void) => {
  let last = '';
  const look = (): void => {
    const { session, now } = engine.view();
    if (session.frames.length === 0) return;
    const action = mainAction(session, now);
    if (action.kind === 'wait') return;
    const text = describe(session, action);
    const key = text.join('\n');
    if (key === last) return;
    last = key;
    for (const line of text) lines.print(line);
  };
  look();
  return engine.subscribe(look);
};
