import type { Recorded } from '../session/events.ts';
import { reduce } from '../session/reduce.ts';
import { initialState, type RunbookLibrary } from '../session/state.ts';
import { safeText } from '../text/safe-text.ts';
import { systemClock } from './clock.ts';
import { createStore } from './store.ts';
import type { Engine, EngineView } from './view.ts';

/** A view of somebody else's run: it follows the journal and refuses everything but leaving. */
export const observeEngine = (events: AsyncIterable<Recorded>, library: RunbookLibrary): Engine => {
  const store = createStore<EngineView>(
    {
      session: initialState(library),
      tails: {},
      health: { kind: 'ok' },
      now: systemClock.now(),
      notice: null,
      panels: [],
      overdue: [],
      observing: { because: safeText('another terminal has this run') },
      ended: null,
    },
    100,
  );
  const stopTick = systemClock.every(1000, () => store.set((view) => ({ ...view, now: systemClock.now() }), true));
  const refuse = (message: string): void =>
    store.set(
      (view) => ({
        ...view,
        notice: {
          level: 'refused',
          text: safeText(message),
          nextStep: safeText('q leaves; gonogo resume takes it over'),
          at: systemClock.now(),
        },
      }),
      true,
    );
  const follow = async (): Promise<void> => {
    for await (const event of events)
      store.set((view) => ({ ...view, session: reduce(view.session, event), now: systemClock.now() }), true);
  };
  follow().catch((error: unknown) => refuse(error instanceof Error ? error.message : String(error)));
  return {
    view: store.get,
    subscribe: store.subscribe,
    dispatch: async (intent) => {
      if (intent.type === 'leave') {
        store.set((view) => ({ ...view, ended: { why: 'left' } }), true);
        return null;
      }
      refuse('you are observing: nothing can be changed from here');
      return { message: 'observing', nextStep: null };
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
