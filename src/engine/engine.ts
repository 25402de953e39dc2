import type { Clock } from '../ports/clock.ts';
import type { CommandRunner } from '../ports/commands.ts';
import type { Journal } from '../ports/journal.ts';
import type { RecordFiles } from '../ports/record-files.ts';
import type { ResolveSecret, SecretsRegistry } from '../ports/secrets.ts';
import { decide } from '../session/decide.ts';
import type { Recorded, RunEvent } from '../session/events.ts';
import type { Decision, Effect, Intent, Refusal, Report } from '../session/intents.ts';
import { fold, reduce } from '../session/reduce.ts';
import { decideReport } from '../session/report.ts';
import type { RunbookLibrary, SessionState } from '../session/state.ts';
import { ExpectedError } from '../text/errors.ts';
import { safeText } from '../text/safe-text.ts';
import { createAttempts } from './attempts.ts';
import { watchGaps } from './gaps.ts';
import { maskEvent } from './mask-event.ts';
import { watchPanels } from './panels.ts';
import { createRecordWriter } from './record-writer.ts';
import { createStore, type Store } from './store.ts';
import { createVault } from './vault.ts';
import type { Engine, EngineView, InteractiveRequest, Notice } from './view.ts';

export interface EngineParts {
  readonly journal: Journal;
  /** What the journal held when it was opened. */
  readonly events: readonly Recorded[];
  readonly library: RunbookLibrary;
  readonly runner: CommandRunner;
  readonly clock: Clock;
  readonly registry: SecretsRegistry;
  readonly resolveSecret: ResolveSecret;
  readonly recordFiles: RecordFiles;
  /** Milliseconds between flushes of data to the views: 100, or 500 over ssh. */
  readonly flushMs: number;
}

/** Effects in, events out: everything that a run does in this process. Operations run one after the other. */
export const createEngine = (
  parts: EngineParts,
): Engine & {
  readonly resume: () => Promise<void>;
  readonly record: (events: readonly RunEvent[]) => Promise<void>;
} => {
  const { journal, clock, runner } = parts;
  const history: Recorded[] = [...parts.events];
  const store = createStore<EngineView>(initialView(parts), parts.flushMs);
  const vault = createVault(parts.registry, parts.resolveSecret);
  const rings = new Set<(why: 'needs-you' | 'done' | 'breach') => void>();
  const stops: (() => void)[] = [];
  let interactive: ((request: InteractiveRequest) => Promise<void>) | null = null;
  let queue: Promise<unknown> = Promise.resolve();

  const inOrder = <T>(work: () => Promise<T>): Promise<T> => {
    const next = queue.then(work, work);
    queue = next.catch(() => undefined);
    return next;
  };
  const session = (): SessionState => store.get().session;
  const notify = (level: Notice['level'], text: string, nextStep: string | null = null): void =>
    store.set(
      (view) => ({
        ...view,
        notice: {
          level,
          text: safeText(text),
          nextStep: nextStep === null ? null : safeText(nextStep),
          at: clock.now(),
        },
      }),
      true,
    );

  // The views see the events of one decision together: between two of them a step could look open that has passed.
  const append = async (events: readonly RunEvent[]): Promise<void> => {
    const recorded: Recorded[] = [];
    const publish = (): void => {
      history.push(...recorded);
      store.set((view) => ({ ...view, now: clock.now(), session: recorded.reduce(reduce, view.session) }), true);
    };
    try {
      for (const event of events)
        recorded.push(
          await journal.append(parts.registry.all.length === 0 ? event : maskEvent(event, parts.registry.mask)),
        );
    } finally {
      publish();
    }
  };

  const carryOut = async (decision: Decision): Promise<Refusal | null> => {
    if (!decision.ok) {
      notify('refused', decision.refusal.message, decision.refusal.nextStep);
      return decision.refusal;
    }
    await append(decision.events);
    for (const effect of decision.effects) await effects(effect);
    return null;
  };

  const report = (what: Report): Promise<void> =>
    inOrder(async () => {
      const decision = decideReport(session(), what, clock.now());
      if (decision.ok) await carryOut(decision);
    }).catch((error: unknown) => failed(error));

  const failed = (error: unknown): void => {
    if (error instanceof ExpectedError)
      notify('error', `${error.code === null ? '' : `${error.code} `}${error.message}`, error.nextStep);
    else
      notify(
        'error',
        `this is a bug in gonogo: ${error instanceof Error ? error.message : String(error)}`,
        'The log in the run folder says more',
      );
  };

  const attempts = createAttempts({
    runner,
    clock,
    vault,
    store,
    report,
    failed,
    handOver: (request) => interactive?.(request) ?? Promise.reject(noScreen()),
  });
  const records = createRecordWriter({
    files: parts.recordFiles,
    library: parts.library,
    history: () => history,
    append,
    notify,
  });

  const effects = async (effect: Effect): Promise<void> => {
    switch (effect.type) {
      case 'start':
        return attempts.start(effect);
      case 'stop':
        return attempts.stop(effect.attempt, effect.signal);
      case 'end-background':
        return attempts.endBackground(effect.attempt);
      case 'ring':
        for (const ring of rings) ring(effect.why);
        return;
      case 'write-record':
        return records.write(effect.interim);
      case 'end-session':
        store.set((view) => ({ ...view, ended: { why: effect.why } }), true);
    }
  };

  stops.push(clock.every(1000, () => store.set((view) => ({ ...view, now: clock.now() }), true)));
  stops.push(journal.onHealth((health) => store.set((view) => ({ ...view, health }), true)));
  stops.push(
    watchGaps(clock, (gap) =>
      inOrder(() => append([{ type: 'run.gap', frame: Math.max(0, session().frame), data: gap }])).catch(failed),
    ),
  );
  stops.push(watchPanels({ runner, clock, store }));
  journal.takeOverAsked
    .then(() => inOrder(() => carryOut(decide(session(), { type: 'leave', why: 'takeover' }, clock.now()))))
    .then(() => store.set((view) => ({ ...view, ended: { why: 'takeover' } }), true))
    .catch(failed);

  return {
    view: store.get,
    subscribe: store.subscribe,
    dispatch: (intent) =>
      inOrder(async () => {
        const obstacle = await prepare(intent, store, journal);
        if (obstacle !== null) return carryOut({ ok: false, refusal: obstacle });
        return carryOut(decide(session(), intent, clock.now()));
      }).catch((error: unknown) => {
        failed(error);
        return { message: error instanceof Error ? error.message : String(error), nextStep: null };
      }),
    record: (events) => inOrder(() => append(events)),
    resume: () => attempts.recoverAll(session()),
    keepSecret: (input, value) => vault.keep(input, value),
    output: (attempt) => runner.output(attempt),
    onInteractive: (handler) => {
      interactive = handler;
      return () => {
        if (interactive === handler) interactive = null;
      };
    },
    noteKey: () => journal.noteKey(),
    onRing: (listener) => {
      rings.add(listener);
      return () => rings.delete(listener);
    },
    lastRecord: records.last,
    close: async () => {
      for (const stop of stops) stop();
      attempts.close();
      await queue;
      store.close();
      await runner.close();
      await journal.close();
    },
  };
};

const noScreen = (): ExpectedError =>
  new ExpectedError('this command needs a terminal of its own', {
    nextStep: 'Run gonogo in a terminal without --plain',
    exit: 6,
  });

/** Writing trouble stops commands from starting, never a rollback: that goes on in another folder. */
const prepare = async (intent: Intent, store: Store<EngineView>, journal: Journal): Promise<Refusal | null> => {
  const { health, observing } = store.get();
  if (observing !== null) return { message: `this is a view only: ${observing.because}`, nextStep: 'q leaves' };
  if (health.kind !== 'poisoned' && health.kind !== 'full') return null;
  if (intent.type === 'rollback') {
    const dir = await journal.moveToFallback();
    return dir === null
      ? {
          message: 'no folder can be written: paste the commands of the rollback by hand',
          nextStep: 'gonogo show prints them',
        }
      : null;
  }
  if (intent.type !== 'run') return null;
  const code = health.kind === 'poisoned' ? 'E706 the disk refused to save' : 'E707 the disk is full';
  return { message: `${code}: no new commands`, nextStep: 'R still rolls back; free space or export the record now' };
};

const initialView = (parts: EngineParts): EngineView => ({
  session: fold(parts.library, parts.events),
  tails: {},
  health: parts.journal.health,
  now: parts.clock.now(),
  notice: null,
  panels: [],
  overdue: [],
  observing: null,
  ended: null,
});
