import type { Engine } from '../engine/view.ts';
import { foregroundAttempt, mainAction } from '../session/select.ts';
import { safeText } from '../text/safe-text.ts';
import type { Lines } from './lines.ts';
import { agreesToRollBack } from './roll-back.ts';

const isJudging = (engine: Engine): boolean => {
  const { session, now } = engine.view();
  const action = mainAction(session, now);
  return action.kind === 'gate' && action.stage === 'judging';
};

/** Ctrl-C while a command runs or a gate is judged: the first asks, since leaving must not stop it silently; else it leaves. */
export const onInterrupt = (engine: Engine, lines: Lines): (() => void) => {
  let asked = false;
  const askAtGate = (): void => {
    asked = true;
    lines.print(safeText('A gate is judged. R and Enter rolls back, Enter waits on; Ctrl-C again leaves gonogo.'));
    void lines.ask(safeText('>')).then(async (line) => {
      asked = false;
      if (line?.trim() === 'R' && (await agreesToRollBack(engine, lines))) void engine.dispatch({ type: 'rollback' });
    });
  };
  return lines.onInterrupt(() => {
    const attempt = foregroundAttempt(engine.view().session);
    if (attempt === null && !asked && isJudging(engine)) return askAtGate();
    if (attempt === null) {
      void engine.dispatch({ type: 'leave', why: 'signal' });
      return;
    }
    if (asked) {
      void engine.dispatch({ type: 'leave', why: 'signal' });
      return;
    }
    asked = true;
    lines.print(
      safeText('A command runs. Type s and Enter to stop it; Ctrl-C again leaves it running and leaves gonogo.'),
    );
    void lines.ask(safeText('>')).then((line) => {
      asked = false;
      if (line?.trim() === 's')
        void engine.dispatch({ type: 'stop-command', attempt: attempt.attempt, signal: 'TERM' });
    });
  });
};
