import type { OutputWatch } from '../ports/commands.ts';
import type { Recorded } from '../session/events.ts';
import { fold, reduce } from '../session/reduce.ts';
import { runningAttempts } from '../session/select.ts';
import type { RunbookLibrary, SessionState } from '../session/state.ts';
import { safeText } from '../text/safe-text.ts';
import { systemClock } from './clock.ts';
import { inspectCluster } from './inspect.ts';
import { createStore, type Store } from './store.ts';
import { latestTails } from './tails.ts';
import type { Engine, EngineView } from './view.ts';

const onlyLooking = 'you are observing: nothing can be changed from here';
const wayOut = 'q leaves; gonogo resume takes it over';

/**
 * A view of somebody else's run: it follows the journal and the outputs of commands, and refuses everything but leaving.
 * `known` is what the journal held at the beginning; `events` may give it again.
 */
export const observeEngine = (
  known: readonly Recorded[],
  events: AsyncIterable<Recorded>,
  library: RunbookLibrary,
  outputs: OutputWatch,
): Engine => {
  const store = createStore<EngineView>(
    {
      session: fold(library, known),
      tails: {},
      health: { kind: 'ok' },
      now: systemClock.now(),
      notice: null,
      panels: [],
      cluster: null,
      metrics: [],
      criteria: [],
      carried: {},
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
  const { show, close: closeTails } = followTails(store, outputs);
  show(store.get().session);
  const follow = async (): Promise<void> => {
    for await (const event of events) {
      // Earlier sessions of the run that were left are no news.
      if (event.seq < known.length) continue;
      const session = reduce(store.get().session, event);
      // The end of an output first: whoever is told that a command ended has seen what it wrote.
      show(session);
      store.set((view) => ({ ...view, session, now: systemClock.now() }), true);
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
    output: outputs.output,
    ...inspectCluster(null),
    onInteractive: () => () => undefined,
    noteKey: () => undefined,
    onRing: () => () => undefined,
    lastRecord: () => null,
    close: async () => {
      stopTick();
      closeTails();
      store.close();
    },
  };
};

/** Keeps the tails of the commands that run by a session's account. */
export const followTails = (
  store: Store<EngineView>,
  outputs: OutputWatch,
): { show(session: SessionState): void; close(): void } => {
  const followed = new Map<number, () => void>();
  return {
    show: (session) => {
      const running = new Set(runningAttempts(session).map(({ attempt }) => attempt));
      for (const [attempt, stop] of followed) {
        if (running.has(attempt)) continue;
        stop();
        followed.delete(attempt);
      }
      for (const attempt of running) {
        if (followed.has(attempt)) continue;
        const stop = outputs.follow(attempt, (tail) =>
          store.set((view) => ({ ...view, tails: latestTails(view.tails, attempt, tail) }), false),
        );
        followed.set(attempt, stop);
      }
    },
    close: () => outputs.close(),
  };
};
