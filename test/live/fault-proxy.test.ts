import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type LiveCluster, startCluster } from './support/cluster.ts';
import { type FaultProxy, startFaultProxy } from './support/fault-proxy.ts';
import { waitFor } from './support/wait.ts';

let cluster: LiveCluster;
let proxy: FaultProxy;
let admin: string;
beforeAll(async () => {
  cluster = await startCluster();
  proxy = await startFaultProxy(cluster);
  admin = await proxy.kubeconfigFor('admin', { groups: ['system:masters'] });
});
afterEach(() => proxy.heal());
afterAll(async () => {
  await proxy?.stop();
  await cluster?.stop();
});

const kubectl = (args: readonly string[], kubeconfig = admin) => cluster.kubectl(args, { kubeconfig, seconds: 20 });

/** A GET through the proxy with the token of the admin. */
const get = (path: string): Promise<IncomingMessage> =>
  new Promise((done, failed) => {
    const ca = readFileSync(cluster.authority.certificate);
    const asked = request(
      `${proxy.server}${path}`,
      { ca, agent: false, headers: { authorization: 'Bearer token-admin' } },
      done,
    );
    asked.on('error', failed);
    asked.end();
  });

/** A watch of config maps, and what has come of it so far. */
const watch = async () => {
  const response = await get('/api/v1/namespaces/default/configmaps?watch=true');
  const seen = { text: '', ended: undefined as string | undefined, response };
  response.on('data', (chunk: Buffer) => {
    seen.text += chunk.toString();
  });
  response.on('end', () => {
    seen.ended ??= 'cleanly';
  });
  response.on('error', (error: NodeJS.ErrnoException) => {
    seen.ended ??= error.code ?? error.message;
  });
  return seen;
};

describe('the fault proxy', () => {
  test('hands on who somebody is, by certificate and by token', async () => {
    const whoami = ['auth', 'whoami', '-o', 'jsonpath={.status.userInfo.username}'];
    expect((await kubectl(whoami)).stdout).toBe('admin');
    expect((await kubectl(['get', 'nodes'])).exit).toBe(0);
    const viewer = await proxy.kubeconfigFor('viewer');
    expect((await kubectl(whoami, viewer)).stdout).toBe('viewer');
    expect((await kubectl(['get', 'pods'], viewer)).stderr).toContain('User "viewer" cannot list');
    expect((await kubectl(whoami, await proxy.kubeconfigFor('viewer', { token: 'token-viewer' }))).stdout).toBe(
      'viewer',
    );
  });

  test.for([401, 403, 410, 429, 500, 503])('answers %i for the paths it is told, once', async (status) => {
    proxy.fault(/\/configmaps/, { kind: 'status', status, retryAfterSeconds: 7 }, 1);
    const before = proxy.count(/\/configmaps/);
    const response = await get('/api/v1/configmaps');
    expect(response.statusCode).toBe(status);
    expect(response.headers['retry-after']).toBe('7');
    response.resume();
    expect((await get('/api/v1/configmaps')).resume().statusCode).toBe(200);
    expect(proxy.count(/\/configmaps/) - before).toBe(2);
  });

  test('is believed by kubectl', async () => {
    proxy.fault(/\/pods/, { kind: 'status', status: 403, message: 'pods is forbidden: not today' });
    expect((await kubectl(['get', 'pods'])).stderr).toContain('not today');
  });

  test('delays, resets and leaves without an answer', async () => {
    const remove = proxy.fault(/\/version/, { kind: 'delay', ms: 300 });
    const started = performance.now();
    expect((await get('/version')).resume().statusCode).toBe(200);
    expect(performance.now() - started).toBeGreaterThanOrEqual(295);
    remove();
    proxy.fault(/\/version/, { kind: 'reset' });
    await expect(get('/version')).rejects.toMatchObject({ code: 'ECONNRESET' });
    await proxy.heal();
    proxy.fault(/\/configmaps/, { kind: 'black-hole' });
    const { stderr } = await kubectl(['get', 'configmaps', '--request-timeout=1s']);
    expect(stderr).toMatch(/deadline exceeded|Timeout/);
  });

  test('refuses connections, and takes them again', async () => {
    await proxy.refuse();
    await expect(get('/version')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await proxy.accept();
    expect((await get('/version')).resume().statusCode).toBe(200);
  });

  test('ends watches cleanly, with an error in the stream, or with a reset', async () => {
    for (const [how, ended] of [
      ['cleanly', 'cleanly'],
      [410, 'cleanly'],
      ['reset', 'ECONNRESET'],
    ] as const) {
      const one = await watch();
      expect(proxy.openWatches()).toBe(1);
      expect(proxy.endWatches(how)).toBe(1);
      await waitFor('its end', () => one.ended);
      expect(one.ended).toBe(ended);
      expect(one.text.includes('"code":410')).toBe(how === 410);
    }
  });

  test('goes silent and holds what comes, while other requests pass; then all arrives', async () => {
    const one = await watch();
    proxy.goSilent('watches');
    await cluster.kubectl(['create', 'configmap', 'held']);
    expect((await get('/api/v1/namespaces/default/configmaps/held')).resume().statusCode).toBe(200);
    expect(one.text).not.toContain('held');
    expect(one.ended).toBeUndefined();
    await proxy.heal();
    await waitFor('the held event', () => one.text.includes('"held"'));
    one.response.destroy();
  });

  test('goes silent altogether: a request is answered when it is over', async () => {
    proxy.goSilent();
    let answered = false;
    const answer = get('/version').then((response) => {
      answered = true;
      return response;
    });
    const seen = proxy.count(/version/);
    await waitFor('the request to arrive', () => proxy.count(/version/) > seen - 1);
    expect(answered).toBe(false);
    await proxy.heal();
    expect((await answer).resume().statusCode).toBe(200);
  });
});
