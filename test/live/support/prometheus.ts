import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts, runCommand, type Server, startServer } from './processes.ts';
import { waitFor } from './wait.ts';

export interface PrometheusOptions {
  /** What is scraped, every second, by job: `{ checkout: ['127.0.0.1:8080'] }`. */
  readonly jobs: Readonly<Record<string, readonly string[]>>;
  /** Labels that every series of a job carries. */
  readonly labels?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly scrapeSeconds?: number;
  /** Another store that every query asks too; while that does not answer, answers are partial. */
  readonly remoteRead?: string;
  /** OpenMetrics text with times: what it knows from before its start. */
  readonly history?: string;
}

/** A real Prometheus on loopback, with an empty store of its own. */
export interface Prometheus {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  readonly server: Server;
  /** The `data.result` of an instant query, as it came. Throws for anything but success. */
  query(query: string): Promise<readonly { readonly value: readonly [number, string] }[]>;
  /** Stops it, as a crash would; `start` brings it back with its data, at the same address. */
  kill(): Promise<void>;
  start(): Promise<void>;
  close(): Promise<void>;
}

/** Path of the program. Throws when it is not installed: the suite fails rather than pass without it. */
export const prometheusProgram = (): string => {
  const found = (process.env.PATH ?? '')
    .split(':')
    .map((folder) => join(folder, 'prometheus'))
    .find((path) => existsSync(path));
  if (found === undefined)
    throw new Error('PROMETHEUS IS NOT INSTALLED: the live tests of metrics need it: apt-get install prometheus');
  return found;
};

const configurationOf = ({ jobs, labels = {}, scrapeSeconds = 1, remoteRead }: PrometheusOptions): string =>
  // JSON is YAML.
  JSON.stringify({
    global: { scrape_interval: `${scrapeSeconds}s`, scrape_timeout: `${scrapeSeconds}s` },
    scrape_configs: Object.entries(jobs).map(([job, targets]) => ({
      job_name: job,
      static_configs: [{ targets, labels: labels[job] ?? {} }],
    })),
    ...(remoteRead === undefined ? {} : { remote_read: [{ url: remoteRead, read_recent: true }] }),
  });

/** Into blocks, as whoever moves to Prometheus brings in what another system knew. */
const keepHistory = async (folder: string, history: string): Promise<void> => {
  const file = join(folder, 'history.txt');
  writeFileSync(file, history);
  const { exit, stderr } = await runCommand('promtool', [
    'tsdb',
    'create-blocks-from',
    'openmetrics',
    '--quiet',
    file,
    join(folder, 'data'),
  ]);
  if (exit !== 0) throw new Error(`promtool made no blocks: ${stderr}`);
};

export const startPrometheus = async (options: PrometheusOptions): Promise<Prometheus> => {
  const program = prometheusProgram();
  const folder = mkdtempSync(join(tmpdir(), `gonogo-live-${process.pid}-prometheus-`));
  const configuration = join(folder, 'prometheus.yml');
  writeFileSync(configuration, configurationOf(options));
  const [port] = (await freePorts(1)) as [number];
  const url = `http://127.0.0.1:${port}`;
  const args = [
    `--config.file=${configuration}`,
    `--storage.tsdb.path=${join(folder, 'data')}`,
    `--web.listen-address=127.0.0.1:${port}`,
    '--log.level=warn',
  ];
  if (options.history !== undefined) await keepHistory(folder, options.history);
  let server: Server | null = null;
  const start = async (): Promise<void> => {
    const started = startServer('prometheus', program, args, { logFile: join(folder, 'log') });
    server = started;
    await waitFor('Prometheus to be ready', async () => {
      if (started.ended() !== undefined) throw new Error(`it ended: ${started.log().slice(-2000)}`);
      return (await fetch(`${url}/-/ready`)).ok;
    });
  };
  const close = async (): Promise<void> => {
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  await start().catch(async (error: unknown) => {
    await close();
    throw error;
  });
  return {
    url,
    get server() {
      return server as Server;
    },
    query: async (query) => {
      const answer = await fetch(`${url}/api/v1/query?query=${encodeURIComponent(query)}`);
      const body = (await answer.json()) as { status: string; error?: string; data: { result: [] } };
      if (body.status !== 'success') throw new Error(body.error);
      return body.data.result;
    },
    kill: async () => {
      await server?.stop(0);
    },
    start,
    close,
  };
};
