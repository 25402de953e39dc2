import { afterEach, describe, expect, test } from 'vitest';
import { toldLines } from '../../src/commands/away-told.ts';
import type { Recorded } from '../../src/session/events.ts';
import { mainAction } from '../../src/session/select.ts';
import { ExpectedError } from '../../src/text/errors.ts';
import { empty, MetricsDouble, value } from './metrics-double.ts';
import { World } from './world.ts';

const latency = 'histogram_quantile(0.95, sum by (le) (rate(latency_bucket[1m])))';
const minute = 60_000;

const runbook = (steps: string, head = ''): string =>
  [
    '---',
    'gonogo: 1',
    'metrics:',
    `  p95: { title: p95, query: '${latency}', unit: seconds, worse: higher }`,
    ...(head === '' ? [] : [head]),
    '---',
    '# Deploy',
    '',
    steps,
    '',
    '# Afterwards',
    '',
    '- [ ] Announced',
    '',
  ].join('\n');
const fence = (kind: string, title: string, body: string): string =>
  [`- [ ] ${title}`, `  \`\`\`${kind}`, ...body.split('\n').map((line) => `  ${line}`), '  ```'].join('\n');

let world: World;
let metrics: MetricsDouble;
afterEach(() => world?.close());

const source =
  (answers: ConstructorParameters<typeof MetricsDouble>[1] = {}) =>
  (clock: { readonly now: () => number }) => {
    metrics = new MetricsDouble(clock.now, answers);
    return metrics;
  };
const main = () => mainAction(world.view.session, world.clock.now());
const eventsOf = (type: string): readonly Recorded[] => world.recorded.filter((event) => event.type === type);

describe('a baseline', () => {
  const steps = `${fence('baseline', 'Before', 'metrics: [p95]\nwindow: 30m')}\n${fence('gate', 'As before', 'p95: <= 110% of baseline')}`;

  test('is the median of the window before, and what a gate is then compared with', async () => {
    world = await World.open(runbook(steps), { metrics: source({ [latency]: value(0.205) }) });
    metrics.past = ({ from, to, stepMs }) => Array.from({ length: Math.floor((to - from) / stepMs) + 1 }, () => 0.2);
    await world.passes(4);
    expect(eventsOf('baseline.captured')[0]?.data).toMatchObject({
      metrics: [{ metric: 'p95', median: 0.2, count: 31, stepMs: minute, coverage: 1, problem: null }],
    });
    expect(world.status('0.1')).toBe('passed');
    await world.passes(3);
    expect(world.status('0.2')).toBe('passed');
    expect(world.view.metrics[0]).toMatchObject({ baseline: 0.2 });
  });

  test('of a window too short for 20 values is taken over a longer one', async () => {
    world = await World.open(runbook(steps.replace('30m', '5m')), { metrics: source() });
    metrics.past = ({ from, to, stepMs }) => Array.from({ length: Math.floor((to - from) / stepMs) + 1 }, () => 0.2);
    await world.passes(2);
    const [asked] = metrics.ranges.filter(({ stepMs }) => stepMs === minute);
    expect((asked?.to ?? 0) - (asked?.from ?? 0)).toBe(20 * minute);
    expect(eventsOf('baseline.captured')[0]?.data).toMatchObject({ metrics: [{ count: 21, problem: null }] });
  });

  test('that nobody could read needs the operator, and says why', async () => {
    world = await World.open(runbook(steps), { metrics: source({ [latency]: value(0.1) }) });
    metrics.past = () => {
      throw new ExpectedError('connection refused');
    };
    await world.passes(2);
    expect(main()).toMatchObject({ because: expect.stringContaining('connection refused') });
    expect(world.status('0.1')).toBe('attention');
    await world.passes(60);
    expect(eventsOf('baseline.captured')).toHaveLength(1);
  });

  test('without a metrics server says what to name', async () => {
    world = await World.open(runbook(steps));
    await world.passes(2);
    expect(world.status('0.1')).toBe('attention');
    expect(main()).toMatchObject({ because: expect.stringContaining('--prometheus') });
  });

  test('of yesterday is asked for by the gate that names it', async () => {
    const gate = fence('gate', 'As yesterday', 'p95: <= 110% of baseline\nshift: 1d\nfor: 30m');
    world = await World.open(runbook(gate), { metrics: source({ [latency]: value(0.3) }) });
    metrics.past = ({ from, to, stepMs }) => Array.from({ length: Math.floor((to - from) / stepMs) + 1 }, () => 0.2);
    const began = world.clock.now();
    await world.passes(20);
    const asked = metrics.ranges.find(({ stepMs }) => stepMs === minute);
    const since = began - 24 * 60 * minute;
    expect(asked?.from).toBeLessThanOrEqual(since + 2_000);
    expect(asked?.to).toBeGreaterThanOrEqual(since + 30 * minute);
    const [first] = eventsOf('gate.sampled');
    expect(first?.data).toMatchObject({ samples: [{ sample: { kind: 'BAD', figures: { baseline: 0.2 } } }] });
  });
});

describe('a gap', () => {
  const head = "rollback:\n  when:\n    - p95: '> 400ms'";
  const change = '- [ ] Change\n  ```sh\n  kubectl scale deployment/checkout --replicas=3\n  ```';

  /** The past: bad from the fifth minute of the gap to its tenth. */
  const badBetween = (from: number, to: number) => {
    metrics.past = (request) =>
      Array.from({ length: Math.floor((request.to - request.from) / request.stepMs) + 1 }, (_, index) => {
        const at = request.from + index * request.stepMs;
        if (request.query !== latency) return 5;
        return at >= from && at <= to ? 0.9 : 0.1;
      });
  };
  const armed = async (): Promise<void> => {
    world = await World.open(runbook(change, head), { metrics: source({ [latency]: value(0.1) }) });
    await world.engine.record([
      { type: 'step.started', frame: 0, data: { step: '0.1' } },
      { type: 'criterion.armed', frame: 0, data: { criterion: 0, reference: null } },
    ]);
    await world.passes(3);
  };

  test('is looked at afterwards: a breach in it is dated when it happened', async () => {
    await armed();
    const slept = world.clock.now();
    badBetween(slept + 5 * minute, slept + 10 * minute);
    world.clock.sleep(30 * minute);
    await world.passes(3);
    const breach = eventsOf('criterion.breached')[0];
    expect(breach?.data).toMatchObject({ criterion: 0, value: expect.stringContaining('900 ms') });
    const happened = breach?.type === 'criterion.breached' ? (breach.data.happenedAt ?? 0) : 0;
    expect(happened).toBeGreaterThanOrEqual(slept + 5 * minute);
    expect(happened).toBeLessThanOrEqual(slept + 9 * minute);
    expect(eventsOf('gap.backfilled')[0]?.data).toMatchObject({ criteria: [{ criterion: 0, coverage: 1 }] });
    await world.passes(40);
    expect(world.view.session.criteria[0]?.status).toBe('recovered');
    expect(world.rang).toContain('breach');
  });

  test('stays unwatched where the server cannot tell', async () => {
    await armed();
    metrics.past = () => {
      throw new ExpectedError('connection refused');
    };
    world.clock.sleep(30 * minute);
    await world.passes(3);
    expect(eventsOf('run.gap')).toHaveLength(1);
    expect(eventsOf('gap.backfilled')).toEqual([]);
    expect(world.view.metrics[0]?.historyProblem).toBe('connection refused');
  });

  test('with data that had gone stale in it shows no breach', async () => {
    await armed();
    const slept = world.clock.now();
    badBetween(slept, slept + 30 * minute);
    const past = metrics.past;
    metrics.past = (request) => past(request).map((number) => (request.query === latency ? number : 300));
    world.clock.sleep(30 * minute);
    await world.passes(3);
    expect(eventsOf('criterion.breached')).toEqual([]);
    expect(eventsOf('gap.backfilled')[0]?.data).toMatchObject({ criteria: [{ criterion: 0, coverage: 0 }] });
  });

  test('holds a gate that has no data for it, and nothing passes on what was answered before it', async () => {
    world = await World.open(runbook(fence('gate', 'Soak', 'p95: <= 400ms\nfor: 3m')), {
      metrics: source({ [latency]: value(0.1) }),
    });
    await world.passes(60);
    metrics.answers.set(latency, empty);
    world.clock.sleep(10 * minute);
    await world.passes(5);
    expect(world.status('0.1')).toBe('active');
  });

  test('is unwatched for a test that counts requests, which its answers have none of', async () => {
    const ratio = 'sum(rate(errors[1m])) / sum(rate(requests[1m]))';
    const metric = `  error-rate: { title: Error rate, query: '${ratio}', unit: ratio, worse: higher, stable: '${ratio.replaceAll('[1m]', '{track="stable"}[1m]')}' }`;
    const gate = fence('gate', 'Soak', 'error-rate: not worse than stable (fisher)\nfor: 10m');
    world = await World.open(runbook(gate).replace('---\n# Deploy', `${metric}\n---\n# Deploy`), {
      metrics: source({ [ratio]: value(0.001) }),
    });
    metrics.past = ({ from, to, stepMs }) => Array.from({ length: Math.floor((to - from) / stepMs) + 1 }, () => 0.001);
    await world.passes(3);
    world.clock.sleep(5 * minute);
    metrics.holds = true;
    await world.passes(3);
    expect(eventsOf('gap.backfilled')).toHaveLength(0);
    expect(main()).toMatchObject({ stage: 'judging' });
  });

  test('after a kill is told to whoever comes back, before anything else is judged', async () => {
    await armed();
    const { recorded } = world;
    const text = runbook(change, head);
    const killed = world.clock.now();
    await world.close();
    badBetween(killed + 5 * minute, killed + 10 * minute);
    const { past } = metrics;
    world = World.resumed(text, recorded, source({ [latency]: value(0.1) }));
    metrics.past = past;
    world.clock.step(killed + 30 * minute - world.clock.now());
    const now = world.clock.now();
    await world.engine.record([
      { type: 'run.gap', frame: 0, data: { from: killed, to: now, kind: 'killed' } },
      { type: 'run.resumed', frame: 0, data: { pid: 1, terminal: null, mode: 'screen' } },
    ]);
    const told = await world.engine.backfilled();
    expect(told.map(({ type }) => type)).toEqual(['gap.backfilled', 'criterion.breached', 'criterion.recovered']);
    const lines = toldLines(world.view.session, told).map(({ text: line }) => String(line));
    expect(lines[0]).toMatch(
      /^BREACHED p95: 900 ms, limit 400 ms {2}\d\d:\d\d:\d\d UTC, told by the metrics afterwards$/,
    );
    expect(lines[1]).toBe('read from the metrics afterwards: p95');
    expect(world.view.session.criteria[0]?.status).toBe('recovered');
  });
});
