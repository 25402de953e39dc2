import type { Recorded } from '../session/events.ts';
import { fold, reduce } from '../session/reduce.ts';
import type { RunbookLibrary } from '../session/state.ts';
import { safeText } from '../text/safe-text.ts';
import { systemClock } from './clock.ts';
import { createStore } from './store.ts';
import type { Engine, EngineView } from './view.ts';

const onlyLooking = 'you are observing: nothing can be changed from here';
const wayOut = 'q leaves; gonogo resume takes it over';

/**
 * A view of somebody else's run: it follows the journal and refuses everything but leaving. `known` is what the journal
 * held at the beginning; `events` may give it again.
 */
export const observeEngine = (
  known: readonly Recorded[],
  events: AsyncIterable<Recorded>,
  library: RunbookLibrary,
): Engine => {
  const store = createStore<EngineView>(
    {
      session: fold(library, known),
      tails: {},
      health: { kind: 'ok' },
      now: systemClock.now(),
      notice: null,
      panels: [],
      overdue: [],
      unsaved: [],
      observing: { because: safeText('another terminal has this run') },
      ended: null,
    },
    100,
  );
  const stopTick = systemClock.every(1000, () => store.set((view) => ({ ...view, now: systemClock.now() }), true));
  const refuse = (message: string, nextStep: string): void =>
    store.set(
      (view) => ({
        ...view,
        notice: { level: 'refused', text: safeText(message), nextStep: safeText(nextStep), at: systemClock.now() },
      }),
      true,
    );
  const follow = async (): Promise<void> => {
    for await (const event of events) {
      // Earlier sessions of the run that were left are no news.
      if (event.seq < known.length) continue;
      store.set((view) => ({ ...view, session: reduce(view.session, event), now: systemClock.now() }), true);
    }
  };
  follow().catch((error: unknown) => refuse(error instanceof Error ? error.message : String(error), wayOut));
  return {
    view: store.get,
    subscribe: store.subscribe,
    dispatch: async (intent) => {
      if (intent.type === 'leave') {
        store.set((view) => ({ ...view, ended: { why: 'left' } }), true);
        return null;
      }
      refuse(onlyLooking, wayOut);
      return { message: onlyLooking, nextStep: wayOut };
    },
    keepSecret: () => undefined,
    output: async () => null,
    onInteractive: () => () => undefined,
    noteKey: () => undefined,
    onRing: () => () => undefined,
    lastRecord: () => null,
    close: async () => {
      stopTick();
      store.close();
    },
  };
};
