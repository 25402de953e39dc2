import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { httpProbe } from '../../src/metrics/http-probe.ts';
import { ExpectedError } from '../../src/text/errors.ts';

const open: { close(): unknown; closeAllConnections?(): void }[] = [];
afterEach(() => {
  for (const server of open.splice(0)) {
    server.closeAllConnections?.();
    server.close();
  }
});

const serve = async (listener: RequestListener): Promise<string> => {
  const server: Server = createServer(listener);
  open.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return addressOf(server);
};

const addressOf = (server: { address(): unknown }): string =>
  `http://127.0.0.1:${(server.address() as { port: number }).port}/health`;

const ask = (url: string, timeoutMs = 5000, signal = new AbortController().signal) =>
  httpProbe(url, { timeoutMs, signal });

const faultOf = async (asked: Promise<unknown>): Promise<string> => {
  const error = await asked.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ExpectedError);
  return (error as ExpectedError).message;
};

describe('one GET', () => {
  test('gives status, type, body and date', async () => {
    const url = await serve((_, response) => {
      response.writeHead(503, {
        'content-type': 'Application/JSON; charset=utf-8',
        date: 'Fri, 20 Nov 2026 14:51:38 GMT',
      });
      response.end('{"status":"sick"}');
    });
    expect(await ask(url)).toMatchObject({
      status: 503,
      type: 'application/json',
      body: '{"status":"sick"}',
      date: Date.UTC(2026, 10, 20, 14, 51, 38),
      location: null,
    });
  });

  test('follows no redirect', async () => {
    let asked = 0;
    const url = await serve((_, response) => {
      asked += 1;
      response.writeHead(302, { location: '/login' });
      response.end();
    });
    expect(await ask(url)).toMatchObject({ status: 302, location: '/login' });
    expect(asked).toBe(1);
  });

  test('takes no body over 8 MiB', async () => {
    const part = Buffer.alloc(1 << 20, 'x');
    const url = await serve((_, response) => {
      const more = (): void => {
        while (!response.destroyed && response.write(part));
        if (!response.destroyed) response.once('drain', more);
      };
      more();
    });
    expect(await faultOf(ask(url))).toBe('the answer is larger than 8 MiB');
  });

  test('has a deadline for all of it, the body too', async () => {
    const silent = await serve(() => undefined);
    expect(await faultOf(ask(silent, 100))).toBe('no answer in 0.1 s');
    const halfway = await serve((_, response) => {
      response.writeHead(200);
      response.write('half');
    });
    expect(await faultOf(ask(halfway, 100))).toBe('no answer in 0.1 s');
  });

  test('says what is wrong with the connection', async () => {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = addressOf(server);
    server.close();
    await once(server, 'close');
    expect(await faultOf(ask(url))).toBe('connection refused');

    const dropping = createTcpServer((socket) => socket.destroy());
    open.push(dropping);
    dropping.listen(0, '127.0.0.1');
    await once(dropping, 'listening');
    expect(await faultOf(ask(addressOf(dropping)))).toMatch(/^the connection was (closed|reset)$/);

    const plain = await serve((_, response) => response.end('ok'));
    expect(await faultOf(ask(plain.replace('http:', 'https:')))).not.toBe('');
  });

  test('ends when nobody wants the answer any more', async () => {
    const abort = new AbortController();
    const url = await serve(() => abort.abort());
    await expect(ask(url, 5000, abort.signal)).rejects.toBeInstanceOf(ExpectedError);
  });
});
