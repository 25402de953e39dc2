import { setImmediate as turn } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { type WatchEngine, watchEngine } from '../../src/engine/watch-engine.ts';
import type { CommandRunner, OutputWatch } from '../../src/ports/commands.ts';
import type { MetricsSource } from '../../src/ports/metrics.ts';
import type { TargetCheck } from '../../src/ports/target.ts';
import type { Recorded, RunEvent } from '../../src/session/events.ts';
import type { WatchFact } from '../../src/session/watch-line.ts';
import { Operator, type Setting } from '../session/support.ts';
import { MetricsDouble, refused, value } from './metrics-double.ts';
import { StillClock } from './world.ts';

const text = `---
gonogo: 1
panels:
  - { title: Queue, command: kubectl get pods, every: 15s }
rollback:
  when:
    - command: test ! -e broken
---
# Deploy

- [ ] Change it
  \`\`\`sh
  touch changed
  \`\`\`
`;

const recorded = (event: RunEvent, seq: number, at: number): Recorded =>
  ({ ...event, seq, at, mono: 0, boot: '', session: '', actor: 'alice', h: String(seq) }) as Recorded;

/** A run that was left after its change, and a watch beside it, with a clock that is told. */
class Beside {
  readonly notes: { readonly fact: WatchFact; readonly at: number }[] = [];
  readonly asked: string[] = [];
  readonly rang: string[] = [];
  exit = 0;
  refuses: Error | null = null;
  target: TargetCheck = { kind: 'same' };
  readonly clock: StillClock;
  readonly engine: WatchEngine;
  readonly #known: readonly Recorded[];
  readonly #coming: ((event: Recorded) => void)[] = [];
  readonly #came: Recorded[] = [];

  constructor(
    setting: Setting & { readonly text?: string; readonly metrics?: (clock: StillClock) => MetricsSource } = {},
  ) {
    const operator = new Operator(setting.text ?? text, setting);
    if (setting.restricted !== true) {
      operator.runs();
      operator.ends();
    }
    operator.record([
      { type: 'criterion.armed', frame: 0, data: { criterion: 0, reference: null } },
      { type: 'run.left', frame: 0, data: { why: 'quit' } },
    ]);
    this.clock = new StillClock(operator.now);
    this.#known = operator.events.map((event, seq) => recorded(event, seq, operator.now));
    const outputs: OutputWatch = { follow: () => () => undefined, output: async () => null, close: () => undefined };
    this.engine = watchEngine({
      known: this.#known,
      events: this.#journal(),
      library: operator.state.library,
      outputs,
      cluster: null,
      metrics: setting.metrics?.(this.clock) ?? null,
      http: () => Promise.reject(new Error('not in this test')),
      runner: { probe: this.#probe } as unknown as CommandRunner,
      clock: this.clock,
      flushMs: 1,
      identity: async () => this.target,
      notebook: {
        note: async (fact, at) => {
          if (this.refuses !== null) throw this.refuses;
          this.notes.push({ fact, at });
          return true;
        },
        close: async () => undefined,
      },
      host: 'h',
      who: 'bob',
    });
    this.engine.onRing(({ why }) => this.rang.push(why));
    onTestFinished(() => this.engine.close());
  }

  readonly #probe: CommandRunner['probe'] = async (script) => {
    this.asked.push(script);
    return { exit: this.exit, output: '', timedOut: false };
  };

  async *#journal(): AsyncGenerator<Recorded> {
    yield* this.#known;
    for (;;) {
      const next = this.#came.shift();
      yield next ?? (await new Promise<Recorded>((done) => this.#coming.push(done)));
    }
  }

  /** Somebody else goes on with the run. */
  async elsewhere(event: RunEvent): Promise<void> {
    const next = recorded(event, this.engine.view().session.seq + 1, this.clock.now());
    const waiting = this.#coming.shift();
    if (waiting === undefined) this.#came.push(next);
    else waiting(next);
    await this.settles();
  }

  async settles(): Promise<void> {
    for (let i = 0; i < 12; i += 1) await turn();
  }

  async passes(seconds: number): Promise<void> {
    for (let i = 0; i < seconds; i += 1) {
      this.clock.step(1000);
      await this.settles();
    }
  }

  get status(): string | undefined {
    return this.engine.view().session.criteria[0]?.status;
  }

  types(): readonly string[] {
    return this.notes.map(({ fact }) => fact.type);
  }
}

test('a criterion is watched while the run is left: its breach rings, is written down, and nothing can be done', async () => {
  const beside = new Beside();
  await beside.passes(2);
  expect(beside.asked).toContain('test ! -e broken');
  beside.exit = 1;
  await beside.passes(60);
  expect(beside.status).toBe('breached');
  expect(beside.rang).toEqual(['breach']);
  const breach = beside.notes.find(({ fact }) => fact.type === 'criterion.breached');
  expect(breach?.fact.data).toEqual({ criterion: 0, value: 'exit 1' });
  expect(breach?.at).toBe(beside.engine.view().session.criteria[0]?.since);
  expect(beside.types()).not.toContain('criterion.suspect');
  expect(await beside.engine.dispatch({ type: 'finish' })).toMatchObject({
    nextStep: expect.stringContaining('gonogo resume'),
  });
});

test('when it watched is written down as it goes on, without the time that the machine slept', async () => {
  const beside = new Beside();
  const began = beside.clock.now();
  await beside.passes(25);
  beside.clock.sleep(600_000);
  await beside.passes(5);
  await beside.engine.dispatch({ type: 'leave', why: 'quit' });
  const spans = beside.notes.flatMap(({ fact }) => (fact.type === 'watch.lasted' ? [fact.data] : []));
  expect(spans[0]).toEqual({ from: began, to: began + 10_000 });
  const total = spans.reduce((sum, { from, to }) => sum + to - from, 0);
  expect(total).toBe(30_000 - 1_000);
  expect(beside.types().at(-1)).toBe('watch.ended');
  expect(beside.engine.view().ended).toEqual({ why: 'left' });
});

test('it follows who goes on with the run, and ends with it', async () => {
  const beside = new Beside();
  beside.exit = 1;
  await beside.passes(60);
  await beside.elsewhere({ type: 'run.resumed', frame: 0, data: { pid: 1, terminal: null, mode: 'screen' } });
  await beside.elsewhere({ type: 'criterion.acknowledged', frame: 0, data: { criterion: 0, reason: 'known' } });
  await beside.passes(60);
  expect(beside.status).toBe('ok');
  await beside.elsewhere({ type: 'run.finished', frame: 0, data: { outcome: 'succeeded', reason: null } });
  expect(beside.engine.ended()).toEqual({ why: 'finished', mismatch: null });
  expect(beside.engine.view().ended).toEqual({ why: 'finished' });
  const { length } = beside.asked;
  await beside.passes(60);
  expect(beside.asked).toHaveLength(length);
});

test('another target stops it at once; one that cannot be asked is said', async () => {
  const beside = new Beside();
  beside.target = { kind: 'unreachable', because: 'connection refused', nextStep: null };
  await beside.passes(2);
  expect(beside.engine.view().observing?.watch?.unverified).toBe('connection refused');
  const { length } = beside.asked;
  beside.target = { kind: 'mismatch', code: 'E602', expected: 'a', found: 'b' };
  await beside.passes(60);
  expect(beside.engine.ended()).toEqual({ why: 'stopped', mismatch: { code: 'E602', expected: 'a', found: 'b' } });
  expect(beside.asked).toHaveLength(length);
});

test('nothing of a runbook that is not trusted is asked', async () => {
  const beside = new Beside({ restricted: true });
  await beside.passes(60);
  expect(beside.asked).toEqual([]);
});

test('a disk that refuses is said, and what comes after it is written again', async () => {
  const beside = new Beside();
  beside.refuses = new Error('no space');
  await beside.passes(12);
  expect(beside.engine.view().observing?.watch?.unkept).toBe('no space');
  beside.refuses = null;
  await beside.passes(15);
  expect(beside.engine.view().observing?.watch?.unkept).toBeNull();
});

test('a metric is asked beside the run, and its breach is seen as in the run', async () => {
  const query = 'sum(rate(errors[1m]))';
  const head = `metrics:\n  errors: { title: Errors, query: '${query}', unit: per-second, worse: higher }\npanels:`;
  const criterion = text.replace('panels:', head).replace('- command: test ! -e broken', '- errors: > 5');
  let metrics: MetricsDouble | null = null;
  const beside = new Beside({
    text: criterion,
    metrics: (clock) => {
      metrics = new MetricsDouble(clock.now, { [query]: value(2) });
      return metrics;
    },
  });
  const source = metrics as unknown as MetricsDouble;
  await beside.passes(3);
  expect(beside.engine.view().metrics[0]).toMatchObject({ state: 'live', value: 2 });
  source.answers.set(query, value(9));
  await beside.passes(240);
  expect(beside.status).toBe('breached');
  expect(beside.rang).toContain('breach');
  source.answers.set(query, refused);
  await beside.passes(30);
  expect(beside.types()).toContain('criterion.blind');
  const asked = source.asked.length;
  await beside.engine.close();
  await beside.passes(30);
  expect(source.asked).toHaveLength(asked);
});
