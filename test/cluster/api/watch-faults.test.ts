import { describe, expect, test } from 'vitest';
import { blackHole, reset, status } from './support/scripted-api.ts';
import { until } from './support/until.ts';
import { live, openApi, Watched } from './support/world.ts';

describe('a server that fails', () => {
  test('is asked again after 0.8 s, 1.6 s, 3.2 s …, and the tries are counted', async () => {
    const { api, watched } = await live();
    await api.refuse();
    await watched.reaches('reconnecting');
    for (const [tries, wait] of [
      [1, 800],
      [2, 1_600],
      [3, 3_200],
    ] as const) {
      await until(`try ${tries}`, () => watched.health.tries === tries);
      watched.clock.advance(wait - 1);
      expect(watched.health.tries).toBe(tries);
      watched.clock.advance(1);
    }
    await until('try 4', () => watched.health.tries === 4);
    expect(watched.health).toMatchObject({ because: `connection refused (127.0.0.1:${api.port})` });
    await api.accept();
    api.put('pod-4');
    watched.clock.advance(6_400);
    await until('what happened meanwhile', () => watched.rows.size === 4);
    expect(watched.health).toMatchObject({ state: 'live', tries: 0, because: null });
    expect(api.count('list')).toBe(1);
  });

  test('is STALE after 45 s, with its age, and catches up without a restart', async () => {
    const { api, watched } = await live();
    const { freshAt } = watched.health;
    await api.refuse();
    await watched.reaches('reconnecting');
    watched.clock.advance(44_900);
    expect(watched.health.state).toBe('reconnecting');
    watched.clock.advance(1_100);
    expect(watched.health).toMatchObject({ state: 'stale', freshAt });
    await until('the second failure', () => watched.health.tries === 2);
    await api.accept();
    watched.clock.advance(30_000);
    await watched.reaches('live');
  });

  test('is an error with its reason when it was never reached', async () => {
    const api = await openApi();
    await api.refuse();
    const watched = new Watched(api);
    await watched.reaches('error');
    expect(watched.health).toMatchObject({ freshAt: null, because: `connection refused (127.0.0.1:${api.port})` });
    await api.accept();
  });

  test.each([
    ['a reset', reset, /was cut/],
    ['a 503', status(503, 'etcd is down'), /server error 503: etcd is down/],
  ])('with %s keeps its version', async (_, reply, because) => {
    const { api, watched } = await live();
    api.script('watch', reply);
    api.endWatches('cut');
    await watched.reaches('reconnecting');
    watched.clock.advance(800);
    await until('the second try', () => watched.health.tries === 2);
    expect(watched.health.because).toMatch(because);
    watched.clock.advance(1_600);
    await watched.reaches('live');
    expect(api.count('list')).toBe(1);
  });

  test('that throttles a watch is asked when it wants to be, from the same version', async () => {
    const { api, watched } = await live();
    api.script('watch', status(429, 'slow down', { 'retry-after': '12' }));
    api.endWatches();
    await watched.reaches('reconnecting');
    watched.clock.advance(11_900);
    expect(api.count('watch')).toBe(2);
    watched.clock.advance(100);
    await watched.reaches('live');
    expect({ lists: api.count('list'), watches: api.count('watch') }).toEqual({ lists: 1, watches: 3 });
  });

  test('that ends an event half-way is not believed to have ended', async () => {
    const { api, watched } = await live();
    for (const watch of api.watches.keys()) watch.end('{"type":"MODIFIED","object":{"meta');
    await watched.reaches('reconnecting');
    expect(watched.health.because).toBe('the watch ended within an event');
  });

  test('that sends a list of something else is an error', async () => {
    const api = await openApi();
    api.script('list', (response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end('{"hello":"world"}');
    });
    const watched = new Watched(api);
    await watched.reaches('error');
    expect(watched.health.because).toBe('not a list of a Kubernetes API');
  });

  test('that was put back from a backup is listed again', async () => {
    const { api, watched } = await live();
    api.restore(50);
    watched.clock.advance(20_000);
    await until('the second list', () => watched.lists.length === 2);
    await watched.reaches('live');
  });
});

describe('a refusal', () => {
  test('403 names the permission, and is not asked again for 60 s', async () => {
    const api = await openApi();
    const said = 'pods is forbidden: User "eve" cannot list resource "pods" in API group "" in the namespace "shop"';
    api.script('list', status(403, said));
    const watched = new Watched(api);
    await watched.reaches('denied');
    expect(watched.health).toMatchObject({
      because: 'no permission (list pods)',
      nextStep: 'ask for the right to list and watch pods in shop',
    });
    watched.clock.advance(59_900);
    expect(api.count('list')).toBe(1);
    expect(watched.health.state).toBe('denied');
    watched.clock.advance(100);
    await watched.reaches('live');
  });

  test('401 takes one new credential without a word', async () => {
    const { api, watched } = await live();
    api.script('watch', status(401));
    api.endWatches();
    await until('the renewed watch', () => api.watches.size === 1);
    expect(watched.login.renewals).toBe(1);
    expect(watched.healths.some(({ state }) => state === 'login-expired')).toBe(false);
  });

  test('401 again is LOGIN EXPIRED with the command to run, asked again every 30 s', async () => {
    const { api, watched } = await live();
    watched.login.canRenew = false;
    api.script('watch', status(401), 2);
    api.endWatches();
    await watched.reaches('login-expired');
    expect(watched.health).toMatchObject({ because: 'LOGIN EXPIRED', nextStep: 'run aws sso login' });
    watched.clock.advance(30_000);
    await until('the second try', () => watched.health.tries === 2);
    watched.clock.advance(30_000);
    await watched.reaches('live');
    expect(watched.health).toMatchObject({ because: null, nextStep: null });
  });

  test('404 of the kind itself is not found', async () => {
    const api = await openApi();
    api.script('list', status(404, 'the server could not find the requested resource'));
    const watched = new Watched(api);
    await watched.reaches('not-found');
    watched.clock.advance(30_000);
    await watched.reaches('live');
  });
});

describe('silence', () => {
  test('of 20 s is answered with a probe, which keeps it live', async () => {
    const { api, watched } = await live();
    watched.clock.advance(19_000);
    expect(api.count('probe')).toBe(0);
    watched.clock.advance(1_000);
    await until('a sign of life', () => watched.health.freshAt === watched.clock.now());
    expect(api.count('probe')).toBe(1);
    expect(Object.fromEntries(api.seen.at(-1)?.url.searchParams ?? [])).toEqual({
      labelSelector: 'app=checkout',
      limit: '200',
    });
    watched.clock.advance(19_000);
    expect({ state: watched.health.state, probes: api.count('probe') }).toEqual({ state: 'live', probes: 1 });
  });

  test('with a probe that is not answered is STALE after 45 s', async () => {
    const { api, watched } = await live();
    api.script('probe', blackHole, 99);
    api.script('watch', blackHole, 99);
    watched.clock.advance(20_000);
    await until('the probe', () => api.count('probe') === 1);
    watched.clock.advance(5_000);
    await watched.reaches('reconnecting');
    expect(watched.health.because).toBe('no answer 5 s');
    watched.clock.advance(19_000);
    expect(watched.health.state).toBe('reconnecting');
    watched.clock.advance(1_000);
    await watched.reaches('stale');
    expect(watched.health.because).toMatch(/^no answer/);
  });

  test('of a stream that lost an event ends with the next probe: everything is listed again', async () => {
    const { api, watched } = await live(1);
    const [lost] = api.watches.keys();
    api.watches.clear();
    const { metadata } = api.put('pod-1');
    await until('the lost event', () => {
      watched.clock.advance(50);
      return watched.rows.get('uid-pod-1') === metadata.resourceVersion;
    });
    expect({ lists: api.count('list'), probes: api.count('probe') }).toEqual({ lists: 2, probes: 1 });
    lost?.end();
  });

  test('of a stream that misses its bookmarks opens it anew from where it stood', async () => {
    const { api, watched } = await live();
    for (let waited = 0; waited < 95; waited += 5) {
      watched.clock.advance(5_000);
      await until('no probe under way', () => watched.clock.now() - (watched.health.freshAt ?? 0) < 20_000);
    }
    await until('the second watch', () => api.count('watch') === 2);
    expect(api.count('list')).toBe(1);
    await watched.reaches('live');
  });
});

describe('a doubt', () => {
  test('is not live until the server has answered', async () => {
    const { api, watched } = await live();
    watched.watch.doubt();
    expect(watched.health.state).toBe('reconnecting');
    await watched.reaches('live');
    expect({ lists: api.count('list'), watches: api.count('watch') }).toEqual({ lists: 1, watches: 2 });
  });

  test('ends a wait', async () => {
    const api = await openApi();
    api.script('list', status(403));
    const watched = new Watched(api);
    await watched.reaches('denied');
    watched.watch.doubt();
    await watched.reaches('live');
  });

  test('arises by itself when the machine slept', async () => {
    const { api, watched } = await live();
    watched.clock.jump(3_600_000);
    watched.clock.advance(1_000);
    expect(watched.healths.some(({ state }) => state === 'stale')).toBe(true);
    await watched.reaches('live');
    expect(api.count('probe')).toBe(1);
  });
});
