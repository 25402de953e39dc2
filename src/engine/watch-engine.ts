import type { Clock } from '../ports/clock.ts';
import type { ClusterWatch } from '../ports/cluster.ts';
import type { CommandRunner, OutputWatch } from '../ports/commands.ts';
import type { HttpProbe } from '../ports/http-probe.ts';
import type { MetricsSource } from '../ports/metrics.ts';
import type { TargetCheck } from '../ports/target.ts';
import type { EventData, Recorded } from '../session/events.ts';
import type { Ring } from '../session/notification.ts';
import { reduce } from '../session/reduce.ts';
import type { RunbookLibrary } from '../session/state.ts';
import { mismatchNextStep, mismatchWords } from '../session/target.ts';
import type { WatchEnd } from '../session/watch-line.ts';
import { safeText } from '../text/safe-text.ts';
import { wordsOf } from './error-words.ts';
import { inspectCluster } from './inspect.ts';
import { followTails } from './observer.ts';
import { createStore, type Store } from './store.ts';
import type { Engine, EngineView, Notice } from './view.ts';
import { watchBeside } from './watch-beside.ts';
import { identityAsker } from './watch-identity.ts';
import { takeNotes, type WatchNotebook } from './watch-notes.ts';
import { firstWatchView } from './watch-view.ts';

export interface WatchEngineParts {
  /** What the journal held at the beginning. */
  readonly known: readonly Recorded[];
  /** The journal as somebody else goes on with it; may give the known ones again. */
  readonly events: AsyncIterable<Recorded>;
  readonly library: RunbookLibrary;
  readonly outputs: OutputWatch;
  /** Null: this run has no cluster. It is closed by whoever opened it. */
  readonly cluster: ClusterWatch | null;
  /** Null: this run has no metrics server. It is closed by whoever opened it. */
  readonly metrics: MetricsSource | null;
  readonly http: HttpProbe;
  readonly runner: CommandRunner;
  readonly clock: Clock;
  readonly flushMs: number;
  /** Asked every second, so it answers from memory while nothing gives reason to doubt. Null: the run has no target. */
  readonly identity: (() => Promise<TargetCheck>) | null;
  readonly notebook: WatchNotebook;
  readonly host: string;
  readonly who: string;
}

/** How a watch ended; `mismatch` is what was found in the place of the target. */
export interface WatchedEnd {
  readonly why: WatchEnd;
  readonly mismatch: EventData['target.mismatch'] | null;
}

export type WatchEngine = Engine & {
  /** Null while it goes on. */
  readonly ended: () => WatchedEnd | null;
};

const onlyWatching = 'you are watching: nothing can be changed from here';
const wayOut = 'q leaves; gonogo resume goes on with the run';

/**
 * Criteria and panels of a run without its lock: asked here, written down beside the journal, never into it. Ends when
 * the run does, when the target is another one, or when it is left.
 */
export const watchEngine = (parts: WatchEngineParts): WatchEngine => {
  const { clock, cluster } = parts;
  const store = createStore<EngineView>(firstWatchView(parts), parts.flushMs);
  const notes = takeNotes(parts.notebook, clock, parts.host);
  const rings = new Set<(ring: Ring) => void>();
  const tails = followTails(store, parts.outputs);
  let ended: WatchedEnd | null = null;
  let over: Promise<void> | null = null;

  const tell = (level: Notice['level'], text: string, nextStep: string | null): void => {
    const next = nextStep === null ? null : safeText(nextStep);
    store.set((view) => ({ ...view, notice: { level, text: safeText(text), nextStep: next, at: clock.now() } }), true);
  };
  const failed = (error: unknown): void => tell('error', wordsOf(error).text, wordsOf(error).nextStep);
  const end = (why: WatchEnd, mismatch: WatchedEnd['mismatch'] = null): Promise<void> => {
    if (over !== null) return over;
    ended = { why, mismatch };
    beside.close();
    over = notes.end(why).then(() => {
      store.set((view) => ({ ...view, ended: { why: why === 'finished' ? 'finished' : 'left' } }), true);
    });
    return over;
  };
  const beside = watchBeside({
    parts,
    store,
    notes,
    failed,
    ring: (ring) => {
      for (const listener of rings) listener(ring);
    },
    verify: identityAsker(parts.identity, clock, ({ code, expected, found }) => {
      const mismatch = { code, expected, found };
      store.set((view) => ({ ...view, session: { ...view.session, mismatch } }), true);
      tell('error', mismatchWords(mismatch), mismatchNextStep);
      void end('stopped', mismatch);
    }),
  });
  followRun(parts, store, tails)
    .then((finished) => (finished ? end('finished') : undefined))
    .catch(failed);

  return {
    view: store.get,
    subscribe: store.subscribe,
    dispatch: async (intent) => {
      if (intent.type !== 'leave') {
        tell('refused', onlyWatching, wayOut);
        return { message: onlyWatching, nextStep: wayOut };
      }
      await end('left');
      return null;
    },
    keepSecret: () => undefined,
    output: parts.outputs.output,
    ...inspectCluster(cluster),
    onInteractive: () => () => undefined,
    noteKey: beside.noteKey,
    onRing: (listener) => {
      rings.add(listener);
      return () => rings.delete(listener);
    },
    lastRecord: () => null,
    ended: () => ended,
    close: async () => {
      await end('left');
      tails.close();
      store.close();
    },
  };
};

/** Goes on with the run as its journal does; gives whether it was finished. */
const followRun = async (
  { known, events, clock }: WatchEngineParts,
  store: Store<EngineView>,
  tails: Pick<ReturnType<typeof followTails>, 'show'>,
): Promise<boolean> => {
  tails.show(store.get().session);
  for await (const event of events) {
    if (event.seq < known.length) continue;
    const session = reduce(store.get().session, event);
    tails.show(session);
    store.set((view) => ({ ...view, session, now: clock.now() }), true);
    if (session.finished !== null) return true;
  }
  return false;
};
