import { mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Latencies, measureOperator } from './cluster/operator.ts';
import { runPeer } from './cluster/peers.ts';
import { type Cluster, missingServer, startThousands } from './cluster/thousands.ts';
import { buildWatchProcess, runWatch } from './cluster/watch.ts';

interface Measured {
  readonly name: string;
  readonly figures: Readonly<Record<string, string>>;
}

const pods = 10_000;
const rounds = 5;

const sorted = (values: readonly number[]): readonly number[] => values.toSorted((a, b) => a - b);
const percentile = (values: readonly number[], share: number): number =>
  sorted(values)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? Number.NaN;
const median = (values: readonly number[]): number => percentile(values, 0.5);
const ms = (value: number): string => `${value.toFixed(0)} ms`;
const mb = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`;
/** Programs that wanted a processor in the last minute, these included. */
const load = (): string => (loadavg()[0] ?? Number.NaN).toFixed(1);
/** The median and the worst round. */
const spread = (values: readonly number[]): string => `${ms(median(values))} (${ms(Math.max(...values))})`;

const several = async <T>(once: () => Promise<T>): Promise<readonly T[]> => {
  const all: T[] = [];
  for (let round = 0; round < rounds; round += 1) all.push(await once());
  return all;
};

const watchRow = async (cluster: Cluster): Promise<Measured> => {
  const folder = await mkdtemp(join(tmpdir(), 'gonogo-bench-'));
  try {
    const program = await buildWatchProcess(folder);
    const all = await several(() => runWatch(program, cluster, pods));
    return {
      name: '10,000 pods, from the start of the watch',
      figures: {
        'first rows': spread(all.map((each) => each.firstRows)),
        'all counted': spread(all.map((each) => each.allCounted)),
        'processor time': ms(median(all.map((each) => each.cpu))),
        'longest hold of the event loop': spread(all.map((each) => each.longestHold)),
        'heap over idle': mb(Math.max(...all.map((each) => each.kept))),
        'peak while listing': mb(Math.max(...all.map((each) => each.peak))),
        'whole process': mb(Math.max(...all.map((each) => each.rss))),
        load: load(),
        budget: 'first rows <= 500 ms, all counted <= 2,000 ms, heap <= 120 MB',
      },
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

const peersRow = async (cluster: Cluster): Promise<Measured> => {
  const path = '/api/v1/namespaces/default/pods';
  const get = await several(() => runPeer(cluster, ['get', 'pods', '-l', 'app=checkout']));
  const raw = await several(() => runPeer(cluster, ['get', '--raw', path]));
  const page = await several(() => runPeer(cluster, ['get', '--raw', `${path}?limit=500`]));
  return {
    name: '10,000 pods, for comparison',
    figures: {
      'kubectl get pods': spread(get.map((each) => each.ms)),
      'its memory': mb(Math.max(...get.map((each) => each.memory))),
      'raw list': spread(raw.map((each) => each.ms)),
      'first page of 500': spread(page.map((each) => each.ms)),
      load: load(),
    },
  };
};

const latencies = (values: Latencies): Record<string, string> => ({
  keys: String(values.length),
  p50: ms(median(values)),
  p99: ms(percentile(values, 0.99)),
  longest: ms(Math.max(...values)),
});

const keyRows = async (cluster: Cluster): Promise<readonly Measured[]> => {
  const { listing, quiet, storm } = await measureOperator(cluster);
  return [
    { name: '10,000 pods, key to frame, nothing changes', figures: { ...latencies(quiet) } },
    {
      name: '10,000 pods, key to frame while they are listed',
      figures: { ...latencies(listing), budget: '<= 50 ms' },
    },
    {
      name: '10,000 pods, key to frame while 5,000 change and 10,000 lines/s stream',
      figures: {
        ...latencies(storm.latencies),
        'changes/s': storm.changesPerSecond.toFixed(0),
        'processor, screen': `${(100 * storm.screenCpu).toFixed(0)} % of a core`,
        'processor, runner': `${(100 * storm.runnerCpu).toFixed(0)} % of a core`,
        terminal: `${(storm.bytesPerSecond / 1e3).toFixed(0)} KB/s`,
        load: load(),
        budget: 'p50 <= 10 ms, p99 <= 50 ms, <= 25 % of a core, <= 60 KB/s',
      },
    },
  ];
};

/** The measurements in front of a cluster that is there. */
export const measureIn = async (cluster: Cluster): Promise<readonly Measured[]> => [
  await watchRow(cluster),
  await peersRow(cluster),
  ...(await keyRows(cluster)),
];

/** 10,000 pods of one Deployment on a real API server. Without the servers it says that nothing was measured. */
export const measure = async (): Promise<readonly Measured[]> => {
  const missing = missingServer();
  if (missing !== null) {
    console.error(
      `\n*** CLUSTER: NOT RUN: ${missing} was not built; test/live/tools/build.sh builds the servers ***\n`,
    );
    return [{ name: '10,000 pods', figures: { 'NOT RUN': 'the real servers are not built here' } }];
  }
  console.log(`starting ${pods} pods, load ${load()}`);
  const cluster = await startThousands(pods);
  try {
    return await measureIn(cluster);
  } finally {
    await cluster.stop();
  }
};
