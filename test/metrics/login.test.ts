import { afterEach, describe, expect, test } from 'vitest';
import { ExpectedError } from '../../src/text/errors.ts';
import { closeAll, read, serve, sourceOf } from './opened.ts';

afterEach(closeAll);

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
