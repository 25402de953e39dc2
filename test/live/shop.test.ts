import { afterAll, beforeAll, expect, test } from 'vitest';
import { type LiveCluster, startCluster } from './support/cluster.ts';
import { type Prometheus, startPrometheus } from './support/prometheus.ts';
import { shopHistory } from './support/shop/history.ts';
import { type Shop, startShop } from './support/shop.ts';
import { deployTracks, imageOf, scaleTrack, trackDeployment } from './support/tracks.ts';
import { waitFor } from './support/wait.ts';

let cluster: LiveCluster;
let shop: Shop;
let prometheus: Prometheus;
beforeAll(async () => {
  cluster = await startCluster({ stages: 'healthy' });
  await deployTracks(cluster);
  shop = await startShop(cluster, { perSecond: 100 });
  const history = shopHistory({
    job: 'checkout',
    instance: shop.scrapeAddress,
    perSecond: 100,
    minutes: 10,
    until: Date.now() - 2000,
  });
  prometheus = await startPrometheus({ jobs: { checkout: [shop.scrapeAddress] }, history });
});
afterAll(async () => {
  await prometheus?.close();
  await shop?.stop();
  await cluster?.stop();
});

/** Null: no answer. */
const value = async (query: string): Promise<number | null> => {
  const [first] = await prometheus.query(query);
  return first === undefined ? null : Number(first.value[1]);
};

const rate = (matchers: string): string => `sum(rate(http_requests_total{service="checkout"${matchers}}[5s]))`;
const share = `${rate(',track="canary"')} / ${rate('')}`;

const between = (what: string, query: string, low: number, high: number, seconds = 20): Promise<unknown> =>
  waitFor(
    what,
    async () => {
      const now = await value(query);
      if (now !== null && now >= low && now <= high) return true;
      throw new Error(`${query} = ${now}`);
    },
    { seconds },
  );

test('what was before the test is there, and goes on', async () => {
  const range = async (query: string): Promise<readonly number[]> => {
    const now = Date.now() / 1000;
    const asked = `query=${encodeURIComponent(query)}&start=${now - 540}&end=${now}&step=15`;
    const answer = await fetch(`${prometheus.url}/api/v1/query_range?${asked}`);
    const { data } = (await answer.json()) as { data: { result: readonly { values: readonly [number, string][] }[] } };
    return (data.result[0]?.values ?? []).map(([, one]) => Number(one));
  };
  await between('100 requests a second', rate(''), 85, 115);
  const p95 = await range(`histogram_quantile(0.95, sum by (le) (rate(http_request_duration_seconds_bucket[1m])))`);
  expect(p95.length).toBeGreaterThanOrEqual(36);
  for (const one of p95) expect(Math.abs(one - 0.08)).toBeLessThan(0.012);
  for (const one of await range('sum(rate(http_requests_total[1m]))')) expect(Math.abs(one - 100)).toBeLessThan(25);
});

test('the traffic of each track follows its ready pods', async () => {
  await between('100 requests a second', rate(''), 85, 115);
  expect(await value(rate(',track="canary"'))).toBeNull();
  expect(await value(rate(',code=~"5.."')), 'no error was ever counted').toBeNull();
  await cluster.apply(trackDeployment('canary', 'v2.3.0', 0));
  await scaleTrack(cluster, 'canary', 3);
  await between('3 of 13', share, 0.19, 0.27);
  await scaleTrack(cluster, 'stable', 3);
  await between('3 of 6', share, 0.44, 0.56);
  await scaleTrack(cluster, 'canary', 0);
  await waitFor(
    'the series of the canary to end',
    async () => (await value('http_requests_total{track="canary"}')) === null,
  );
  await scaleTrack(cluster, 'stable', 10);
}, 90_000);

test('a fault of one version is in the metrics of its track within seconds, and of no other', async () => {
  await scaleTrack(cluster, 'canary', 10);
  const errors = (track: string): string =>
    `(${rate(`,track="${track}",code="500"`)} or vector(0)) / ${rate(`,track="${track}"`)}`;
  const p99 = (track: string): string =>
    `histogram_quantile(0.99, sum by (le) (rate(http_request_duration_seconds_bucket{track="${track}"}[5s])))`;
  await between('a healthy canary', p99('canary'), 0.06, 0.15);
  await shop.fault({ version: 'v2.3.0', errors: 0.2, medianMs: 200 });
  await between('errors of the canary', errors('canary'), 0.12, 0.28, 10);
  await between('a slow canary', p99('canary'), 0.22, 0.45, 10);
  expect(await value(errors('stable'))).toBe(0);
  await between('stable as before', p99('stable'), 0.06, 0.15);
  await shop.heal('v2.3.0');
  await between('the end of it', errors('canary'), 0, 0, 10);
  await scaleTrack(cluster, 'canary', 0);
}, 90_000);

test('a version comes with its image, and its health endpoint says which it is', async () => {
  const health = async (): Promise<{ status: number; body: unknown }> => {
    const response = await fetch(shop.healthUrl);
    return { status: response.status, body: await response.json() };
  };
  // The canary's last pods may answer for a second after they were scaled away.
  await waitFor('stable alone', async () => {
    const { status, body } = await health();
    return status === 200 && JSON.stringify(body) === '{"status":"healthy","version":"v2.2.5"}';
  });
  await shop.fault({ version: 'v2.3.1', healthy: false });
  await cluster.kubectl(['set', 'image', 'deployment/checkout', `app=${imageOf('v2.3.1')}`, '-n', 'production']);
  await waitFor('the new version', async () => {
    const { status, body } = await health();
    return status === 503 && JSON.stringify(body) === '{"status":"failing","version":"v2.3.1"}';
  });
  await shop.heal('v2.3.1');
  await waitFor('it to be well', async () => (await health()).status === 200);
}, 60_000);

test('while it is not scraped its data ages, and the service goes on', async () => {
  const age = 'time() - max(max_over_time(timestamp(http_requests_total{service="checkout"})[10m:1s]))';
  await between('fresh data', age, 0, 2.5);
  await shop.dieScrape();
  await between('data that ages', age, 6, 60, 15);
  expect(await value('up{job="checkout"}')).toBe(0);
  expect((await fetch(shop.healthUrl)).status).toBe(200);
  await shop.reviveScrape();
  await between('fresh data again', age, 0, 2.5, 10);
}, 60_000);

test('a Prometheus that was killed comes back with its data', async () => {
  const before = await value('max(max_over_time(http_requests_total[1m]))');
  await prometheus.kill();
  await expect(value('up')).rejects.toThrow();
  await prometheus.start();
  await between('the same counters', 'max(max_over_time(http_requests_total[1m]))', before ?? Number.NaN, Infinity, 10);
}, 60_000);
