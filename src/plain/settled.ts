import type { Engine, EngineView } from '../engine/view.ts';
import type { MainAction } from '../session/main-action.ts';
import { mainAction } from '../session/select.ts';

/** A gate that is judged or begins by itself, or a baseline that is read. */
const goesOn = (action: MainAction): boolean =>
  (action.kind === 'nothing' && action.goesOn === true) ||
  (action.kind === 'gate' && (action.stage === 'judging' || (action.stage === 'start' && action.hash === null)));

/** The view once no command, gate or baseline is to be waited for, or one has ended and the disk does not take it. */
export const settled = (engine: Engine): Promise<EngineView> =>
  new Promise((done) => {
    const check = (): boolean => {
      const view = engine.view();
      const action = mainAction(view.session, view.now);
      const waits =
        view.ended === null &&
        view.session.finished === null &&
        (goesOn(action) || (action.kind === 'wait' && !view.unsaved.includes(action.attempt.attempt)));
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
