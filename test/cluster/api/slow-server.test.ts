import { expect, test } from 'vitest';
import { until } from './support/until.ts';
import { live } from './support/world.ts';

type World = Awaited<ReturnType<typeof live>>;

/** Lists and probes take so long from now on. */
const answersIn = (ms: number, { api, watched }: World): void => {
  for (const question of ['list', 'probe'] as const)
    api.slow(question, (answer) => {
      watched.clock.after(ms, answer);
    });
};

const passes = ({ watched }: World, what: string, holds: () => boolean): Promise<void> =>
  until(what, () => {
    watched.clock.advance(100);
    return holds();
  });

test('a server that has become slow after the first list is waited for, and live again', async () => {
  const world = await live();
  const { api, watched } = world;
  const before = watched.health.provenAt ?? 0;
  answersIn(6_000, world);
  await passes(world, 'a probe in vain', () => watched.health.because === 'no answer 5 s');
  await passes(world, 'live', () => watched.health.state === 'live');
  expect(watched.health.provenAt).toBeGreaterThan(before);
  expect(api.count('list')).toBe(1);
});

test('a slow answer about one of many rows does not end the stream again and again', async () => {
  const world = await live(450);
  const { api, watched } = world;
  api.bookmark();
  const { freshAt } = watched.health;
  watched.clock.advance(1_000);
  api.bookmark();
  await until('the bookmark', () => watched.health.freshAt !== freshAt);
  answersIn(6_000, world);
  await passes(world, 'a probe in vain', () => watched.health.because === 'no answer 5 s');
  await passes(world, 'live', () => watched.health.state === 'live');
  const watches = api.count('watch');
  api.bookmark();
  watched.clock.advance(1_000);
  api.bookmark();
  const probes = api.count('probe');
  await passes(world, 'the next probe', () => api.count('probe') > probes);
  const asked = watched.clock.now();
  await passes(world, 'its answer', () => (watched.health.freshAt ?? 0) > asked);
  expect({ state: watched.health.state, watches: api.count('watch') }).toEqual({ state: 'live', watches });
});

test('no answer is waited for longer than 30 s', async () => {
  const world = await live();
  answersIn(90_000, world);
  const limits = new Set<string>();
  await passes(world, 'the longest', () => {
    const { because } = world.watched.health;
    if (because !== null) limits.add(because);
    return because === 'no answer 30 s';
  });
  expect([...limits].filter((words) => /^no answer \d+ s$/.test(words))).toContain('no answer 20 s');
  const { tries } = world.watched.health;
  await passes(world, 'once more', () => world.watched.health.tries > tries);
  expect(world.watched.health.because).toBe('no answer 30 s');
});
