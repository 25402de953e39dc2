import { afterEach, describe, expect, test } from 'vitest';
import { mainAction } from '../../src/session/select.ts';
import { MetricsDouble, refused, value } from './metrics-double.ts';
import { World, webAnswer } from './world.ts';

const errors = 'sum(rate(errors[1m])) / sum(rate(requests[1m]))';
const gate = [
  '  ```gate',
  '  error-rate: <= 1%',
  '  http: https://checkout.example.com/health',
  '  else: [http]',
  '  ```',
];
const text = [
  '---',
  'gonogo: 1',
  'metrics:',
  `  error-rate: { title: Error rate, query: '${errors}', unit: ratio, worse: higher }`,
  '---',
  '# First',
  '',
  '- [ ] Healthy',
  ...gate,
  '# Between',
  '',
  '- [ ] Looked at',
  '# Second',
  '',
  '- [ ] Still healthy',
  ...gate,
  '# Third',
  '',
  '- [ ] Announced',
  '',
].join('\n');

let world: World;
let metrics: MetricsDouble;
afterEach(() => world?.close());
const main = () => mainAction(world.view.session, world.clock.now());

/** The first gate has passed by its `else` check while the metrics server was away. */
const away = async (): Promise<void> => {
  world = await World.open(text, {
    metrics: (clock) => {
      metrics = new MetricsDouble(clock.now, { [errors]: refused });
      return metrics;
    },
  });
  world.answer = () => Promise.resolve(webAnswer());
  await world.passes(20);
  expect(main()).toMatchObject({ stage: 'blind' });
  expect(await world.does({ type: 'acknowledge-source', source: 'metrics', reason: 'known, INC-4711' })).toBe(true);
  await world.passes(12);
  expect(world.status('0.1')).toBe('passed');
};

describe('an acknowledged metrics server', () => {
  test('that answers again is what the next gate is judged by, not its else checks', async () => {
    await away();
    metrics.answers.set(errors, value(0.9));
    // It is slower than the health endpoint.
    metrics.holds = true;
    expect(await world.does({ type: 'pass', step: '1.1' })).toBe(true);
    await world.passes(4);
    expect(world.status('2.1')).toBe('active');
    expect(main()).toMatchObject({ stage: 'judging' });
    // What was asked before hangs on; a gap asks anew.
    metrics.holds = false;
    world.clock.sleep(6_000);
    await world.passes(30);
    expect(world.status('2.1')).toBe('attention');
    expect(main()).toMatchObject({ stage: 'failed', because: expect.stringContaining('90 %') });
  });

  test('that is still away leaves the next gate to its else checks within 10 s', async () => {
    await away();
    await world.does({ type: 'pass', step: '1.1' });
    await world.passes(10);
    expect(world.status('2.1')).toBe('passed');
    const verdicts = world.recorded.filter(({ type }) => type === 'gate.verdict');
    expect(verdicts.at(-1)?.data).toMatchObject({
      verdict: 'PASS',
      because: expect.stringContaining('metrics does not answer'),
    });
  });

  test('that has told every metric has to be acknowledged anew when it dies again', async () => {
    await away();
    metrics.answers.set(errors, value(0.001));
    await world.passes(70);
    expect(world.view.session.acknowledged).toEqual([]);
    metrics.answers.set(errors, refused);
    await world.passes(20);
    await world.does({ type: 'pass', step: '1.1' });
    await world.passes(30);
    expect(main()).toMatchObject({ stage: 'blind', because: expect.stringContaining('connection refused') });
    expect(world.status('2.1')).toBe('active');
  });
});
