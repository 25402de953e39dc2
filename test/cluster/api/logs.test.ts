import { describe, expect, onTestFinished, test } from 'vitest';
import { countLogs, groupText } from '../../../src/cluster/api/count-logs.ts';
import { followLogs } from '../../../src/cluster/api/logs.ts';
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

const pod = (name: string, status: object = {}): object => ({
  metadata: { name },
  spec: {
    containers: [{ name: 'app' }],
    initContainers: [{ name: 'migrate' }, { name: 'proxy', restartPolicy: 'Always' }],
  },
  status,
});

describe('lines that are counted', () => {
  const request = { selector: 'app=checkout', since, pattern: { source: 'error', flags: 'i' } };

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
    podList(api, [pod('checkout-1')], 'more');
    api.script('other', status(403));
    api.script('other', lines(at(1, 'error')));
    const count = await countLogs(connection, 'shop', request, new AbortController().signal);
    expect(count).toMatchObject({ matches: 1, incomplete: 'only the first 50 pods were read (and 1 more)' });
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
