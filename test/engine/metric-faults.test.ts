import { afterEach, describe, expect, test } from 'vitest';
import { acknowledgeable } from '../../src/session/acknowledge-view.ts';
import type { Recorded } from '../../src/session/events.ts';
import { mainAction } from '../../src/session/select.ts';
import { MetricsDouble, refused, value } from './metrics-double.ts';
import { World, webAnswer } from './world.ts';

const errors = '(sum(rate(errors[1m])) or vector(0)) / sum(rate(requests[1m]))';

const gate = (title: string): string =>
  [
    `- [ ] ${title}`,
    '  ```gate',
    '  error-rate: <= 1%',
    '  http: https://checkout.example.com/health',
    '  else: [http]',
    '  ```',
  ].join('\n');

const hotfix = `---
gonogo: 1
kind: hotfix
metrics:
  error-rate: { title: Error rate, query: '${errors}', unit: ratio, worse: higher }
rollback:
  when:
    - error-rate: > 5%
---
# Fix

${gate('Healthy')}

# Confirm

${gate('Still healthy')}

# Close

- [ ] Told everybody
`;

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
  world.answer = async () => webAnswer();
};
const main = () => mainAction(world.view.session, world.clock.now());
const eventsOf = (type: string): readonly Recorded[] => world.recorded.filter((event) => event.type === type);

/** Seconds until something is true; at most so many. */
const secondsUntil = async (isTrue: () => boolean, most: number): Promise<number> => {
  for (let seconds = 0; seconds <= most; seconds += 1) {
    if (isTrue()) return seconds;
    await world.passes(1);
  }
  throw new Error(`not within ${most} s`);
};
const isBlind = (): boolean => {
  const action = main();
  return action.kind === 'gate' && action.stage === 'blind';
};

describe('a metrics server that dies during a hotfix', () => {
  test.each([
    ['refuses', refused],
    ['is a black hole', { kind: 'fault', because: 'no answer 5 s', late: true } as const],
  ])('costs one acknowledgement and at most 30 s in all when it %s', async (_, fault) => {
    await open(hotfix, { [errors]: fault });
    const waited = await secondsUntil(isBlind, 30);
    const [dead] = acknowledgeable(world.view.session, world.clock.now());
    expect(dead).toMatchObject({ kind: 'source', source: 'metrics' });
    expect(await world.does({ type: 'acknowledge-source', source: 'metrics', reason: 'known, INC-4711' })).toBe(true);
    const more = await secondsUntil(() => world.status('0.1') === 'passed' && world.status('1.1') === 'passed', 30);
    expect(waited + more).toBeLessThanOrEqual(30);
    expect(eventsOf('source.acknowledged')).toHaveLength(1);
    expect(main()).not.toMatchObject({ kind: 'gate' });
    // Nobody takes it for an answer of the metric.
    const samples = eventsOf('gate.sampled').flatMap((event) =>
      event.type === 'gate.sampled' ? event.data.samples : [],
    );
    expect(samples.filter(({ check, sample }) => check === 0 && sample.kind !== 'ERROR')).toEqual([]);
  });

  test('is asked again, and what it says then counts', async () => {
    await open(hotfix, { [errors]: refused });
    await secondsUntil(isBlind, 30);
    await world.does({ type: 'acknowledge-source', source: 'metrics', reason: 'known, INC-4711' });
    metrics.answers.set(errors, value(0.12));
    await world.passes(60);
    expect(world.view.session.acknowledged).toEqual([]);
    expect(world.view.metrics[0]).toMatchObject({ state: 'live', value: 0.12 });
  });

  test('holds nothing else up: what is asked of it hangs beside the run', async () => {
    await open(hotfix);
    metrics.holds = true;
    await world.passes(30);
    expect(await world.does({ type: 'note', step: null, text: 'Prometheus hangs' })).toBe(true);
    expect(world.types()).toContain('note.added');
    await world.close();
    expect(metrics.open.length).toBeGreaterThan(0);
    expect(metrics.open.every(({ signal }) => signal.aborted)).toBe(true);
  });
});

describe('a target that is not scraped any more', () => {
  test('is BLIND with the age of its data within two minutes, and its old value passes nothing', async () => {
    await open(hotfix.replaceAll('  else: [http]\n', '  for: 10m\n'), { [errors]: value(0.002) });
    await world.passes(20);
    const died = world.clock.now();
    metrics.answers.set(errors, () => {
      metrics.change = { age: { kind: 'known', ms: world.clock.now() - died } };
      return value(0.002);
    });
    const blindAfter = await secondsUntil(isBlind, 120);
    expect(blindAfter).toBeGreaterThan(85);
    expect(main()).toMatchObject({ because: expect.stringMatching(/data .* old/) });
    await world.passes(900);
    expect(world.status('0.1')).toBe('active');
    const late = eventsOf('gate.sampled').flatMap((event) =>
      event.type === 'gate.sampled'
        ? event.data.samples.filter(({ check, sample }) => check === 0 && sample.at > died + 90_000)
        : [],
    );
    expect(late.length).toBeGreaterThan(3);
    expect(late.filter(({ sample }) => sample.kind !== 'NO-DATA')).toEqual([]);
  });
});
