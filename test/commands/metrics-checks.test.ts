import { afterEach, describe, expect, test } from 'vitest';
import { openRunMetrics } from '../../src/commands/late-metrics.ts';
import { type MetricsFacts, metricsChecks } from '../../src/commands/metrics-checks.ts';
import type { MetricsServer } from '../../src/session/events.ts';
import { createSecretResolver } from '../../src/shell/secret-references.ts';
import { createSecretsRegistry } from '../../src/shell/secrets-registry.ts';
import { type MetricsServer as ScriptedServer, startMetrics } from '../support/metrics-server.ts';

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

const scripted = async (): Promise<ScriptedServer> => {
  const server = await startMetrics({ 'vector(1)': 1 });
  open.push(server);
  return server;
};

const serverOf = (url: string, more: Partial<MetricsServer> = {}): MetricsServer => ({
  url,
  name: 'm.example.com',
  headers: {},
  from: 'settings',
  sameCluster: null,
  ...more,
});

const openAs = (server: MetricsServer, environment: Readonly<Record<string, string>> = {}) => {
  const registry = createSecretsRegistry();
  const resolveSecret = createSecretResolver({ environment, cwd: '/' });
  const source = openRunMetrics(server, { registry, resolveSecret, environment });
  open.push(source);
  return { source, registry };
};

const check = async (server: MetricsServer | null, more: Partial<MetricsFacts> = {}): Promise<readonly string[]> => {
  const checks = await metricsChecks({
    choice: { server, problem: null },
    source: server === null ? null : openAs(server).source,
    count: 3,
    target: { context: 'prod-eu', production: true },
    isKnown: false,
    ...more,
  });
  return checks.map(({ id, level, message }) => `${id} ${level} ${message}`);
};

describe('before the first step', () => {
  test('a server that answers is one line', async () => {
    const { url } = await scripted();
    expect(await check(serverOf(url))).toEqual(['metrics-server ok m.example.com (from the settings) answers']);
  });

  test('without metrics nothing is said', async () => {
    expect(await check(null, { count: 0 })).toEqual([]);
  });

  test('no server is told, and stops nothing', async () => {
    expect(await check(null)).toEqual([
      'metrics-server warn none is named: all 3 metrics will be BLIND, judged by eye',
    ]);
  });

  test('a server that may not be asked is told with the reason', async () => {
    const problem = { message: 'not without encryption', nextStep: 'Use https' };
    const checks = await metricsChecks({
      choice: { server: null, problem },
      source: null,
      count: 1,
      target: { context: null, production: false },
      isKnown: false,
    });
    expect(checks).toEqual([{ id: 'metrics-server', title: 'Metrics server', level: 'warn', ...problem }]);
  });

  test('a server that does not answer stops nothing either', async () => {
    const server = await scripted();
    server.fault = 'refuse';
    expect(await check(serverOf(server.url))).toEqual([
      'metrics-server warn m.example.com (from the settings): connection refused',
    ]);
  });

  test('in production, a server that nothing binds to the context needs a reason, once', async () => {
    const { url } = await scripted();
    const server = serverOf(url, { from: 'environment' });
    const unbound = 'metrics-bound override m.example.com comes from PROMETHEUS_URL: nothing binds it to prod-eu';
    expect(await check(server)).toContain(unbound);
    expect(await check(server, { isKnown: true })).not.toContain(unbound);
    expect(await check(server, { target: { context: 'dev', production: false } })).toHaveLength(1);
  });

  test('metrics of another cluster need one, too', async () => {
    const { url } = await scripted();
    expect(await check(serverOf(url, { sameCluster: 'count(up{cluster="prod-eu"})' }))).toEqual([
      'metrics-server ok m.example.com (from the settings) answers',
      "same-cluster override m.example.com: these metrics do not know this cluster's pods. Every metric is BLIND",
    ]);
  });

  test('a clock that is wrong is told', async () => {
    const server = await scripted();
    server.skew = -42;
    const [, clock] = await check(serverOf(server.url));
    expect(clock).toMatch(/^metrics-clock warn clock skew −4[123] s: the clock of m\.example\.com is behind$/);
  });
});

describe('the login of a run', () => {
  const ask = async (headers: MetricsServer['headers'], environment: Readonly<Record<string, string>>) => {
    const server = await scripted();
    const { source, registry } = openAs(serverOf(server.url, { headers }), environment);
    await source.series({ query: 'x', from: 1000, to: 2000, stepMs: 1000 }, new AbortController().signal);
    return { headers: server.asked[0]?.headers ?? {}, registry, url: server.url };
  };

  test('is the value behind the reference, masked from then on', async () => {
    const { headers, registry } = await ask({ Authorization: 'env:TOKEN' }, { TOKEN: 'Bearer abcdefgh12345678' });
    expect(headers.authorization).toBe('Bearer abcdefgh12345678');
    expect(registry.mask('sent abcdefgh12345678')).toBe('sent [secret metrics-login]');
  });

  test('may be the token alone', async () => {
    const { headers } = await ask({ authorization: 'env:TOKEN' }, { TOKEN: 'abcdefgh12345678\n' });
    expect(headers.authorization).toBe('Bearer abcdefgh12345678');
  });

  test('of PROMETHEUS_URL is used for its server', async () => {
    const server = await scripted();
    const url = server.url.replace('http://', 'http://bob:long-password@');
    const { source } = openAs(serverOf(server.url, { from: 'environment' }), { PROMETHEUS_URL: url });
    await source.series({ query: 'x', from: 1000, to: 2000, stepMs: 1000 }, new AbortController().signal);
    expect(server.asked[0]?.headers.authorization).toBe(`Basic ${btoa('bob:long-password')}`);
  });

  test('that is not there is a fault that names the reference', async () => {
    const server = await scripted();
    const { source } = openAs(serverOf(server.url, { headers: { Authorization: 'env:TOKEN' } }));
    const asked = source.series({ query: 'x', from: 1000, to: 2000, stepMs: 1000 }, new AbortController().signal);
    await expect(asked).rejects.toThrow('secret env:TOKEN could not be resolved: the variable is not set');
    expect(server.asked).toHaveLength(0);
  });
});
