import { describe, expect, test } from 'vitest';
import { emptyWatch, status } from './support/scripted-api.ts';
import { until } from './support/until.ts';
import { live, names, openApi, rowOf, Watched } from './support/world.ts';

describe('the list', () => {
  test('comes in pages, whose rows are shown as they arrive', async () => {
    const { api, watched } = await live(1_203);
    expect(watched.pages).toEqual([500, 500, 203]);
    expect(watched.lists).toEqual([1_203]);
    expect(watched.healths[0]).toMatchObject({ state: 'loading', freshAt: null, tries: 0, because: null });
    const [first] = api.seen;
    expect(first?.url.searchParams.get('labelSelector')).toBe('app=checkout');
  });

  test('is asked for in smaller pages where the objects are large', async () => {
    const api = await openApi();
    api.put('pod-1');
    api.script('list', (response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const piece = ' '.repeat(1024 * 1024);
      let left = 34;
      const more = (): void => {
        for (; left > 0 && !response.destroyed; left--) if (!response.write(piece)) return;
      };
      response.on('drain', more);
      more();
    });
    const watched = new Watched(api);
    await watched.reaches('live');
    expect(
      api.seen.filter(({ question }) => question === 'list').map(({ url }) => url.searchParams.get('limit')),
    ).toEqual(['500', '100']);
  });

  test('is not begun again for a page that was throttled', async () => {
    const api = await openApi();
    for (let i = 1; i <= 700; i++) api.put(`pod-${i}`);
    api.script('list', status(429, 'slow down', { 'retry-after': '7' }));
    const watched = new Watched(api);
    await watched.reaches('error');
    expect(watched.health.because).toBe('the API server is throttling');
    watched.clock.advance(6_900);
    expect(api.count('list')).toBe(1);
    watched.clock.advance(100);
    await watched.reaches('live');
    expect(api.count('list')).toBe(3);
  });

  test('leaves out what does not belong', async () => {
    const api = await openApi();
    api.put('pod-1');
    api.put('pod-2');
    const watched = new Watched(api, (object) => {
      const row = rowOf(object);
      return row.uid === 'uid-pod-1' ? null : row;
    });
    await watched.reaches('live');
    expect(names(watched)).toEqual(['uid-pod-2']);
  });
});

describe('the watch', () => {
  test('begins at the version of the list, with bookmarks and a bounded time', async () => {
    const { api } = await live();
    const asked = api.seen.find(({ question }) => question === 'watch');
    expect(Object.fromEntries(asked?.url.searchParams ?? [])).toEqual({
      labelSelector: 'app=checkout',
      watch: '1',
      allowWatchBookmarks: 'true',
      resourceVersion: '103',
      timeoutSeconds: '450',
    });
  });

  test('shows what is added, changed and deleted', async () => {
    const { api, watched } = await live();
    api.put('pod-4');
    api.remove('uid-pod-1');
    const { metadata } = api.put('pod-2');
    await until('the change', () => watched.rows.get('uid-pod-2') === metadata.resourceVersion);
    expect(names(watched)).toEqual(['uid-pod-2', 'uid-pod-3', 'uid-pod-4']);
  });

  test('takes the newest version of an object, and does not bring back one that is gone', async () => {
    const { api, watched } = await live();
    const event = (type: string, name: string, resourceVersion: string): void =>
      api.say(JSON.stringify({ type, object: { metadata: { name, uid: `uid-${name}`, resourceVersion } } }));
    event('MODIFIED', 'pod-1', '900');
    event('MODIFIED', 'pod-1', '899');
    event('MODIFIED', 'pod-1', '900');
    event('DELETED', 'pod-2', '901');
    event('MODIFIED', 'pod-2', '898');
    event('ADDED', 'pod-9', '1000');
    await until('the last event', () => watched.rows.has('uid-pod-9'));
    expect(Object.fromEntries(watched.rows)).toEqual({ 'uid-pod-1': '900', 'uid-pod-3': '103', 'uid-pod-9': '1000' });
  });

  test('shows an object that was deleted and made again as another', async () => {
    const { api, watched } = await live(1);
    api.remove('uid-pod-1');
    api.put('pod-1', 'uid-second');
    await until('the second', () => watched.rows.has('uid-second'));
    expect(names(watched)).toEqual(['uid-second']);
  });

  test('goes on at once from the last version when the server ends it', async () => {
    const { api, watched } = await live();
    api.put('pod-4');
    await until('pod 4', () => watched.rows.size === 4);
    api.endWatches();
    await until('the next watch', () => api.count('watch') === 2);
    expect(api.seen.at(-1)?.url.searchParams.get('resourceVersion')).toBe('104');
    expect(api.count('list')).toBe(1);
    expect(watched.health.state).toBe('live');
  });

  test('takes its version from bookmarks', async () => {
    const { api, watched } = await live();
    api.compact();
    api.bookmark();
    const before = watched.healths.length;
    watched.clock.advance(1_000);
    api.bookmark();
    await until('a sign of life', () => watched.healths.length > before);
    api.endWatches();
    await until('the next watch', () => api.count('watch') === 2);
    expect(api.seen.at(-1)?.url.searchParams.get('resourceVersion')).toBe('104');
  });

  test('lists again after two watches that end at once without a word, and not in a tight circle', async () => {
    const api = await openApi();
    api.put('pod-1');
    api.script('watch', emptyWatch, 6);
    const watched = new Watched(api);
    await until('three empty rounds', () => api.count('watch') === 4);
    await watched.reaches('reconnecting');
    expect({ lists: api.count('list'), watches: api.count('watch') }).toEqual({ lists: 2, watches: 4 });
    watched.clock.advance(800);
    await until('the third list', () => api.count('list') === 3);
  });
});

describe('a version that is too old', () => {
  test.each(['as an event', 'as a status'])(
    '%s: everything is listed again, and the old rows stay meanwhile',
    async (how) => {
      const { api, watched } = await live();
      let seenDuring = -1;
      api.script('list', (response) => {
        seenDuring = watched.rows.size;
        response.writeHead(200, { 'content-type': 'application/json' });
        const items = [{ metadata: { name: 'pod-3', uid: 'uid-pod-3', resourceVersion: '103' } }];
        response.end(JSON.stringify({ kind: 'PodList', metadata: { resourceVersion: '200' }, items }));
      });
      api.compact(['uid-pod-1', 'uid-pod-2']);
      if (how === 'as a status') api.script('watch', status(410, 'too old resource version'));
      api.endWatches();
      await until('the second list', () => watched.lists.length === 2);
      expect({ seenDuring, rows: names(watched) }).toEqual({ seenDuring: 3, rows: ['uid-pod-3'] });
      expect(new Set(watched.healths.map(({ state }) => state))).toEqual(new Set(['loading', 'live']));
    },
  );
});

describe('the end', () => {
  test('leaves no timer, no connection and no word behind', async () => {
    const { api, watched } = await live();
    watched.watch.stop();
    await until('the watch to be closed', () => api.watches.size === 0);
    await until('no timer', () => watched.clock.open === 0);
    const told = watched.healths.length;
    api.put('pod-9');
    watched.clock.advance(300_000);
    expect({ rows: watched.rows.size, told: watched.healths.length }).toEqual({ rows: 3, told });
  });

  test('may come in the middle of a wait', async () => {
    const api = await openApi();
    api.script('list', status(403));
    const watched = new Watched(api);
    await watched.reaches('denied');
    watched.watch.stop();
    await until('no timer', () => watched.clock.open === 0);
    expect(api.count('list')).toBe(1);
  });

  test('of the connection ends the watch, too', async () => {
    const { watched } = await live();
    await watched.connection.close();
    await until('no timer', () => watched.clock.open === 0);
  });
});
