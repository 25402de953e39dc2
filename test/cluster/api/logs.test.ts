import { describe, expect, onTestFinished, test } from 'vitest';
import { countLogs, groupText } from '../../../src/cluster/api/count-logs.ts';
import { followLogs } from '../../../src/cluster/api/logs.ts';
import { type SeenPod, seenPod } from '../../../src/cluster/facts/seen-pod.ts';
import type { LogRequest } from '../../../src/ports/cluster.ts';
import type { Reply } from '../../support/watched-objects.ts';
import { type ScriptedApi, status } from './support/scripted-api.ts';
import { until } from './support/until.ts';
import { connectTo, endpointOf, openApi } from './support/world.ts';

const lines =
  (...texts: readonly string[]): Reply =>
  (response) => {
    response.writeHead(200, { 'content-type': 'text/plain' });
    response.end(texts.map((text) => `${text}\n`).join(''));
  };

const toLogs = async () => {
  const api = await openApi();
  const { connection } = connectTo(endpointOf(`http://127.0.0.1:${api.port}`));
  const follow = (changes: Partial<LogRequest> = {}) => {
    const got: string[] = [];
    const ends: (string | null)[] = [];
    const request = {
      namespace: 'shop',
      pod: 'checkout-1',
      container: 'app',
      previous: false,
      tailLines: 100,
      follow: true,
    };
    const stop = followLogs(
      connection,
      { ...request, ...changes },
      { line: (text) => got.push(text), end: (because) => ends.push(because) },
    );
    onTestFinished(stop);
    return { got, ends, stop };
  };
  return { api, connection, follow };
};

describe('a log that is followed', () => {
  test('arrives line by line, from its last lines on', async () => {
    const { api, follow } = await toLogs();
    let more = (_: string): void => {};
    api.script('other', (response) => {
      response.writeHead(200, { 'content-type': 'text/plain' });
      response.write('one\r\ntw');
      more = (text) => response.end(text);
    });
    const { got, ends } = follow();
    await until('the first line', () => got.length === 1);
    more('o\nthree');
    await until('the end', () => ends.length === 1);
    expect({ got, ends }).toEqual({ got: ['one', 'two', 'three'], ends: [null] });
    expect(api.seen[0]?.url.pathname).toBe('/api/v1/namespaces/shop/pods/checkout-1/log');
    expect(api.seen[0]?.url.search).toBe('?container=app&tailLines=100&follow=true');
  });

  test('of the container before is read to its end', async () => {
    const { api, follow } = await toLogs();
    api.script('other', lines('panic: out of memory'));
    const { got, ends } = follow({ previous: true, container: null });
    await until('the end', () => ends.length === 1);
    expect({ got, search: api.seen[0]?.url.search }).toEqual({
      got: ['panic: out of memory'],
      search: '?previous=true&tailLines=100',
    });
  });

  test('has bounded lines', async () => {
    const { api, follow } = await toLogs();
    api.script('other', lines('x'.repeat(20_000), 'next'));
    const { got, ends } = follow();
    await until('the end', () => ends.length === 1);
    expect(got).toEqual([`${'x'.repeat(16_384)}… (3616 bytes more)`, 'next']);
  });

  test('says why it cannot be read', async () => {
    const { api, follow } = await toLogs();
    api.script('other', status(403));
    const denied = follow();
    await until('the end', () => denied.ends.length === 1);
    api.script('other', status(400, 'container "app" in pod "checkout-1" is waiting to start: ImagePullBackOff'));
    const waiting = follow();
    await until('the other end', () => waiting.ends.length === 1);
    expect([denied.ends, waiting.ends]).toEqual([
      ['no permission (get pods/log)'],
      ['container "app" in pod "checkout-1" is waiting to start: ImagePullBackOff'],
    ]);
  });

  test('ends its connection when it is no longer wanted', async () => {
    const { api, follow } = await toLogs();
    let isClosed = false;
    api.script('other', (response) => {
      response.writeHead(200, { 'content-type': 'text/plain' });
      response.write('one\n');
      response.on('close', () => {
        isClosed = true;
      });
    });
    const { got, ends, stop } = follow();
    await until('the first line', () => got.length === 1);
    stop();
    await until('the connection to be closed', () => isClosed);
    expect(ends).toEqual([]);
  });
});

const since = Date.parse('2026-05-01T10:00:00.500Z');
const at = (seconds: number, text: string): string => `${new Date(since + seconds * 1000).toISOString()} ${text}`;

const podList = (api: ScriptedApi, pods: readonly object[], next = ''): void =>
  api.script('list', (response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ kind: 'PodList', metadata: { resourceVersion: '1', continue: next }, items: pods }));
  });

const pod = (name: string, status: object = {}, metadata: object = {}): object => ({
  metadata: { name, uid: `uid-${name}`, ...metadata },
  spec: {
    containers: [{ name: 'app' }],
    initContainers: [{ name: 'migrate' }, { name: 'proxy', restartPolicy: 'Always' }],
  },
  status,
});

describe('lines that are counted', () => {
  const request = { selector: 'app=checkout', since, pattern: { source: 'error', flags: 'i' }, provenFrom: null };

  test('are those since then that match, grouped by text with numbers removed', async () => {
    const { api, connection } = await toLogs();
    podList(api, [pod('checkout-1')]);
    api.script(
      'other',
      lines(
        at(-0.2, 'ERROR too early'),
        at(1, 'ERROR order 4711 took 3.2s'),
        at(2, 'fine'),
        at(3, 'error order 12 took 40s'),
      ),
    );
    api.script('other', lines(at(4, 'ERROR order 5 took 1s')));
    const count = await countLogs(connection, 'shop', request, new AbortController().signal);
    expect(count).toEqual({
      pods: 1,
      read: 1,
      cut: 0,
      lines: 4,
      matches: 3,
      groups: [
        { text: 'ERROR order # took #s', count: 2, pod: 'checkout-1' },
        { text: 'error order # took #s', count: 1, pod: 'checkout-1' },
      ],
      incomplete: null,
    });
    const logs = api.seen.slice(1).map(({ url }) => url.searchParams.get('container'));
    expect(logs.sort()).toEqual(['app', 'proxy']);
    expect(api.seen[1]?.url.searchParams.get('sinceTime')).toBe('2026-05-01T10:00:00Z');
  });

  test('are also those from before a restart', async () => {
    const { api, connection } = await toLogs();
    const terminated = { finishedAt: '2026-05-01T10:00:30Z' };
    podList(api, [pod('checkout-1', { containerStatuses: [{ name: 'app', lastState: { terminated } }] })]);
    api.script('other', lines(), 3);
    await countLogs(connection, 'shop', request, new AbortController().signal);
    const previous = api.seen.filter(({ url }) => url.searchParams.get('previous') === 'true');
    expect(previous.map(({ url }) => url.searchParams.get('container'))).toEqual(['app']);
  });

  test('say what could not be read', async () => {
    const { api, connection } = await toLogs();
    podList(api, [pod('checkout-1'), pod('checkout-2')]);
    api.script('other', status(403), 3);
    api.script('other', lines(at(1, 'error')));
    const count = await countLogs(connection, 'shop', request, new AbortController().signal);
    const incomplete = 'checkout-1: no permission (get pods/log) (and 2 more)';
    expect(count).toMatchObject({ matches: 1, incomplete });
  });

  test('of many pods are those of the worthiest 50: in trouble, then new, then young', async () => {
    const { api, connection } = await toLogs();
    const many = (from: number, to: number): object[] =>
      Array.from({ length: to - from }, (_, i) =>
        pod(`checkout-${from + i}`, {}, { creationTimestamp: new Date(since + (from + i) * 1000).toISOString() }),
      );
    const crashed = { name: 'app', restartCount: 4, state: { waiting: { reason: 'CrashLoopBackOff' } } };
    podList(api, [pod('checkout-sick', { containerStatuses: [crashed] }), ...many(0, 60)], 'more');
    podList(api, many(60, 90));
    api.script('other', lines(at(1, 'fine')), 100);
    const asked: string[] = [];
    const known = {
      of: () => null,
      tooMany: (selector: string) => void asked.push(selector),
      isNew: ({ name }: { readonly name: string }) => name === 'checkout-sick' || Number(name.slice(9)) < 30,
    };
    const count = await countLogs(connection, 'shop', request, new AbortController().signal, known);
    expect(count).toMatchObject({ pods: 91, read: 50, lines: 100, incomplete: null });
    const read = new Set(api.seen.flatMap(({ url }) => /pods\/([^/]+)\/log/.exec(url.pathname)?.[1] ?? []));
    const expected = ['sick', ...[...Array(30).keys()], ...Array.from({ length: 19 }, (_, i) => 71 + i)];
    expect([...read].sort()).toEqual(expected.map((name) => `checkout-${name}`).sort());
    expect(asked).toEqual(['app=checkout']);
  });

  test('of watched pods need no list', async () => {
    const { api, connection } = await toLogs();
    const row = seenPod(pod('checkout-1')) as SeenPod;
    api.script('other', lines(at(1, 'fine')), 2);
    const known = { of: () => ({ rows: [row], others: 9 }), tooMany: () => {}, isNew: () => null };
    const count = await countLogs(connection, 'shop', request, new AbortController().signal, known);
    expect(count).toMatchObject({ pods: 10, read: 1, lines: 2 });
    expect(api.seen.every(({ url }) => url.pathname.endsWith('/log'))).toBe(true);
  });

  test('of a log that is too long are its first 4 MiB and its last lines, none twice', async () => {
    const { api, connection } = await toLogs();
    podList(api, [{ ...pod('checkout-1'), spec: { containers: [{ name: 'app' }] } }]);
    api.script('other', lines(at(1, 'x'.repeat(4 * 1024 * 1024)), at(2, 'error early')));
    api.script('other', lines(at(2, 'error early'), at(9, 'error late')));
    const count = await countLogs(connection, 'shop', request, new AbortController().signal);
    expect(count).toMatchObject({ matches: 2, cut: 1, incomplete: null });
    expect(api.seen.at(-1)?.url.searchParams.get('tailLines')).toBe('2000');
  });

  test.each([
    ['that is there is not clean', 200, 'checkout-1: there is no log of it'],
    ['that is gone has none to read', 404, null],
  ])('a log that is not found of a pod %s', async (_, code, incomplete) => {
    const { api, connection } = await toLogs();
    podList(api, [{ ...pod('checkout-1'), spec: { containers: [{ name: 'app' }] } }]);
    api.script('other', status(404, 'the server could not find the requested resource'));
    api.script('other', code === 200 ? lines('{}') : status(404, 'pods "checkout-1" not found'));
    const count = await countLogs(connection, 'shop', request, new AbortController().signal);
    expect(count).toMatchObject({ lines: 0, incomplete });
  });

  test('of before a restart that are no longer kept are missing', async () => {
    const { api, connection } = await toLogs();
    const terminated = { finishedAt: '2026-05-01T10:00:30Z' };
    const restarted = { containerStatuses: [{ name: 'app', lastState: { terminated } }] };
    podList(api, [{ ...pod('checkout-1', restarted), spec: { containers: [{ name: 'app' }] } }]);
    api.script('other', status(400, 'previous terminated container "app" in pod "checkout-1" not found'));
    api.script('other', lines(at(1, 'fine')));
    const count = await countLogs(connection, 'shop', request, new AbortController().signal);
    expect(count.incomplete).toBe('checkout-1: what it wrote before its restart is no longer kept');
  });

  test('name the right that is missing', async () => {
    const { api, connection } = await toLogs();
    api.script('list', status(403, 'pods is forbidden: User "bob" cannot list resource "pods" in API group ""'));
    await expect(countLogs(connection, 'shop', request, new AbortController().signal)).rejects.toMatchObject({
      kind: 'forbidden',
      because: 'no permission (list pods)',
      nextStep: 'ask for the right to list and watch pods in shop',
    });
  });

  test('miss nothing in a container that has not started', async () => {
    const { api, connection } = await toLogs();
    podList(api, [pod('checkout-1')]);
    api.script('other', status(400, 'container "app" in pod "checkout-1" is waiting to start: ContainerCreating'), 2);
    const count = await countLogs(connection, 'shop', request, new AbortController().signal);
    expect(count).toMatchObject({ lines: 0, incomplete: null });
  });
});

test.each([
  ['took 31 ms at 10:04:11.250', 'took # ms at #'],
  ['request 7f9c24e5-2b1a-4a55-9d0e-1f2a3b4c5d6e failed', 'request # failed'],
  ['at 0x7ffe12 of deadbeef01', 'at # of #'],
  ['GET /orders/99 -> 503', 'GET /orders/# -> #'],
  ['decade of feedback', 'decade of feedback'],
])('%s is the text %s', (line, text) => {
  expect(groupText(line)).toBe(text);
});
