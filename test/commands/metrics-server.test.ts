import { describe, expect, test } from 'vitest';
import {
  chooseMetrics,
  environmentLogin,
  type MetricsPlace,
  sameClusterOf,
} from '../../src/commands/metrics-server.ts';
import { ExpectedError } from '../../src/text/errors.ts';

const bound = (url: string, headers: Readonly<Record<string, string>> = {}) => ({
  prometheus: [{ context: '^prod', url, headers }],
});

const choose = (place: Partial<MetricsPlace>) =>
  chooseMetrics({
    option: null,
    context: 'prod-eu',
    settings: { prometheus: [] },
    environment: {},
    sameCluster: null,
    ...place,
  });

const option = 'https://one.example.com';
const settings = bound('https://two.example.com');
const environment = { PROMETHEUS_URL: 'https://three.example.com' };

describe('the metrics server of a run', () => {
  test.each<[string, Partial<MetricsPlace>, string | null, string | null]>([
    ['the option comes first', { option, settings, environment }, 'one.example.com', 'option'],
    ['then the settings', { settings, environment }, 'two.example.com', 'settings'],
    ['but not those of another context', { settings, environment, context: 'dev' }, 'three.example.com', 'environment'],
    ['then the environment', { environment }, 'three.example.com', 'environment'],
    ['nothing names one', {}, null, null],
    ['an empty variable names none', { environment: { PROMETHEUS_URL: '' } }, null, null],
  ])('%s', (_, place, name, from) => {
    const { server, problem } = choose(place);
    expect([server?.name ?? null, server?.from ?? null]).toEqual([name, from]);
    expect(problem).toBeNull();
  });

  test.each([
    ['https://m.example.com/', 'https://m.example.com', 'm.example.com'],
    ['http://10.0.0.1:9090', 'http://10.0.0.1:9090', '10.0.0.1:9090'],
    ['https://m.example.com/tenants/shop/', 'https://m.example.com/tenants/shop', 'm.example.com'],
    ['https://m.example.com/api/v1/query', 'https://m.example.com', 'm.example.com'],
  ])('%s is asked at %s', (given, url, name) => {
    expect(choose({ option: given }).server).toMatchObject({ url, name });
  });

  test.each([
    ['m.example.com:9090', 'is not an http or https address'],
    ['file:///etc/passwd', 'is not an http or https address'],
    ['', 'is not an http or https address'],
    ['https://m.example.com/?tenant=7', 'has a "?" or "#", which queries cannot be appended to'],
    ['https://bob:s3cr3t@m.example.com', 'holds a user or password, for others to see'],
  ])('as an option, %s is refused', (given, message) => {
    const refusal = (() => {
      try {
        return choose({ option: given });
      } catch (error) {
        return error;
      }
    })();
    expect(refusal).toBeInstanceOf(ExpectedError);
    expect(refusal).toMatchObject({ message, place: '--prometheus' });
  });

  test('a variable that is no address stops nothing', () => {
    expect(choose({ environment: { PROMETHEUS_URL: 'm.example.com' } })).toMatchObject({
      server: null,
      problem: { message: 'PROMETHEUS_URL: is not an http or https address' },
    });
  });
});

describe('logins', () => {
  const headers = { Authorization: 'env:TOKEN' };

  test('go with the address that the settings bind to them, however it was named', () => {
    const url = 'https://two.example.com';
    expect(choose({ settings: bound(url, headers) }).server?.headers).toEqual(headers);
    expect(choose({ option: `${url}/`, settings: bound(url, headers) }).server?.headers).toEqual(headers);
  });

  test('go nowhere else', () => {
    expect(choose({ option, settings: bound('https://two.example.com', headers) }).server?.headers).toEqual({});
  });

  test.each(['Authorization', 'Cookie', 'X-Api-Key', 'X-Auth-Token'])('%s does not go unencrypted', (name) => {
    const { server, problem } = choose({ settings: bound('http://m.example.com', { [name]: 'env:TOKEN' }) });
    expect(server).toBeNull();
    expect(problem?.message).toBe(`m.example.com is not asked: ${name} would go there without encryption`);
  });

  test.each(['http://127.0.0.1:9090', 'http://localhost:9090', 'http://[::1]:9090', 'https://m.example.com'])(
    'they may go to %s',
    (url) => {
      expect(choose({ settings: bound(url, headers) }).server?.headers).toEqual(headers);
    },
  );

  test('a tenant is no login', () => {
    const tenant = { 'X-Scope-OrgID': 'env:TENANT' };
    expect(choose({ settings: bound('http://m.example.com', tenant) }).server?.headers).toEqual(tenant);
  });

  test('those of PROMETHEUS_URL are kept out of the address', () => {
    const login = { PROMETHEUS_URL: 'https://bob:p%40ss@m.example.com/prom' };
    const { server } = choose({ environment: login });
    expect(server).toEqual({
      url: 'https://m.example.com/prom',
      name: 'm.example.com',
      headers: {},
      from: 'environment',
      sameCluster: null,
    });
    expect(environmentLogin({ url: 'https://m.example.com/prom' }, login)).toBe(`Basic ${btoa('bob:p@ss')}`);
    expect(environmentLogin({ url: 'https://other.example.com/prom' }, login)).toBeNull();
  });

  test('those of PROMETHEUS_URL do not go unencrypted', () => {
    const { server, problem } = choose({ environment: { PROMETHEUS_URL: 'http://bob:pass@m.example.com' } });
    expect(server).toBeNull();
    expect(problem?.message).toContain('the password of PROMETHEUS_URL would go there without encryption');
  });
});

test('inputs stay values in the query about the cluster', () => {
  const target = { sameCluster: 'count(up{cluster="${cluster}"})' } as Parameters<typeof sameClusterOf>[0]['target'];
  const given = { cluster: { value: 'a"} or up{x="', source: 'option' as const } };
  expect(sameClusterOf({ target }, given)).toBe('count(up{cluster="a\\x22} or up{x=\\x22"})');
  expect(sameClusterOf({ target: null }, given)).toBeNull();
});
