import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { expect, onTestFinished, test } from 'vitest';
import { ScriptedApi } from './support/scripted-api.ts';
import { connectTo, endpointOf, fixture } from './support/world.ts';

const openTls = async (): Promise<ScriptedApi> => {
  const tls = {
    cert: fixture('server.pem'),
    key: fixture('server-key.pem'),
    requestCert: true,
    rejectUnauthorized: false,
  };
  const api = await new ScriptedApi(tls).accept();
  onTestFinished(() => api.refuse());
  return api;
};

/** A proxy that opens tunnels, or refuses to. */
const openProxy = async (opens: boolean) => {
  const asked: (string | undefined)[] = [];
  const proxy = createServer();
  proxy.on('connect', (request, socket) => {
    asked.push(request.url);
    socket.on('error', () => {});
    if (!opens) return socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
    const [host, port] = (request.url ?? '').split(':');
    const target = connect(Number(port), host, () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      target.pipe(socket).pipe(target);
    });
    target.on('error', () => socket.destroy());
    socket.on('close', () => target.destroy());
    return undefined;
  });
  await new Promise<void>((done) => proxy.listen(0, '127.0.0.1', done));
  onTestFinished(() => {
    proxy.closeAllConnections();
    proxy.close();
  });
  return { url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`, asked };
};

test('a tunnel leads through the proxy, and the certificate is still that of the server', async () => {
  const api = await openTls();
  const proxy = await openProxy(true);
  const changes = { ca: fixture('ca.pem'), proxyUrl: proxy.url };
  const { connection } = connectTo(endpointOf(`https://127.0.0.1:${api.port}`, changes));
  expect(await connection.getJson('/version')).toEqual({ ok: true });
  expect(proxy.asked).toEqual([`127.0.0.1:${api.port}`]);
  const { connection: untrusting } = connectTo(endpointOf(`https://127.0.0.1:${api.port}`, { proxyUrl: proxy.url }));
  await expect(untrusting.getJson('/version')).rejects.toMatchObject({ kind: 'tls' });
});

test('a proxy that refuses is told as a server that cannot be reached', async () => {
  const api = await openTls();
  const { url } = await openProxy(false);
  const changes = { ca: fixture('ca.pem'), proxyUrl: url };
  const { connection } = connectTo(endpointOf(`https://127.0.0.1:${api.port}`, changes));
  await expect(connection.getJson('/version')).rejects.toMatchObject({ kind: 'unreachable' });
  expect(api.seen).toHaveLength(0);
});

test('a new client certificate is shown by the next request, while a stream on the old one goes on', async () => {
  const api = await openTls();
  const shown: unknown[] = [];
  api.script(
    'other',
    (response, request) => {
      shown.push((request.socket as TLSSocket).getPeerCertificate().subject?.CN);
      response.writeHead(200, { 'content-type': 'application/json' });
      if (request.url === '/stream') response.write('one');
      else response.end('{}');
    },
    3,
  );
  let certificate = 'other-name.pem';
  const now = async () => ({ headers: {}, cert: fixture(certificate), key: fixture('server-key.pem') });
  const credentials = { now, renew: async () => false };
  const { connection } = connectTo(endpointOf(`https://127.0.0.1:${api.port}`, { ca: fixture('ca.pem'), credentials }));
  const chunks = (await connection.stream('/stream'))[Symbol.asyncIterator]();
  expect(Buffer.from((await chunks.next()).value).toString()).toBe('one');
  await connection.getJson('/first');
  certificate = 'self-signed.pem';
  await connection.getJson('/second');
  expect(shown).toEqual(['other', 'other', 'stranger']);
  const ended = expect(chunks.next()).rejects.toMatchObject({ kind: 'aborted' });
  await connection.close();
  await ended;
});
