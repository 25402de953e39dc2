import { afterEach, describe, expect, test } from 'vitest';
import { mainAction } from '../../src/session/select.ts';
import { empty, MetricsDouble, refused, value } from './metrics-double.ts';
import { World } from './world.ts';

const errors = 'sum(rate(errors[1m])) / sum(rate(requests[1m]))';

const runbook = (body: string, head = ''): string =>
  [
    '---',
    'gonogo: 1',
    'metrics:',
    `  error-rate: { title: Error rate, query: '${errors}', unit: ratio, worse: higher }`,
    head,
    '---',
    '# Deploy',
    '',
    '- [ ] Healthy',
    '  ```gate',
    ...body.split('\n').map((line) => `  ${line}`),
    '  ```',
    '# Afterwards',
    '',
    '- [ ] Announced',
    '',
  ].join('\n');

let world: World;
let metrics: MetricsDouble;
afterEach(() => world?.close());

const open = async (text: string, answers: ConstructorParameters<typeof MetricsDouble>[1] = {}): Promise<void> => {
  world = await World.open(text, {
    metrics: (clock) => {
      metrics = new MetricsDouble(clock.now, answers);
      return metrics;
    },
  });
};
const main = () => mainAction(world.view.session, world.clock.now());
const metric = () => world.view.metrics[0];
const eventsOf = (type: string) => world.recorded.filter((event) => event.type === type);

describe('a gate on a metric', () => {
  test('passes on a live value below its limit', async () => {
    await open(runbook('error-rate: <= 1%'), { [errors]: value(0.002) });
    await world.passes(4);
    expect(world.status('0.1')).toBe('passed');
  });

  test('is judged once by each answer, and asked every 15 s', async () => {
    await open(runbook('error-rate: <= 1%\nfor: 10m'), { [errors]: value(0.002) });
    await world.passes(62);
    expect(metrics.asked).toHaveLength(5);
    const samples = eventsOf('gate.sampled');
    expect(samples.length).toBeLessThanOrEqual(5);
    expect(samples[0]?.data).toMatchObject({ samples: [{ sample: { kind: 'GOOD', figures: { value: 0.002 } } }] });
  });

  test('is BLIND after three errors, 5 s apart, and never passes on the value before them', async () => {
    await open(runbook('error-rate: <= 1%\nfor: 2m'), { [errors]: value(0.002) });
    await world.passes(20);
    metrics.answers.set(errors, refused);
    await world.passes(26);
    expect(main()).toMatchObject({ stage: 'blind', because: expect.stringContaining('connection refused') });
    await world.passes(200);
    expect(world.status('0.1')).toBe('active');
    expect(metric()).toMatchObject({ state: 'error', because: 'connection refused', value: 0.002 });
  });

  test('is BLIND and says what to name when there is no metrics server', async () => {
    world = await World.open(runbook('error-rate: <= 1%'));
    await world.passes(120);
    expect(main()).toMatchObject({ stage: 'blind', because: expect.stringContaining('--prometheus') });
  });
});

describe('the panel of a metric', () => {
  const plain = runbook('http: https://checkout.example.com/health');

  test('goes from LOADING to LIVE, to STALE without an answer, and is LIVE again', async () => {
    await open(plain, { [errors]: value(0.002) });
    metrics.holds = true;
    await world.passes(2);
    expect(metric()).toMatchObject({ state: 'loading', value: null, at: null });
    metrics.holds = false;
    // What was asked before hangs on; a gap asks anew.
    world.clock.sleep(6_000);
    await world.passes(3);
    expect(metric()).toMatchObject({ state: 'live', value: 0.002, ageMs: 5_000 });
    metrics.holds = true;
    await world.passes(62);
    expect(metric()).toMatchObject({ state: 'stale', because: expect.stringMatching(/^no answer for 1 min/) });
    expect(metric()?.value).toBe(0.002);
  });

  test('says what there is instead of a number', async () => {
    await open(plain, { [errors]: empty });
    await world.passes(2);
    expect(metric()).toMatchObject({ state: 'no-data', because: 'no series', value: null });
    metrics.answers.set(errors, { kind: 'fault', because: 'no answer 5 s', late: true });
    await world.passes(16);
    expect(metric()).toMatchObject({ state: 'stale', because: 'no answer 5 s' });
    metrics.answers.set(errors, value(0.1));
    metrics.change = { warnings: ['1 of 2 stores did not answer'] };
    await world.passes(6);
    expect(metric()).toMatchObject({ state: 'partial', because: '1 of 2 stores did not answer', value: 0.1 });
    metrics.change = { age: { kind: 'known', ms: 130_000 } };
    await world.passes(16);
    expect(metric()).toMatchObject({ state: 'stale', because: expect.stringMatching(/^data 2 min \d+ s old$/) });
    metrics.change = {};
    metrics.skew = 42;
    await world.passes(16);
    expect(metric()).toMatchObject({ state: 'live', skewSeconds: 42 });
  });

  test('begins with the half hour before the run and goes on', async () => {
    await open(plain, { [errors]: value(0.004) });
    metrics.past = () => Array.from({ length: 121 }, () => 0.003);
    await world.passes(32);
    const history = metric()?.history ?? [];
    expect(metrics.ranges).toHaveLength(1);
    expect(history[0]?.value).toBe(0.003);
    expect(history.at(-1)?.value).toBe(0.004);
    expect(history.length).toBeGreaterThan(121);
    expect(history.every(({ at }, index) => index === 0 || at > (history[index - 1]?.at ?? 0))).toBe(true);
  });

  test('begins so for every metric, one after the other', async () => {
    const more = ['p50', 'p95', 'p99'].map(
      (name) => `  ${name}: { title: ${name}, query: ${name}, unit: seconds, worse: higher }`,
    );
    await open(runbook('http: https://checkout.example.com/health', more.join('\n')), { [errors]: value(0.004) });
    metrics.past = () => Array.from({ length: 121 }, () => 0.003);
    await world.passes(6);
    expect(metrics.ranges.map(({ query }) => query)).toEqual([errors, 'p50', 'p95', 'p99']);
    for (const { history } of world.view.metrics) expect(history.length).toBeGreaterThanOrEqual(121);
  });

  test('is recorded each minute, and when somebody decides', async () => {
    await open(plain, { [errors]: value(0.002) });
    await world.passes(130);
    expect(eventsOf('metric.sampled')).toHaveLength(3);
    expect(eventsOf('metric.sampled')[0]?.data).toMatchObject({
      metrics: [{ metric: 'error-rate', value: 0.002, ageMs: 5_000 }],
    });
    await world.passes(20);
    expect(await world.does({ type: 'end', reason: 'enough for today' })).toBe(true);
    expect(eventsOf('metric.sampled')).toHaveLength(4);
    expect(eventsOf('evidence.captured')[0]?.data).toMatchObject({
      panels: [{ title: 'Error rate', text: expect.stringMatching(/^0\.2 %, data \d+ s old/) }],
    });
  });
});
