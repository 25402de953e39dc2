import { describe, expect, test } from 'vitest';
import { blackHole, emptyWatch, muteWatch, status } from './support/scripted-api.ts';
import { until } from './support/until.ts';
import { muteWords } from './support/watch-contract.ts';
import { live, names, openApi, Watched } from './support/world.ts';

type World = Awaited<ReturnType<typeof live>>;

/** Lets time pass until it is so. */
const passes = ({ watched }: World, what: string, holds: () => boolean): Promise<void> =>
  until(what, () => {
    watched.clock.advance(50);
    return holds();
  });

/** The probe's answer has come, and the rows are its. */
const proven = async ({ watched }: World): Promise<void> => {
  await until('a proof', () => watched.health.provenAt === watched.clock.now());
};

describe('a stream that is open and delivers nothing', () => {
  test('is not live once lists show what it did not tell, and its rows are those of lists', async () => {
    const world = await live();
    const { api, watched } = world;
    api.silence(true);
    api.put('pod-4');
    await passes(world, 'pod 4', () => watched.rows.size === 4);
    await passes(world, 'its words', () => watched.health.because === muteWords);
    expect(watched.health).toMatchObject({ state: 'reconnecting', tries: 1 });

    const listed = watched.clock.now();
    api.remove('uid-pod-1');
    await passes(world, 'pod 1 to go', () => !watched.rows.has('uid-pod-1'));
    const seconds = (watched.clock.now() - listed) / 1_000;
    expect(seconds).toBeGreaterThan(15);
    expect(seconds).toBeLessThan(30);
    expect(watched.health).toMatchObject({ state: 'reconnecting', tries: 1, because: muteWords });

    api.silence(false);
    await until('a bookmark', () => {
      api.bookmark();
      return watched.health.state === 'live';
    });
    expect(watched.health).toMatchObject({ tries: 0, because: null });
  });

  test('keeps its words when the server fails in between', async () => {
    const world = await live();
    const { api, watched } = world;
    api.silence(true);
    api.put('pod-4');
    api.script('list', status(503, 'etcd is down'));
    await passes(world, 'the failure', () => watched.health.because?.includes('etcd is down') === true);
    await passes(world, 'pod 4', () => watched.rows.size === 4);
    await passes(world, 'its words', () => watched.health.because === muteWords);
    expect(watched.health).toMatchObject({ state: 'reconnecting', tries: 1 });
  });

  test('is believed when it tells a moment later what a list knows', async () => {
    const world = await live();
    const { api, watched } = world;
    const [[stream, selector] = []] = api.watches;
    api.watches.clear();
    const late = api.put('pod-4');
    watched.clock.advance(20_000);
    await until('the probe', () => api.count('probe') === 1);
    if (stream === undefined || selector === undefined) throw new Error('no watch is open');
    api.watches.set(stream, selector);
    api.say(JSON.stringify({ type: 'ADDED', object: late }));
    await until('pod 4', () => watched.rows.size === 4);
    const before = watched.health.provenAt ?? 0;
    await passes(world, 'a proof', () => (watched.health.provenAt ?? 0) > before);
    expect({ state: watched.health.state, lists: api.count('list') }).toEqual({ state: 'live', lists: 1 });
  });

  test('is not live when it was opened after a fault, before the server has said that the rows are its own', async () => {
    const { api, watched } = await live();
    api.script('watch', status(503, 'etcd is down'));
    api.script('watch', muteWatch);
    api.script('probe', blackHole);
    api.endWatches('cut');
    await until('the second failure', () => {
      watched.clock.advance(100);
      return watched.health.tries === 2;
    });
    await until('the probe', () => {
      watched.clock.advance(100);
      return api.count('probe') === 1;
    });
    expect(watched.health.state).toBe('reconnecting');
  });

  test('by being closed at once, again and again, is not live', async () => {
    const api = await openApi();
    api.put('pod-1');
    api.script('watch', emptyWatch, 6);
    const watched = new Watched(api);
    await until('three empty rounds', () => api.count('watch') === 4);
    await watched.reaches('reconnecting');
    expect(watched.health.because).toBe(muteWords);
  });
});

describe('a proof', () => {
  test('is asked for when its time has come, once, beside the stream', async () => {
    const world = await live();
    const { api, watched } = world;
    const from = watched.clock.now() + 2_000;
    watched.watch.proveSince(from);
    watched.clock.advance(1_900);
    expect(api.count('probe')).toBe(0);
    expect(watched.health.provenAt).toBeLessThan(from);
    watched.clock.advance(100);
    await proven(world);
    watched.watch.proveSince(from);
    watched.clock.advance(10_000);
    expect(watched.health).toMatchObject({ state: 'live', provenAt: from });
    expect({ probes: api.count('probe'), lists: api.count('list'), watches: api.count('watch') }).toEqual({
      probes: 1,
      lists: 1,
      watches: 1,
    });
  });

  test('is not what a stream tells, however new it is', async () => {
    const { api, watched } = await live();
    const from = watched.clock.now() + 1_000;
    api.script('probe', blackHole);
    watched.watch.proveSince(from);
    watched.clock.advance(1_000);
    api.put('pod-4');
    api.bookmark();
    await until('pod 4', () => watched.rows.size === 4);
    expect(watched.health.freshAt).toBe(watched.clock.now());
    expect(watched.health.provenAt).toBeLessThan(from);
  });

  test('of a stream that delivers nothing is a new list', async () => {
    const world = await live();
    const { api, watched } = world;
    api.silence(true);
    api.remove('uid-pod-2');
    const from = watched.clock.now() + 1_000;
    watched.watch.proveSince(from);
    await passes(world, 'a proof', () => (watched.health.provenAt ?? 0) >= from);
    expect(names(watched)).toEqual(['uid-pod-1', 'uid-pod-3']);
  });

  test('is no more when the machine may have slept', async () => {
    const { watched } = await live();
    watched.watch.doubt();
    expect(watched.health.provenAt).toBeNull();
    await watched.reaches('live');
    expect(watched.health.provenAt).toBe(watched.clock.now());
  });
});

describe('many rows', () => {
  test('are more than 50: so few are always read whole', async () => {
    const world = await live(50);
    const { api, watched } = world;
    api.bookmark();
    watched.clock.advance(1_000);
    api.bookmark();
    await until('the bookmark', () => watched.health.freshAt === watched.clock.now());
    watched.clock.advance(20_000);
    await proven(world);
    expect(api.seen.at(-1)?.url.searchParams.get('fieldSelector')).toBeNull();
  });

  test.each([
    [450, 3],
    [51, 1],
  ])(
    '(%i) are read whole beside a stream that has said nothing, and one of them beside one that speaks',
    async (rows, pages) => {
      const world = await live(rows);
      const { api, watched } = world;
      watched.clock.advance(20_000);
      await proven(world);
      expect(api.seen.filter(({ question }) => question === 'probe')).toHaveLength(pages);
      api.bookmark();
      watched.clock.advance(1_000);
      api.bookmark();
      await until('the bookmark', () => watched.health.freshAt === watched.clock.now());
      const { provenAt } = watched.health;
      watched.clock.advance(20_000);
      await until('the answer', () => watched.health.freshAt === watched.clock.now());
      expect(api.seen.at(-1)?.url.searchParams.get('fieldSelector')).toBe(`metadata.name=pod-${rows}`);
      expect(watched.health).toMatchObject({ state: 'live', provenAt });
      expect({ lists: api.count('list'), watches: api.count('watch') }).toEqual({ lists: 1, watches: 1 });
    },
  );
});

test('pages of a list that does not come to its end keep nothing fresh', async () => {
  const { api, watched } = await live(700);
  const { freshAt } = watched.health;
  api.compact();
  for (let tries = 0; tries < 2; tries += 1) {
    api.script('list', (response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const items = [{ metadata: { name: 'pod-1', uid: 'uid-pod-1', resourceVersion: '101' } }];
      response.end(JSON.stringify({ metadata: { resourceVersion: '900', continue: 'more' }, items }));
    });
    api.script('list', status(503, 'etcd is down'));
  }
  api.endWatches();
  await until('a failure', () => watched.health.tries > 0);
  watched.clock.advance(800);
  await until('another failure', () => watched.health.tries > 1);
  expect(watched.health).toMatchObject({ state: 'reconnecting', freshAt });
});
