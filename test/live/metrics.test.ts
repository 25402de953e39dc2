import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { MetricQuestion, MetricReading } from '../../src/gates/metric.ts';
import { openMetrics } from '../../src/metrics/open-metrics.ts';
import type { MetricsSource } from '../../src/ports/metrics.ts';
import type { Answer } from '../support/metrics-answers.ts';
import { startMetrics } from '../support/metrics-server.ts';
import { type Exporter, startExporter } from './support/exporter.ts';
import { freePorts } from './support/processes.ts';
import { type Prometheus, startPrometheus } from './support/prometheus.ts';
import { waitFor } from './support/wait.ts';

const opened: { close(): unknown }[] = [];
afterAll(async () => {
  for (const one of opened.toReversed()) await one.close();
});

/** The age is asked at steps of 15 s, and samples come once a second. */
const coarse = 17_000;

const never = new AbortController().signal;

const sourceOf = (url: string, deadlineMs = 5000): MetricsSource => {
  const source = openMetrics({ url, name: 'metrics', deadlineMs });
  opened.push(source);
  return source;
};

const read = (source: MetricsSource, query: string, more: Partial<MetricQuestion> = {}): Promise<MetricReading> =>
  source.read({ query, stable: null, traffic: null, freshness: null, scrapeMs: null, counts: false, ...more }, never);

/** Answers of the scripted server to what the real one is asked, so that both are held to the same. */
const script: Readonly<Record<string, Answer>> = {
  gauge: 0.25,
  'sum(many)': 3,
  'missing > 0': null,
  '(sum(missing) or vector(0)) / sum(many)': 0,
  'sum(missing) / sum(many)': null,
  nan: Number.NaN,
  'gauge / 0': Number.POSITIVE_INFINITY,
  '-gauge / 0': Number.NEGATIVE_INFINITY,
  'scalar(gauge) * 4': { scalar: 1 },
  many: { series: 3, value: 1 },
  crowd: { series: 501, value: 1 },
  '"words"': { string: 'words' },
  'gauge[1m]': { matrix: true },
  'sum(gauge': {
    fault: {
      status: 400,
      errorType: 'bad_data',
      error: 'invalid parameter "query": 1:10: parse error: unclosed left parenthesis',
    },
  },
  'gauge * on(job) many': {
    fault: {
      status: 422,
      errorType: 'execution',
      error: 'found duplicate series for the match group {job="app"} on the right hand-side of the operation',
    },
  },
};

const expected: readonly (readonly [string, unknown])[] = [
  ['gauge', { kind: 'value', value: 0.25 }],
  ['sum(many)', { kind: 'value', value: 3 }],
  ['missing > 0', { kind: 'missing', missing: 'empty' }],
  ['(sum(missing) or vector(0)) / sum(many)', { kind: 'value', value: 0 }],
  ['sum(missing) / sum(many)', { kind: 'missing', missing: 'empty' }],
  ['nan', { kind: 'missing', missing: 'nan' }],
  ['gauge / 0', { kind: 'value', value: Number.POSITIVE_INFINITY }],
  ['-gauge / 0', { kind: 'value', value: Number.NEGATIVE_INFINITY }],
  ['scalar(gauge) * 4', { kind: 'value', value: 1 }],
  ['many', { kind: 'fault', because: '3 series, not one: add aggregation' }],
  ['crowd', { kind: 'fault', because: 'result too large, add aggregation' }],
  ['"words"', { kind: 'fault', because: 'a string, not a number' }],
  ['gauge[1m]', { kind: 'fault', because: expect.stringContaining('values over a time, not one number') }],
  ['sum(gauge', { kind: 'fault', because: expect.stringMatching(/^bad_data: invalid parameter "query": .*paren/) }],
  ['gauge * on(job) many', { kind: 'fault', because: expect.stringMatching(/^execution: found duplicate series/) }],
];

const startWorld = async (): Promise<{ exporter: Exporter; prometheus: Prometheus }> => {
  const exporter = await startExporter();
  opened.push(exporter);
  exporter.set('gauge', 0.25);
  exporter.set('nan', Number.NaN);
  for (const pod of ['a', 'b', 'c']) exporter.set(`many{pod="${pod}"}`, 1);
  for (let index = 0; index < 501; index += 1) exporter.set(`crowd{number="${index}"}`, 1);
  exporter.grow('requests_total', 50);
  const prometheus = await startPrometheus({ jobs: { app: [exporter.target] } });
  opened.push(prometheus);
  return { exporter, prometheus };
};

let world: Awaited<ReturnType<typeof startWorld>>;
let double: Awaited<ReturnType<typeof startMetrics>>;
beforeAll(async () => {
  [world, double] = await Promise.all([startWorld(), startMetrics(script)]);
  opened.push(double);
  await waitFor('the first scrape', async () => (await world.prometheus.query('gauge')).length > 0);
});

describe.each([
  ['the scripted server', () => double.url],
  ['Prometheus', () => world.prometheus.url],
])('%s', (_, url) => {
  test.each(expected)('%s', async (query, value) => {
    expect((await read(sourceOf(url()), query)).value).toEqual(value);
  });

  test('answers query, control and traffic at one time, on a clock like ours', async () => {
    const source = sourceOf(url());
    const reading = await read(source, 'gauge', { stable: 'sum(many)', traffic: 'scalar(gauge) * 4' });
    expect(reading).toMatchObject({
      value: { value: 0.25 },
      stable: { value: 3 },
      traffic: { value: 1 },
      warnings: [],
      infos: [],
    });
    expect(source.skewSeconds()).toBe(0);
  });

  test('tells the values of a window', async () => {
    const to = Date.now();
    const series = await sourceOf(url()).series({ query: 'gauge', from: to - 60_000, to, stepMs: 1000 }, never);
    expect(series.values).toHaveLength(61);
    expect(series.values.at(-1)).toBe(0.25);
    expect(series.values.filter((value) => value !== 0.25 && value !== null)).toEqual([]);
  });

  test('answers the most steps that are asked for', async () => {
    const to = Date.now();
    const request = { query: 'gauge', from: to - 10_999_000, to, stepMs: 1000 };
    expect((await sourceOf(url()).series(request, never)).values).toHaveLength(11_000);
  });

  test('answers a query that is too long for an address', async () => {
    const query = `sum(many) * ${'1 * '.repeat(2000)}1`;
    double.set(query, 3);
    expect((await read(sourceOf(url()), query)).value).toEqual({ kind: 'value', value: 3 });
  });
});

test('an answer is partial while another store does not', async () => {
  const { exporter } = world;
  const [port] = (await freePorts(1)) as [number];
  const remoteRead = `http://127.0.0.1:${port}/read`;
  const partial = await startPrometheus({ jobs: { app: [exporter.target] }, remoteRead });
  opened.push(partial);
  const source = sourceOf(partial.url);
  const reading = await waitFor('a value', async () => {
    const one = await read(source, 'gauge');
    return one.value.kind === 'value' ? one : null;
  });
  expect(reading.value).toEqual({ kind: 'value', value: 0.25 });
  expect(reading.warnings).toEqual([expect.stringContaining('remote_read: ')]);
});

test('what has long been silent is as old as it is, and in the end without age, though its numbers go on', async () => {
  const now = Math.floor(Date.now() / 1000);
  const ended = (series: string, seconds: number): readonly string[] => [
    `# TYPE ${series} gauge`,
    ...Array.from({ length: 20 }, (_, index) => `${series} 7 ${now - seconds - (20 - index) * 15}`),
  ];
  const history = [...ended('old', 720), ...ended('older', 1000), '# EOF', ''].join('\n');
  const silent = await startPrometheus({ jobs: {}, history });
  opened.push(silent);
  const source = sourceOf(silent.url);
  const old = await read(source, 'avg_over_time(old[30m])');
  expect(old.value).toEqual({ kind: 'value', value: 7 });
  expect(old.age.kind === 'known' && Math.abs(old.age.ms - 735_000)).toBeLessThan(coarse);
  const older = await read(source, 'avg_over_time(older[1h])');
  expect(older.value).toEqual({ kind: 'value', value: 7 });
  expect(older.age).toEqual({ kind: 'none' });
});

test('the age of a target counts from the moment it dies, though its rate goes on', async () => {
  const { exporter, prometheus } = world;
  const source = sourceOf(prometheus.url);
  const query = 'rate(requests_total[5m])';
  const alive = await waitFor('an age', async () => {
    const one = await read(source, query);
    return one.age.kind === 'known' ? one : null;
  });
  expect(alive.age.kind === 'known' && alive.age.ms).toBeLessThan(coarse);

  exporter.die();
  const diedAt = Date.now();
  await waitFor(
    'the first failed scrape',
    async () => (await prometheus.query('timestamp(requests_total)')).length === 0,
  );
  await waitFor('3 s of death', () => Date.now() - diedAt > 3000);
  const dead = await read(source, query);
  const { age, value } = dead;
  expect(value.kind).toBe('value');
  if (age.kind !== 'known') throw new Error(`no age, but ${JSON.stringify(age)}`);
  expect(age.ms).toBeGreaterThan(dead.at - diedAt - 1500);
  expect(age.ms).toBeLessThan(dead.at - diedAt + coarse);
});

test('a server that died is a fault, and answers again when it is back', async () => {
  const { prometheus } = world;
  const source = sourceOf(prometheus.url);
  await read(source, 'vector(1)');
  await prometheus.kill();
  expect((await read(source, 'vector(1)')).value).toEqual({ kind: 'fault', because: 'connection refused' });
  await prometheus.start();
  expect((await read(source, 'vector(1)')).value).toEqual({ kind: 'value', value: 1 });
});

test('a server that hangs is a fault when the time is over', async () => {
  const { prometheus } = world;
  prometheus.server.pause();
  try {
    const { value } = await read(sourceOf(prometheus.url, 1000), 'vector(1)');
    expect(value).toEqual({ kind: 'fault', because: 'no answer 1 s', late: true });
  } finally {
    prometheus.server.resume();
  }
});
