import { createServer } from 'node:net';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { MetricReading } from '../../src/gates/metric.ts';
import { openMetrics } from '../../src/metrics/open-metrics.ts';
import type { Answer } from '../support/metrics-answers.ts';
import { closeAll, open, question, read, serve, sourceOf } from './opened.ts';

afterEach(closeAll);

/** What the answer to one query is, with a server that says nothing else. */
const answerTo = async (answer: Answer): Promise<MetricReading['value']> => {
  const server = await serve({ x: answer });
  return (await read(sourceOf(server.url), 'x')).value;
};

describe('one number', () => {
  test.each<[string, Answer, MetricReading['value']]>([
    ['a series', 0.5, { kind: 'value', value: 0.5 }],
    ['a scalar', { scalar: 3 }, { kind: 'value', value: 3 }],
    ['an empty vector', null, { kind: 'missing', missing: 'empty' }],
    ['NaN', Number.NaN, { kind: 'missing', missing: 'nan' }],
    ['a scalar that is NaN', { scalar: Number.NaN }, { kind: 'missing', missing: 'nan' }],
    ['infinity', Number.POSITIVE_INFINITY, { kind: 'value', value: Number.POSITIVE_INFINITY }],
    ['minus infinity', { scalar: Number.NEGATIVE_INFINITY }, { kind: 'value', value: Number.NEGATIVE_INFINITY }],
    ['two series', { series: 2, value: 1 }, { kind: 'fault', because: '2 series, not one: add aggregation' }],
    ['501 series', { series: 501, value: 1 }, { kind: 'fault', because: 'result too large, add aggregation' }],
    ['a string', { string: 'up' }, { kind: 'fault', because: 'a string, not a number' }],
    [
      'a histogram',
      { histogram: true },
      { kind: 'fault', because: 'a histogram, not a number: take histogram_quantile of it' },
    ],
    [
      'a range of values',
      { matrix: true },
      { kind: 'fault', because: 'values over a time, not one number: take a function of it, such as rate' },
    ],
  ])('%s', async (_, answer, expected) => {
    expect(await answerTo(answer)).toEqual(expected);
  });
});

describe('what a server does instead of answering', () => {
  test.each<[string, Answer, string]>([
    ['a redirect', { fault: 'redirect' }, 'redirected to https://sso.example.com/login (login?)'],
    ['a page', { fault: 'html' }, 'not a Prometheus answer (text/html, 18 bytes)'],
    ['half of an answer', { fault: 'truncated' }, 'not a Prometheus answer (application/json, 45 bytes)'],
    [
      'JSON of another kind',
      { fault: { status: 200, headers: { 'content-type': 'application/json' }, body: '{"status":"success"}' } },
      'not a Prometheus answer (application/json, 20 bytes)',
    ],
    [
      'nothing',
      { fault: { status: 204, headers: { 'content-type': '' } } },
      'not a Prometheus answer (no type, 0 bytes)',
    ],
    ['a closed connection', { fault: 'reset' }, 'the connection was closed in the middle of the answer'],
    ['9 MiB', { fault: 'oversized' }, 'result too large, add aggregation'],
    [
      'a query it cannot read',
      { fault: { errorType: 'bad_data', error: 'invalid parameter "query": 1:3: parse error', status: 400 } },
      'bad_data: invalid parameter "query": 1:3: parse error',
    ],
    [
      'a query it cannot evaluate',
      { fault: { errorType: 'execution', error: 'many-to-many matching not allowed', status: 422 } },
      'execution: many-to-many matching not allowed',
    ],
    [
      'a query that takes too long',
      { fault: { errorType: 'timeout', error: 'query timed out in expression evaluation', status: 503 } },
      'timeout: query timed out in expression evaluation',
    ],
    ['an error with status 200', { fault: { errorType: 'internal', error: 'no', status: 200 } }, 'internal: no'],
    ['401', { fault: { status: 401, body: 'Unauthorized' } }, 'login expired or missing: Unauthorized'],
    [
      '403',
      { fault: { status: 403, body: 'no access to tenant 7\nsecond line' } },
      'denied (HTTP 403): no access to tenant 7',
    ],
    ['404', { fault: { status: 404, body: 'page not found' } }, 'HTTP 404 Not Found: page not found'],
    ['429', { fault: { status: 429 } }, 'asked too often (HTTP 429)'],
    [
      'the page of a gateway',
      { fault: { status: 502, headers: { 'content-type': 'text/html' }, body: '<html>Bad gateway</html>' } },
      'HTTP 502 Bad Gateway',
    ],
  ])('%s', async (_, answer, because) => {
    expect(await answerTo(answer)).toEqual({ kind: 'fault', because });
  });

  test('a refused connection', async () => {
    const server = await serve();
    server.fault = 'refuse';
    expect((await read(sourceOf(server.url), 'x')).value).toEqual({ kind: 'fault', because: 'connection refused' });
  });

  test('a name that nobody knows', async () => {
    const source = sourceOf('http://metrics.invalid:9090');
    expect((await read(source, 'x')).value).toMatchObject({ kind: 'fault', because: expect.stringContaining('DNS') });
  });

  test('no HTTP', async () => {
    const server = createServer((socket) => socket.resume().end('220 mail.example.com ready\r\n'));
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    open.push({ close: () => new Promise((done) => server.close(done)) });
    const { port } = server.address() as { port: number };
    const { value } = await read(sourceOf(`http://127.0.0.1:${port}`), 'x');
    expect(value).toEqual({ kind: 'fault', because: 'it does not speak HTTP' });
  });

  test('words of any length are cut', async () => {
    const server = await serve({ x: { fault: { errorType: 'bad_data', error: 'y'.repeat(5000) } } });
    const { value } = await read(sourceOf(server.url), 'x');
    expect(value.kind === 'fault' && value.because.length).toBe(300);
  });

  test('a silence ends all queries of the question together', async () => {
    const server = await serve({ x: 1, y: { fault: 'hang' } });
    const reading = await read(sourceOf(server.url, { deadlineMs: 200 }), 'x', { stable: 'y' });
    expect(reading.value).toEqual({ kind: 'value', value: 1 });
    expect(reading.stable).toEqual({ kind: 'fault', because: 'no answer 0.2 s', late: true });
  });

  test('who asks no more waits no more', async () => {
    const server = await serve({ x: { fault: 'hang' } });
    const abort = new AbortController();
    const reading = sourceOf(server.url).read(question('x'), abort.signal);
    await vi.waitFor(() => expect(server.asked).not.toHaveLength(0));
    abort.abort();
    expect((await reading).value).toEqual({ kind: 'fault', because: 'asked no more' });
  });

  test('what closed does not wait either', async () => {
    const server = await serve({ x: { fault: 'hang' } });
    const source = openMetrics({ url: server.url, name: 'm' });
    const reading = read(source, 'x');
    await vi.waitFor(() => expect(server.asked).not.toHaveLength(0));
    await source.close();
    expect((await reading).value).toEqual({ kind: 'fault', because: 'asked no more' });
  });

  test('a kept connection that was closed meanwhile is no fault', async () => {
    let asked = 0;
    const server = createServer((socket) => {
      socket.on('data', () => {
        asked += 1;
        if (asked === 2) return void socket.resetAndDestroy();
        const body = JSON.stringify({ status: 'success', data: { resultType: 'scalar', result: [1, '7'] } });
        socket.write(
          `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
        );
      });
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const source = sourceOf(`http://127.0.0.1:${(server.address() as { port: number }).port}`);
    open.push({ close: () => new Promise((done) => server.close(done)) });
    expect((await read(source, '1')).value).toEqual({ kind: 'value', value: 7 });
    expect((await read(source, '1')).value).toEqual({ kind: 'value', value: 7 });
    expect(asked).toBe(3);
  });
});

describe('what is said beside the value', () => {
  test('warnings and infos, each once', async () => {
    const server = await serve({
      x: { value: 1, warnings: ['store 10.1.2.3 did not answer'], infos: ['x might not be a counter'] },
      y: { value: 2, warnings: ['store 10.1.2.3 did not answer'] },
    });
    const reading = await read(sourceOf(server.url), 'x', { stable: 'y' });
    expect(reading.warnings).toEqual(['store 10.1.2.3 did not answer']);
    expect(reading.infos).toEqual(['x might not be a counter']);
  });

  test('an answer that its server calls partial', async () => {
    const result = [{ metric: {}, value: [1, '7'] }];
    const body = JSON.stringify({ status: 'success', isPartial: true, data: { resultType: 'vector', result } });
    const server = await serve({
      x: { fault: { status: 200, headers: { 'content-type': 'application/json' }, body } },
    });
    const reading = await read(sourceOf(server.url), 'x');
    expect(reading.value).toEqual({ kind: 'value', value: 7 });
    expect(reading.warnings).toEqual(['not all storage nodes answered (isPartial)']);
  });

  test('a hundred of them are not kept', async () => {
    const warnings = Array.from({ length: 100 }, (_, index) => `${index} ${'w'.repeat(1000)}`);
    const server = await serve({ x: { value: 1, warnings } });
    const reading = await read(sourceOf(server.url), 'x');
    expect(reading.warnings).toHaveLength(5);
    expect(Math.max(...reading.warnings.map(({ length }) => length))).toBe(300);
  });
});

test('a long query is posted', async () => {
  const server = await serve();
  const query = `sum(x{pod=~"${'a'.repeat(9000)}"})`;
  server.set(query, 7);
  expect((await read(sourceOf(server.url), query)).value).toEqual({ kind: 'value', value: 7 });
});

test('an address may have a path', async () => {
  const server = await serve({ x: 7 });
  expect((await read(sourceOf(`${server.url}/tenants/shop/`), 'x')).value).toEqual({ kind: 'value', value: 7 });
});

test('nothing is left open when it is closed', async () => {
  const http = await serve({ x: 1 });
  const source = openMetrics({ url: http.url, name: 'm' });
  expect((await read(source, 'x')).value.kind).toBe('value');
  expect(await http.connections()).toBeGreaterThan(0);
  await source.close();
  await vi.waitFor(async () => expect(await http.connections()).toBe(0));
});
