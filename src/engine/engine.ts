import type { Clock } from '../ports/clock.ts';
import type { ClusterWatch } from '../ports/cluster.ts';
import type { CommandRunner } from '../ports/commands.ts';
import type { HttpProbe } from '../ports/http-probe.ts';
import type { Journal } from '../ports/journal.ts';
import type { MetricsSource } from '../ports/metrics.ts';
import type { RecordFiles } from '../ports/record-files.ts';
import type { ResolveSecret, SecretsRegistry } from '../ports/secrets.ts';
import { decide } from '../session/decide.ts';
import type { Recorded, RunEvent } from '../session/events.ts';
import type { Decision, Effect, Intent, Refusal, Report } from '../session/intents.ts';
import type { Ring } from '../session/notification.ts';
import { reduce } from '../session/reduce.ts';
import { refuse } from '../session/refusal.ts';
import { decideReport } from '../session/report.ts';
import { currentFrame } from '../session/select.ts';
import type { RunbookLibrary, SessionState } from '../session/state.ts';
import { safeText } from '../text/safe-text.ts';
import { askGuards } from './asking-guards.ts';
import { createAttempts } from './attempts.ts';
import { noScreen, wordsOf } from './error-words.ts';
import { evidenceFor } from './evidence.ts';
import { watchGaps } from './gaps.ts';
import type { Guard } from './guard.ts';
import { createHistory } from './history.ts';
import { initialView } from './initial-view.ts';
import { inspectCluster } from './inspect.ts';
import { watchPanels } from './panels.ts';
import { createRecordWriter } from './record-writer.ts';
import { createRecorder } from './recorder.ts';
import { createReporting, refusesToSave } from './reporting.ts';
import { createStore } from './store.ts';
import { createSurvivorGuard } from './survivor-guard.ts';
import { createVault } from './vault.ts';
import type { Engine, EngineView, InteractiveRequest, Notice, SessionEnd } from './view.ts';
import { watchWorld } from './watches.ts';

export interface EngineParts {
  readonly journal: Journal;
  /** What the journal held when it was opened. */
  readonly events: readonly Recorded[];
  readonly library: RunbookLibrary;
  readonly runner: CommandRunner;
  /** Null: this run has no cluster. It is closed by whoever opened it. */
  readonly cluster: ClusterWatch | null;
  /** Null: this run has no metrics server. It is closed by whoever opened it. */
  readonly metrics: MetricsSource | null;
  readonly http: HttpProbe;
  readonly clock: Clock;
  readonly registry: SecretsRegistry;
  readonly resolveSecret: ResolveSecret;
  readonly recordFiles: RecordFiles;
  /** Milliseconds between flushes of data to the views: 100, or 500 over ssh. */
  readonly flushMs: number;
  /** All events of the run from where they are durable: a long run does not keep them. Throws `ExpectedError`. */
  readonly reread?: () => readonly Recorded[];
  /** Asked in this order before something is done; see `Guard`. */
  readonly guards?: readonly Guard[];
}

/** Effects in, events out: everything that a run does in this process. Operations run one after the other. */
export const createEngine = (
  parts: EngineParts,
): Engine & {
  readonly resume: () => Promise<void>;
  /**
   * A function is asked when the operations before it are done. `anywhere`: when the run's own folder refuses, in the
   * first fallback folder that can be written.
   */
  readonly record: (events: readonly RunEvent[] | (() => readonly RunEvent[]), anywhere?: boolean) => Promise<void>;
  /** What the metrics server has told of the time nobody watched, once it has or will not: at most 5 s. */
  readonly backfilled: () => Promise<readonly RunEvent[]>;
  /** Loads what is needed at the end of a run only. */
  readonly loadLate: () => Promise<void>;
} => {
  const { journal, clock, runner } = parts;
  const history = createHistory(parts.events, parts.reread ?? null);
  const store = createStore<EngineView>(initialView(parts), parts.flushMs);
  const vault = createVault(parts.registry, parts.resolveSecret);
  const guards: readonly Guard[] = [createSurvivorGuard(runner), ...(parts.guards ?? [])];
  const rings = new Set<(ring: Ring) => void>();
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

  const publish = (recorded: readonly Recorded[]): void => {
    history.add(recorded);
    const carries = recorded.some(({ type }) => type === 'environment.carried');
    const change = { now: clock.now(), ...(carries ? { carried: runner.carriedVariables() } : {}) };
    store.set((view) => ({ ...view, ...change, session: recorded.reduce(reduce, view.session) }), true);
  };
  const { append, moveOn } = createRecorder({ journal, registry: parts.registry, publish });

  const isRollback = (): boolean => currentFrame(session())?.purpose === 'rollback';
  const carryOut = async (decision: Decision, anywhere = isRollback()): Promise<Refusal | null> => {
    if (!decision.ok) {
      notify('refused', decision.refusal.message, decision.refusal.nextStep);
      return decision.refusal;
    }
    if (store.get().notice?.level === 'refused') store.set((view) => ({ ...view, notice: null }), false);
    await append(decision.events, anywhere);
    for (const effect of decision.effects) await effects(effect);
    return null;
  };

  const reporting = createReporting({
    decide: (what) => decideReport(session(), what, clock.now()),
    carryOut,
  });
  const showUnsaved = (): void => store.set((view) => ({ ...view, unsaved: reporting.unsaved() }), true);
  const report = (what: Report): Promise<void> =>
    inOrder(() => reporting.take(what)).catch((error: unknown) => {
      failed(error);
      showUnsaved();
    });

  const failed = (error: unknown): void => {
    const { text, nextStep } = wordsOf(error);
    notify('error', text, nextStep);
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
    history: history.all,
    append,
    notify,
  });

  const effects = async (effect: Effect): Promise<void> => {
    switch (effect.type) {
      case 'start':
        return attempts.start(effect);
      case 'stop':
        return attempts.stop(effect.attempt, effect.signal);
      case 'stop-survivors':
        // They are given 10 s to end, in which the operator may look around.
        attempts.stopSurvivors(effect.attempt).catch(failed);
        return;
      case 'end-background':
        return attempts.endBackground(effect.attempt);
      case 'tell':
        return notify(effect.level, effect.text, effect.nextStep);
      case 'ring':
        for (const ring of rings) ring(effect);
        return;
      case 'write-record':
        return records.write(effect.interim);
      case 'end-session':
        end(effect.why);
    }
  };

  stops.push(clock.every(1000, () => store.set((view) => ({ ...view, now: clock.now() }), true)));
  // A full disk may have room again.
  stops.push(
    clock.every(1000, () => {
      if (store.get().unsaved.length > 0 && journal.health.kind === 'full')
        inOrder(reporting.again)
          .catch(() => undefined)
          .finally(showUnsaved);
    }),
  );
  stops.push(journal.onHealth((health) => store.set((view) => ({ ...view, health }), true)));
  stops.push(
    watchGaps(clock, (gap) =>
      inOrder(() => append([{ type: 'run.gap', frame: Math.max(0, session().frame), data: gap }])).catch(failed),
    ),
  );
  stops.push(watchPanels({ runner, clock, store }));
  const take = (decided: () => Decision): Promise<void> =>
    inOrder(async () => {
      const decision = decided();
      if (!decision.ok) return;
      if (decision.events.length > 0) await append(decision.events, isRollback());
      for (const effect of decision.effects) await effects(effect);
    });
  const watches = watchWorld({ ...parts, store, take, failed });
  stops.push(watches.close);
  const end = (why: SessionEnd['why']): void => store.set((view) => ({ ...view, ended: { why } }), true);
  // Whether or not the disk takes the last word: the run is given up here.
  journal.takeOverAsked
    .then(() => inOrder(() => carryOut(decide(session(), { type: 'leave', why: 'takeover' }, clock.now()))))
    .catch(failed)
    .then(() => end('takeover'));

  /** Before a rollback goes on elsewhere it must know what the disk refused; false when no folder can be written. */
  const movedOn = async (): Promise<boolean> => {
    if (!(await moveOn())) return false;
    await reporting.again().finally(showUnsaved);
    return true;
  };
  const act = async (intent: Intent): Promise<Refusal | null> => {
    const { observing } = store.get();
    if (observing !== null) return carryOut(refuse(`this is a view only: ${observing.because}`, 'q leaves'));
    const anywhere = intent.type === 'rollback' || isRollback();
    if (anywhere && refusesToSave(journal.health) && !(await movedOn()))
      return carryOut(
        refuse('no folder can be written: paste the commands of the rollback by hand', 'gonogo show prints them'),
      );
    const decision = decide(session(), intent, clock.now());
    if (!decision.ok) return carryOut(decision);
    const evidence = evidenceFor(intent, store.get(), watches.sampledMetrics);
    const guarded = await askGuards(guards, intent, session, decision);
    if (!guarded.ok) {
      await append(guarded.events, anywhere);
      return carryOut(guarded);
    }
    return carryOut({ ...decision, events: [...evidence, ...guarded.events, ...decision.events] }, anywhere);
  };
  const dispatch = (intent: Intent): Promise<Refusal | null> =>
    inOrder(() => act(intent)).catch((error: unknown) => {
      failed(error);
      const { text, nextStep } = wordsOf(error);
      if (intent.type !== 'leave') return { message: text, nextStep };
      // Nobody is kept in a run because it cannot be saved.
      end('left');
      return null;
    });

  return {
    view: store.get,
    subscribe: store.subscribe,
    dispatch,
    record: (events, anywhere = false) =>
      inOrder(async () => {
        const found = typeof events === 'function' ? events() : events;
        if (found.length > 0) await append(found, anywhere);
      }),
    resume: () => attempts.recoverAll(session()).finally(watches.returned),
    backfilled: watches.backfilled,
    loadLate: records.load,
    keepSecret: (input, value) => vault.keep(input, value),
    output: (attempt) => runner.output(attempt),
    ...inspectCluster(parts.cluster),
    onInteractive: (handler) => {
      interactive = handler;
      return () => {
        if (interactive === handler) interactive = null;
      };
    },
    noteKey: () => {
      journal.noteKey();
      watches.noteKey();
    },
    onRing: (listener) => {
      rings.add(listener);
      return () => rings.delete(listener);
    },
    lastRecord: records.last,
    close: async () => {
      for (const stop of stops) stop();
      await attempts.close(store.get().ended?.why === 'takeover');
      await queue;
      store.close();
      await runner.close();
      await journal.close();
    },
  };
};
