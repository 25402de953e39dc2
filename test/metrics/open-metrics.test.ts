import { createServer } from 'node:net';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { MetricQuestion, MetricReading } from '../../src/gates/metric.ts';
import { type MetricsOptions, openMetrics } from '../../src/metrics/open-metrics.ts';
import type { MetricsSource } from '../../src/ports/metrics.ts';
import { ExpectedError } from '../../src/text/errors.ts';
import type { Answer } from '../support/metrics-answers.ts';
import { type MetricsServer, startMetrics } from '../support/metrics-server.ts';

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

const serve = async (answers: Readonly<Record<string, Answer>> = {}): Promise<MetricsServer> => {
  const server = await startMetrics(answers);
  open.push(server);
  return server;
};

const sourceOf = (url: string, options: Partial<MetricsOptions> = {}): MetricsSource => {
  const source = openMetrics({ url, name: 'metrics.example.com', ...options });
  open.push(source);
  return source;
};

const question = (query: string, more: Partial<MetricQuestion> = {}): MetricQuestion => ({
  query,
  stable: null,
  traffic: null,
  freshness: null,
  scrapeMs: null,
  counts: false,
  ...more,
});

const never = new AbortController().signal;

const read = (source: MetricsSource, query: string, more: Partial<MetricQuestion> = {}): Promise<MetricReading> =>
  source.read(question(query, more), never);

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
    expect(reading.stable).toEqual({ kind: 'fault', because: 'no answer 0.2 s' });
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

  test('a hundred of them are not kept', async () => {
    const warnings = Array.from({ length: 100 }, (_, index) => `${index} ${'w'.repeat(1000)}`);
    const server = await serve({ x: { value: 1, warnings } });
    const reading = await read(sourceOf(server.url), 'x');
    expect(reading.warnings).toHaveLength(5);
    expect(Math.max(...reading.warnings.map(({ length }) => length))).toBe(300);
  });
});

describe('a server that asks to be left alone', () => {
  const withTime = async () => {
    const server = await serve({ x: 1, y: 2 });
    const time = { now: Date.now() };
    return { server, time, source: sourceOf(server.url, { now: () => time.now }) };
  };

  test('is, until Retry-After is over', async () => {
    const { server, time, source } = await withTime();
    server.fault = { status: 429, headers: { 'retry-after': '12' } };
    const because = async () => (await read(source, 'x')).value;
    expect(await because()).toEqual({ kind: 'fault', because: 'asked too often (HTTP 429), again in 12 s' });
    server.fault = null;
    const { length } = server.asked;
    time.now += 5000;
    expect(await because()).toEqual({ kind: 'fault', because: 'asked too often (HTTP 429), again in 7 s' });
    expect(server.asked).toHaveLength(length);
    time.now += 7000;
    expect(await because()).toEqual({ kind: 'value', value: 1 });
  });

  test('is for five minutes at most', async () => {
    const { server, time, source } = await withTime();
    server.fault = { status: 429, headers: { 'retry-after': '86400' } };
    await read(source, 'x');
    server.fault = null;
    time.now += 300_000;
    expect((await read(source, 'x')).value).toEqual({ kind: 'value', value: 1 });
  });

  test('that denies a query is not asked it for a minute, and others at once', async () => {
    const { server, time, source } = await withTime();
    server.set('x', { fault: { status: 403 } });
    expect((await read(source, 'x')).value).toEqual({ kind: 'fault', because: 'denied (HTTP 403)' });
    server.set('x', 1);
    time.now += 59_000;
    expect((await read(source, 'x')).value).toEqual({ kind: 'fault', because: 'denied (HTTP 403)' });
    expect((await read(source, 'y')).value).toEqual({ kind: 'value', value: 2 });
    time.now += 1000;
    expect((await read(source, 'x')).value).toEqual({ kind: 'value', value: 1 });
  });
});

describe('the evaluation time', () => {
  test('is one for all queries of a question', async () => {
    const server = await serve({ 'rate(x[5m])': 1, 'rate(y[5m])': 2, z: 3 });
    const reading = await read(sourceOf(server.url), 'rate(x[5m])', { stable: 'rate(y[5m])', traffic: 'z' });
    expect(server.asked.map(({ query }) => query).toSorted()).toEqual([
      'rate(x[5m])',
      'rate(y[5m])',
      'time() - max(max_over_time(timestamp(x)[10m:15s]))',
      'time() - max(max_over_time(timestamp(y)[10m:15s]))',
      'z',
    ]);
    expect(new Set(server.asked.map(({ time }) => time))).toEqual(new Set([reading.at]));
  });

  test.each([42, -42])('is the server’s own: its clock is %i s ahead', async (skew) => {
    const server = await serve({ x: (time) => (Date.now() - time) / 1000 });
    server.skew = skew;
    const source = sourceOf(server.url);
    expect(source.skewSeconds()).toBeNull();
    const { value, at } = await read(source, 'x');
    expect(Math.round((value as { value: number }).value)).toBe(-skew);
    expect(Math.abs(at - Date.now())).toBeLessThan(5000);
    expect(source.skewSeconds()).toBe(skew);
  });

  test('is ours when the clocks are the same', async () => {
    const server = await serve({ x: 1 });
    const source = sourceOf(server.url);
    const { at } = await read(source, 'x');
    expect(source.skewSeconds()).toBe(0);
    const again = await read(source, 'x');
    expect(server.asked.filter(({ query }) => query === 'x').map(({ time }) => time)).toEqual([at, again.at]);
  });
});

describe('the age of the data', () => {
  test('is that of the oldest selector', async () => {
    const server = await serve({ 'a / b': 1 });
    server.set(/timestamp\(a\)/, 4.5);
    server.set(/timestamp\(b\)/, 65);
    expect((await read(sourceOf(server.url), 'a / b')).age).toEqual({ kind: 'known', ms: 65_000 });
  });

  test('is the control’s own', async () => {
    const server = await serve({ a: 1, b: 1 });
    server.set(/timestamp\(b\)/, null);
    const { age, stableAge } = await read(sourceOf(server.url), 'a', { stable: 'b' });
    expect([age, stableAge]).toEqual([{ kind: 'known', ms: 5000 }, { kind: 'none' }]);
  });

  test('is none when one of them has been silent for ten minutes', async () => {
    const server = await serve();
    server.set(/timestamp\(b\)/, null);
    expect((await read(sourceOf(server.url), 'a or b')).age).toEqual({ kind: 'none' });
  });

  test('does not ask for what may be absent', async () => {
    const server = await serve();
    await read(sourceOf(server.url), '(sum(rate(x{code="500"}[5m])) or vector(0)) / sum(rate(x[5m]))');
    const ages = server.asked.map(({ query }) => query).filter((query) => query.includes('timestamp'));
    expect(ages).toEqual(['time() - max(max_over_time(timestamp(x)[10m:15s]))']);
  });

  test('is unknown without a selector', async () => {
    const server = await serve({ 'vector(1)': 1 });
    expect((await read(sourceOf(server.url), 'vector(1)')).age).toEqual({ kind: 'unknown' });
  });

  test.each<[Answer, MetricReading['age']]>([
    [12, { kind: 'known', ms: 12_000 }],
    [-0.4, { kind: 'known', ms: 0 }],
    [null, { kind: 'none' }],
    [Number.POSITIVE_INFINITY, { kind: 'none' }],
    [{ fault: { status: 500 } }, { kind: 'fault', because: 'HTTP 500 Internal Server Error' }],
  ])('is what freshness gives: %o', async (answer, age) => {
    const server = await serve({ x: 1, 'push_age{job="x"}': answer });
    const reading = await read(sourceOf(server.url), 'x', { freshness: 'push_age{job="x"}' });
    expect(reading.age).toEqual(age);
    expect(server.asked).toHaveLength(2);
  });
});

describe('the counts of a ratio', () => {
  test('are asked of query and control', async () => {
    const server = await serve({ 'rate(e[5m])': 2, 'rate(r[5m])': 100, 'rate(f[5m])': 1, 'rate(s[5m])': null });
    const { counts } = await read(sourceOf(server.url), 'rate(e[5m]) / rate(r[5m])', {
      stable: 'rate(f[5m]) / rate(s[5m]) * 100',
      counts: true,
    });
    expect(counts).toEqual({
      canary: { bad: { kind: 'value', value: 2 }, all: { kind: 'value', value: 100 } },
      stable: { bad: { kind: 'value', value: 1 }, all: { kind: 'missing', missing: 'empty' } },
    });
  });

  test('are a fault where there is no division', async () => {
    const server = await serve({ x: 1 });
    const { counts } = await read(sourceOf(server.url), 'x', { counts: true });
    const fault = { kind: 'fault', because: 'no division whose sides could be counted' };
    expect(counts).toEqual({ canary: { bad: fault, all: fault }, stable: { bad: fault, all: fault } });
  });
});

describe('credentials', () => {
  test('go with every query', async () => {
    const server = await serve({ x: 1 });
    await read(sourceOf(server.url, { headers: async () => ({ Authorization: 'Bearer abc123' }) }), 'x');
    expect(server.asked.map(({ headers }) => headers.authorization)).toEqual(server.asked.map(() => 'Bearer abc123'));
  });

  test('are read again once when they are refused', async () => {
    let token = 'Bearer old-token';
    let reads = 0;
    const server = await serve();
    server.set('x', { fault: { status: 401 } });
    const time = { now: Date.now() };
    const source = sourceOf(server.url, {
      now: () => time.now,
      headers: async () => {
        reads += 1;
        return { Authorization: token };
      },
    });
    expect((await read(source, 'x')).value).toEqual({ kind: 'fault', because: 'login expired or missing' });
    time.now += 60_000;
    token = 'Bearer new-token';
    await read(source, 'x');
    expect(server.asked.filter(({ query }) => query === 'x').map(({ headers }) => headers.authorization)).toEqual([
      'Bearer old-token',
      'Bearer old-token',
      'Bearer new-token',
    ]);
    expect(reads).toBe(2);
  });

  test('are in no words, even when a server repeats them', async () => {
    const server = await serve({ x: { fault: { errorType: 'unauthorized', error: 'unknown token s3cr3t-t0ken' } } });
    const headers = async () => ({ Authorization: 'Bearer s3cr3t-t0ken' });
    const { value } = await read(sourceOf(server.url, { headers }), 'x');
    expect(value).toEqual({ kind: 'fault', because: 'unauthorized: unknown token [secret]' });
  });

  test('that cannot be read are a fault in their own words, until they can', async () => {
    const server = await serve({ x: 1 });
    let fails = true;
    const headers = async () => {
      if (fails) throw new ExpectedError('secret env:TOKEN could not be resolved: the variable is not set');
      return {};
    };
    const source = sourceOf(server.url, { headers });
    expect((await read(source, 'x')).value).toEqual({
      kind: 'fault',
      because: 'secret env:TOKEN could not be resolved: the variable is not set',
    });
    fails = false;
    expect((await read(source, 'x')).value).toEqual({ kind: 'value', value: 1 });
  });

  test('that nobody finds do not hold up a question', async () => {
    const server = await serve({ x: 1 });
    const source = sourceOf(server.url, { deadlineMs: 100, headers: () => new Promise(() => undefined) });
    expect((await read(source, 'x')).value).toEqual({ kind: 'fault', because: 'its login is still being looked up' });
  });
});

describe('values over a time', () => {
  const from = Date.UTC(2026, 10, 20, 14, 0, 0);

  test('stand at their steps, null where there is none', async () => {
    const server = await serve({
      x: (time) => {
        const step = (time - from) / 15_000;
        return [0, null, Number.NaN, Number.POSITIVE_INFINITY, 4][step] ?? null;
      },
    });
    const series = await sourceOf(server.url).series({ query: 'x', from, to: from + 70_000, stepMs: 15_000 }, never);
    expect(series).toEqual({ from, stepMs: 15_000, values: [0, null, null, null, 4], warnings: [] });
  });

  test('that do not exist are all null', async () => {
    const server = await serve();
    const { values } = await sourceOf(server.url).series({ query: 'x', from, to: from + 2000, stepMs: 1000 }, never);
    expect(values).toEqual([null, null, null]);
  });

  test('are asked for on the clock of the server', async () => {
    const server = await serve({ x: 1 });
    server.skew = -42;
    const source = sourceOf(server.url);
    await read(source, 'x');
    const { values } = await source.series({ query: 'x', from, to: from + 1000, stepMs: 500 }, never);
    expect(values).toEqual([1, 1, 1]);
    const asked = server.asked.findLast(({ kind }) => kind === 'query_range');
    expect(Math.abs((asked?.time ?? 0) - (from + 1000 - 42_000))).toBeLessThan(1500);
  });

  test.each<[string, Answer, string]>([
    ['of two series', { series: 2, value: 1 }, '2 series, not one: add aggregation'],
    ['refused', { fault: { errorType: 'bad_data', error: 'no' } }, 'bad_data: no'],
  ])('%s are an error in words', async (_, answer, message) => {
    const server = await serve({ x: answer });
    const asked = sourceOf(server.url).series({ query: 'x', from, to: from + 1000, stepMs: 1000 }, never);
    await expect(asked).rejects.toMatchObject({ name: 'ExpectedError', place: 'metrics.example.com', message });
  });

  test('are 11,000 at most, said before they are asked for', async () => {
    const server = await serve({ x: 1 });
    const source = sourceOf(server.url);
    const most = await source.series({ query: 'x', from, to: from + 10_999_000, stepMs: 1000 }, never);
    expect(most.values).toHaveLength(11_000);
    await expect(source.series({ query: 'x', from, to: from + 11_000_000, stepMs: 1000 }, never)).rejects.toThrow(
      '11001 steps, a metrics server gives 1 to 11000',
    );
    expect(server.asked).toHaveLength(1);
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
