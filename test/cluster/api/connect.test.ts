import { createServer } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ApiProblem } from '../../../src/cluster/api/api-problem.ts';
import type { Endpoint } from '../../../src/cluster/api/connection.ts';
import { ExpectedError } from '../../../src/text/errors.ts';
import type { Reply } from '../../support/watched-objects.ts';
import { blackHole, html, ScriptedApi, status } from './support/scripted-api.ts';
import { until } from './support/until.ts';
import { connectTo, endpointOf, fixture, openApi, TestLogin } from './support/world.ts';

const problemOf = async (request: Promise<unknown>): Promise<ApiProblem> => {
  const error = await request.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ApiProblem)) throw new Error(`not an ApiProblem: ${error}`);
  return error;
};

const toPlain = async (reply: Reply | null, times = 1) => {
  const api = await openApi();
  if (reply !== null) api.script('other', reply, times);
  const login = new TestLogin();
  return { api, login, ...connectTo(endpointOf(`http://127.0.0.1:${api.port}`, { credentials: login })) };
};

/** What a request to a server with this certificate says. */
const toTls = async (certificate: string, changes: Partial<Endpoint> = {}) => {
  const api = await new ScriptedApi({ cert: fixture(`${certificate}.pem`), key: fixture('server-key.pem') }).accept();
  onTestFinished(() => api.refuse());
  return connectTo(endpointOf(`https://127.0.0.1:${api.port}`, { ca: fixture('ca.pem'), ...changes })).connection;
};

describe('a server that is not reached', () => {
  test('refuses connections', async () => {
    const { api, connection } = await toPlain(null);
    await api.refuse();
    const { kind, because } = await problemOf(connection.getJson('/version'));
    expect({ kind, because }).toEqual({ kind: 'refused', because: `connection refused (127.0.0.1:${api.port})` });
    await api.accept();
    expect(await connection.getJson('/version')).toEqual({ ok: true });
  });

  test('has a name that nobody knows', async () => {
    // Longer than a label may be: refused by the resolver of this host, without a question to any other.
    const { connection } = connectTo(endpointOf(`http://${'a'.repeat(64)}:6443`));
    const { kind, because } = await problemOf(connection.getJson('/version'));
    expect({ kind, because }).toEqual({ kind: 'dns', because: `host ${'a'.repeat(64)} not found` });
  });

  test('takes the request and says nothing', async () => {
    const { api, clock, connection } = await toPlain(blackHole);
    const problem = problemOf(connection.getJson('/version'));
    await until('the request', () => api.seen.length === 1);
    clock.advance(5_000);
    expect(await problem).toMatchObject({ kind: 'timeout', because: 'no answer 5 s' });
    expect(clock.open).toBe(0);
  });

  test('closes in the middle of an answer', async () => {
    const { connection } = await toPlain((response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '500' });
      response.write('{"items":[', () => response.socket?.destroy());
    });
    expect(await problemOf(connection.getJson('/version'))).toMatchObject({ kind: 'reset' });
  });
});

describe('a certificate', () => {
  test.each([
    ['expired', 'certificate of "kube-apiserver" expired 2021-01-02'],
    ['future', 'certificate of "kube-apiserver" is not valid before 2110-01-01'],
    ['other-name', 'certificate is for other.example, 127.0.0.9, not for 127.0.0.1'],
    ['self-signed', 'certificate of "stranger" is signed by "stranger", not by the cluster\'s authority'],
  ])('%s is refused in words', async (certificate, because) => {
    const connection = await toTls(certificate);
    expect(await problemOf(connection.getJson('/version'))).toMatchObject({ kind: 'tls', because });
  });

  test('is checked for the name that the kubeconfig says', async () => {
    const named = await toTls('other-name', { tlsServerName: 'other.example' });
    expect(await named.getJson('/version')).toEqual({ ok: true });
    const wrong = await toTls('server', { tlsServerName: 'other.example' });
    expect((await problemOf(wrong.getJson('/version'))).because).toContain('not for other.example');
  });

  test('is not checked where the kubeconfig says so', async () => {
    const connection = await toTls('expired', { insecure: true });
    expect(await connection.getJson('/version')).toEqual({ ok: true });
  });

  test('cannot be had from a server without TLS', async () => {
    const api = await openApi();
    const { connection } = connectTo(endpointOf(`https://127.0.0.1:${api.port}`));
    expect(await problemOf(connection.getJson('/version'))).toMatchObject({
      kind: 'tls',
      because: `127.0.0.1:${api.port} does not speak TLS`,
    });
  });
});

describe('an answer that is a refusal', () => {
  test.each([
    [403, { kind: 'forbidden', because: 'no permission', apiMessage: 'refused with 403' }],
    [404, { kind: 'not-found', because: 'refused with 404' }],
    [409, { kind: 'conflict', because: 'refused with 409' }],
    [410, { kind: 'gone' }],
    [422, { kind: 'invalid', because: 'refused with 422' }],
    [500, { kind: 'server', because: 'server error 500: refused with 500' }],
    [503, { kind: 'server', because: 'server error 503: refused with 503' }],
  ])('%i is told by its kind', async (code, expected) => {
    const { connection } = await toPlain(status(code));
    expect(await problemOf(connection.getJson('/api'))).toMatchObject({ status: code, ...expected });
  });

  test('429 carries the time that the server wants, as seconds or as a date', async () => {
    const { clock, api, connection } = await toPlain(status(429, 'slow down', { 'retry-after': '7' }));
    expect(await problemOf(connection.getJson('/api'))).toMatchObject({ kind: 'throttled', retryAfterMs: 7_000 });
    const date = new Date(Math.ceil(clock.now() / 1000) * 1000 + 9_000).toUTCString();
    api.script('other', status(429, 'slow down', { 'retry-after': date }));
    const { retryAfterMs } = await problemOf(connection.getJson('/api'));
    expect(retryAfterMs).toBeGreaterThanOrEqual(9_000);
    expect(retryAfterMs).toBeLessThanOrEqual(10_000);
  });

  test('a compare-and-set that lost is a conflict', async () => {
    const { api, connection } = await toPlain(status(409, 'the object has been modified'));
    const lost = connection.send('PUT', '/apis/coordination.k8s.io/v1/namespaces/shop/leases/a', { metadata: {} });
    expect(await problemOf(lost)).toMatchObject({ kind: 'conflict', apiMessage: 'the object has been modified' });
    expect(api.seen).toHaveLength(1);
  });
});

describe('an answer of something else', () => {
  test('a login page is not data', async () => {
    const { connection } = await toPlain(html('<html>login</html>'));
    expect(await problemOf(connection.getJson('/api'))).toMatchObject({
      kind: 'not-kubernetes',
      because: 'not a Kubernetes answer (text/html, 18 bytes)',
    });
  });

  test('a login page is not a stream either', async () => {
    const { connection } = await toPlain(html('<html>login</html>'));
    expect((await problemOf(connection.stream('/api'))).kind).toBe('not-kubernetes');
  });

  test('what a cache in between has kept is no answer of now', async () => {
    const asked: unknown[] = [];
    const kept: Reply = (response, { headers }) => {
      asked.push(headers['cache-control']);
      response.writeHead(200, { 'content-type': 'application/json', age: '30' });
      response.end('{"metadata":{"resourceVersion":"7"},"items":[]}');
    };
    const { connection } = await toPlain(kept, 2);
    const { kind, because } = await problemOf(connection.getJson('/api/v1/pods'));
    expect({ kind, because }).toEqual({ kind: 'not-kubernetes', because: 'answered by a cache in between (30 s old)' });
    expect(await problemOf(connection.stream('/api/v1/pods'))).toMatchObject({ because });
    expect(asked).toEqual(['no-cache', 'no-cache']);
    expect(await connection.getJson('/api/v1/pods')).toEqual({ ok: true });
  });

  test('a redirect is not followed', async () => {
    const { connection, api } = await toPlain((response) => {
      response.writeHead(302, { location: 'https://sso.example/login' });
      response.end();
    });
    expect((await problemOf(connection.getJson('/api'))).because).toBe(
      'redirected to https://sso.example/login (login?)',
    );
    expect(api.seen).toHaveLength(1);
  });

  test('JSON that was cut is not half believed', async () => {
    const { connection } = await toPlain((response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end('{"items":[1,2');
    });
    expect((await problemOf(connection.getJson('/api'))).kind).toBe('not-kubernetes');
  });

  test('a body without end is not kept', async () => {
    const { connection } = await toPlain((response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const more = (): void => {
        while (!response.destroyed && response.write(' '.repeat(64 * 1024)));
      };
      response.on('drain', more);
      more();
    });
    expect(await problemOf(connection.getJson('/api', { maxBytes: 1024 * 1024 }))).toMatchObject({
      kind: 'too-large',
      because: 'answer larger than 1 MiB',
    });
  });

  test('something that is no HTTP is told so', async () => {
    const server = createServer((socket) => socket.end('SSH-2.0-OpenSSH\r\n'));
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    onTestFinished(() => void server.close());
    const { port } = server.address() as { port: number };
    const { connection } = connectTo(endpointOf(`http://127.0.0.1:${port}`));
    expect(await problemOf(connection.getJson('/api'))).toMatchObject({ kind: 'not-kubernetes' });
  });
});

describe('a login that expired', () => {
  test('is renewed once, and the request goes on', async () => {
    const { api, login, connection } = await toPlain(status(401));
    expect(await connection.getJson('/api')).toEqual({ ok: true });
    expect(login.renewals).toBe(1);
    expect(api.seen.map(({ authorization }) => authorization)).toEqual(['Bearer first', 'Bearer renewed 1']);
  });

  test('is renewed once for all who were refused', async () => {
    const { login, connection } = await toPlain(status(401), 3);
    await Promise.all([1, 2, 3].map(() => connection.getJson('/api')));
    expect(login.renewals).toBe(1);
  });

  test('is said with the command to run when the new one is refused, too, and not renewed again at once', async () => {
    const { api, clock, login, connection } = await toPlain(status(401), 99);
    const expected = { kind: 'unauthorized', because: 'LOGIN EXPIRED', nextStep: 'run aws sso login' };
    expect(await problemOf(connection.getJson('/api'))).toMatchObject(expected);
    expect(await problemOf(connection.getJson('/api'))).toMatchObject(expected);
    expect({ renewals: login.renewals, requests: api.seen.length }).toEqual({ renewals: 1, requests: 3 });
    clock.advance(30_000);
    await problemOf(connection.getJson('/api'));
    expect(login.renewals).toBe(2);
  });

  test('is said in the words of a login helper that failed', async () => {
    const api = await openApi();
    const credentials = {
      now: () => Promise.reject(new ExpectedError('login helper "aws" did not answer in 20 s', { code: 'E605' })),
      renew: () => Promise.resolve(false),
    };
    const { connection } = connectTo(endpointOf(`http://127.0.0.1:${api.port}`, { credentials }));
    expect(await problemOf(connection.getJson('/api'))).toMatchObject({
      kind: 'unauthorized',
      because: 'login helper "aws" did not answer in 20 s',
      nextStep: 'run aws sso login',
    });
  });
});

test('the clock of the server is compared with ours', async () => {
  const { clock, connection } = await toPlain((response) => {
    const date = new Date(clock.now() + 42_000).toUTCString();
    response.writeHead(200, { 'content-type': 'application/json', date });
    response.end('{}');
  });
  expect(connection.clockSkewMs()).toBeNull();
  await connection.getJson('/api');
  expect(Math.abs((connection.clockSkewMs() ?? 0) - 42_000)).toBeLessThanOrEqual(1_000);
});

test('what is ended by its caller, or by the end of the connection, says so', async () => {
  const { api, clock, connection } = await toPlain(blackHole, 2);
  const stop = new AbortController();
  const ended = problemOf(connection.getJson('/api', { signal: stop.signal }));
  const closed = problemOf(connection.stream('/api'));
  await until('both requests', () => api.seen.length === 2);
  stop.abort();
  expect((await ended).kind).toBe('aborted');
  await connection.close();
  expect((await closed).kind).toBe('aborted');
  expect((await problemOf(connection.getJson('/api'))).kind).toBe('aborted');
  expect(clock.open).toBe(0);
});

test('a header of several values is sent as one line for each', async () => {
  const api = await openApi();
  let groups: readonly string[] | undefined;
  api.script('other', (response, request) => {
    groups = response.req.headersDistinct['impersonate-group'];
    status(404)(response, request);
  });
  const headers = { 'impersonate-user': 'deployer', 'impersonate-group': ['ops', 'release managers'] };
  const credentials = { now: async () => ({ headers, cert: null, key: null }), renew: async () => false };
  const { connection } = connectTo(endpointOf(`http://127.0.0.1:${api.port}`, { credentials }));
  expect(await problemOf(connection.getJson('/version'))).toMatchObject({ kind: 'not-found' });
  expect(groups).toEqual(['ops', 'release managers']);
});
