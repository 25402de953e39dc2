import type { Engine } from '../engine/view.ts';
import { foregroundAttempt } from '../session/select.ts';
import { safeText } from '../text/safe-text.ts';
import type { Lines } from './lines.ts';

/** Ctrl-C while a command runs: the first asks, since leaving must not stop it silently; without a command it leaves. */
export const onInterrupt = (engine: Engine, lines: Lines): (() => void) => {
  let asked = false;
  return lines.onInterrupt(() => {
    const attempt = foregroundAttempt(engine.view().session);
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
