import { setImmediate as turn } from 'node:timers/promises';
import { createEngine } from '../../src/engine/engine.ts';
import type { Guard } from '../../src/engine/guard.ts';
import type { EngineView } from '../../src/engine/view.ts';
import type { ClusterFacts } from '../../src/gates/workload.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { ClusterWatch, OwnChange } from '../../src/ports/cluster.ts';
import type { CommandRunner } from '../../src/ports/commands.ts';
import type { HttpAnswer, HttpProbe } from '../../src/ports/http-probe.ts';
import type { Journal } from '../../src/ports/journal.ts';
import type { MetricsSource } from '../../src/ports/metrics.ts';
import type { Recorded, RunEvent } from '../../src/session/events.ts';
import type { Intent } from '../../src/session/intents.ts';
import { facts as factsOf, live } from '../gates/support/facts.ts';
import { Operator, outcome, type Setting } from '../session/support.ts';

const never = (): never => {
  throw new Error('not in this test');
};

/** A clock that stands still until it is told. */
export class StillClock implements Clock {
  #now: number;
  #slept = 0;
  readonly #timers = new Set<{
    readonly ms: number;
    next: number;
    readonly tick: () => void;
    readonly once: boolean;
  }>();

  constructor(now: number) {
    this.#now = now;
  }

  now = (): number => this.#now;
  monotonic = (): number => this.#now - this.#slept;
  every = (ms: number, tick: () => void): (() => void) => this.#add(ms, tick, false);
  after = (ms: number, call: () => void): (() => void) => this.#add(ms, call, true);

  #add(ms: number, tick: () => void, once: boolean): () => void {
    const timer = { ms, next: this.#now + ms, tick, once };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** The machine sleeps: the wall clock goes on alone. */
  sleep(ms: number): void {
    this.#now += ms;
    this.#slept += ms;
  }

  step(ms: number): void {
    this.#now += ms;
    for (const timer of [...this.#timers]) {
      if (timer.next > this.#now || !this.#timers.has(timer)) continue;
      timer.next = this.#now + timer.ms;
      if (timer.once) this.#timers.delete(timer);
      timer.tick();
    }
  }
}

export interface WorldSetting {
  readonly cluster?: boolean;
  readonly guards?: readonly Guard[];
  readonly metrics?: ((clock: StillClock) => MetricsSource) | null;
}

/** An engine whose journal is in memory, whose clock is told, and whose world is what the test says. */
export class World {
  readonly recorded: Recorded[] = [];
  readonly rang: string[] = [];
  /** Urls and scripts in the order they were asked. */
  readonly asked: string[] = [];
  facts: ClusterFacts = factsOf({ source: live({ state: 'loading', freshAt: null }), workloads: [] });
  readonly selected: string[] = [];
  readonly ownChanges: OwnChange[] = [];
  compared = 0;
  readonly provenFrom: number[] = [];
  answer: () => Promise<HttpAnswer> = () => Promise.reject(new Error('connection refused'));
  probed: () => Promise<{ exit: number | null; output: string; timedOut: boolean }> = never;
  counted: ClusterWatch['countLogs'] = never;
  /** While set, the journal refuses. */
  diskRefuses = false;
  readonly clock: StillClock;
  readonly engine: ReturnType<typeof createEngine>;
  readonly #changed = new Set<() => void>();

  private constructor(
    operator: Operator,
    withCluster: boolean,
    guards: readonly Guard[],
    events: readonly Recorded[] = [],
    metrics: ((clock: StillClock) => MetricsSource) | null = null,
  ) {
    this.clock = new StillClock(operator.now);
    const runner = {
      probe: this.#probe,
      carriedVariables: () => ({}),
      close: async () => undefined,
    } as unknown as CommandRunner;
    this.engine = createEngine({
      journal: this.#journal(events.length),
      events,
      library: operator.state.library,
      runner,
      cluster: withCluster ? this.#cluster() : null,
      metrics: metrics?.(this.clock) ?? null,
      http: this.#http,
      clock: this.clock,
      registry: {
        register: () => undefined,
        registerInherited: () => [],
        all: [],
        heldIn: () => null,
        mask: (text) => text,
      },
      resolveSecret: never,
      recordFiles: { write: async () => ({ paths: [], copyFailed: null }) },
      flushMs: 1,
      guards,
    });
    this.engine.onRing(({ why }) => this.rang.push(why));
  }

  static async open(text: string, setting: Setting & WorldSetting = {}): Promise<World> {
    const operator = new Operator(text, setting);
    const { cluster = true, guards = [], metrics = null } = setting;
    const world = new World(operator, cluster, guards, [], metrics);
    await world.engine.record(operator.events);
    await world.settles();
    return world;
  }

  /** In another process, from what was recorded until now. */
  static resumed(text: string, events: readonly Recorded[], metrics: WorldSetting['metrics'] = null): World {
    return new World(new Operator(text), false, [], events, metrics);
  }

  readonly #probe: CommandRunner['probe'] = (script) => {
    this.asked.push(script);
    return this.probed();
  };

  readonly #http: HttpProbe = (url) => {
    this.asked.push(url);
    return this.answer();
  };

  /** `known`: lines that it held when it was opened. */
  #journal(known: number): Journal {
    const { recorded } = this;
    return {
      dir: '/nowhere',
      run: 'run-1',
      head: '',
      next: 0,
      health: { kind: 'ok' },
      append: async (event: RunEvent) => {
        if (this.diskRefuses) throw new Error('no space');
        const seq = known + recorded.length;
        const h = String(seq).padStart(64, '0');
        const line: Recorded = {
          ...event,
          seq,
          at: this.clock.now(),
          mono: 0,
          boot: '',
          session: '',
          actor: 'alice',
          h,
        };
        recorded.push(line);
        return line;
      },
      onHealth: () => () => undefined,
      moveToFallback: async () => null,
      noteKey: () => undefined,
      takeOverAsked: new Promise(() => undefined),
      close: async () => undefined,
    };
  }

  #cluster(): ClusterWatch {
    return {
      facts: () => this.facts,
      onChange: (listener) => {
        this.#changed.add(listener);
        return () => this.#changed.delete(listener);
      },
      select: (selector) => this.selected.push(selector),
      noteOwnChange: (change) => this.ownChanges.push(change),
      compareWithLastSeen: () => {
        this.compared += 1;
      },
      proveSince: (time) => this.provenFrom.push(time),
      logs: never,
      countLogs: (request, signal) => this.counted(request, signal),
      describe: never,
      store: never,
      close: async () => undefined,
    };
  }

  shows(facts: ClusterFacts): void {
    this.facts = facts;
    for (const changed of this.#changed) changed();
  }

  /** Everything that can happen without the clock has happened. */
  async settles(): Promise<void> {
    for (let i = 0; i < 12; i += 1) await turn();
  }

  /** Seconds go by, one at a time. */
  async passes(seconds: number): Promise<void> {
    for (let i = 0; i < seconds; i += 1) {
      this.clock.step(1000);
      await this.settles();
    }
  }

  async does(intent: Intent): Promise<boolean> {
    const refusal = await this.engine.dispatch(intent);
    await this.settles();
    return refusal === null;
  }

  /** A changing command, as if it had run. */
  async changed(step: string, spec: RunEvent & { type: 'command.confirmed' }): Promise<void> {
    const { attempt } = spec.data;
    const now = this.clock.now();
    await this.engine.record([
      spec,
      { type: 'command.started', frame: 0, data: { attempt, pid: 1, startedAt: now } },
      {
        type: 'command.finished',
        frame: 0,
        data: { attempt, outcome: outcome({ startedAt: now, endedAt: now }), recovered: false },
      },
      { type: 'step.passed', frame: 0, data: { step, how: 'enter', reason: null } },
    ]);
    await this.settles();
  }

  /** A command that was started before ends well. */
  async finishes(attempt: number): Promise<void> {
    const now = this.clock.now();
    const ended = { attempt, outcome: outcome({ startedAt: now, endedAt: now }), recovered: false };
    await this.engine.record([{ type: 'command.finished', frame: 0, data: ended }]);
    await this.settles();
  }

  get view(): EngineView {
    return this.engine.view();
  }

  status(step: string): string {
    return this.view.session.frames[0]?.steps[step]?.status ?? 'open';
  }

  types(): readonly string[] {
    return this.recorded.map(({ type }) => type);
  }

  close(): Promise<void> {
    return this.engine.close();
  }
}

export const webAnswer = (change: Partial<HttpAnswer> = {}): HttpAnswer => ({
  status: 200,
  type: 'application/json',
  body: '{"status":"healthy"}',
  date: null,
  location: null,
  tookMs: 3,
  ...change,
});
