import type { Clock } from '../ports/clock.ts';
import type { RunEvent } from '../session/events.ts';
import type { CriterionState } from '../session/state.ts';
import type { WatchEnd, WatchFact } from '../session/watch-line.ts';

/** Where the facts of a watch go. */
export interface WatchNotebook {
  /** Resolves once it is on disk; false when there is no room any more. Rejects with why it cannot be kept. */
  note(fact: WatchFact, at: number): Promise<boolean>;
  close(): Promise<void>;
}

export interface WatchNotes {
  /** An event of a criterion, with its state before. */
  saw(event: RunEvent, before: CriterionState | undefined): void;
  /** Told once a second: writes down from when to when somebody watched. */
  tick(): void;
  /** The machine slept: nobody watched. */
  slept(from: number, to: number): void;
  /** Why nothing is kept; null while it is. */
  unkept(): string | null;
  end(why: WatchEnd): Promise<void>;
}

const firstBeatMs = 10_000;
const lastBeatMs = 5 * 60_000;
/** A watch that is killed loses at most a tenth of its time, and a long one does not fill its file with beats. */
const share = 0.1;

/** Decides what of a watch is written down: what changed, and that it goes on. */
export const takeNotes = (notebook: WatchNotebook, clock: Clock, host: string): WatchNotes => {
  const began = clock.now();
  let from = began;
  let because: string | null = null;
  const note = async (fact: WatchFact): Promise<void> => {
    try {
      because = (await notebook.note(fact, clock.now())) ? null : 'its file is full';
    } catch (error) {
      because = error instanceof Error ? error.message : String(error);
    }
  };
  const lasted = (to: number): Promise<void> => {
    const span = { from, to: Math.max(from, to) };
    from = span.to;
    return span.to === span.from ? Promise.resolve() : note({ type: 'watch.lasted', data: span });
  };
  void note({ type: 'watch.began', data: { host } });
  return {
    saw: (event, before) => {
      const isNews =
        event.type === 'criterion.breached' ||
        event.type === 'criterion.blind' ||
        (event.type === 'criterion.recovered' && (before?.status === 'breached' || before?.blind != null));
      if (isNews) void note({ type: event.type, data: event.data } as WatchFact);
    },
    tick: () => {
      const now = clock.now();
      const due = Math.min(lastBeatMs, Math.max(firstBeatMs, (from - began) * share));
      if (now - from >= due) void lasted(now);
    },
    slept: (since, until) => {
      void lasted(since);
      from = until;
    },
    unkept: () => because,
    end: async (why) => {
      await lasted(clock.now());
      await note({ type: 'watch.ended', data: { why } });
      await notebook.close();
    },
  };
};
