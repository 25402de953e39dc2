import { mkdirSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import { folderOf, programOf, type Tool } from './binaries.ts';
import type { ClusterOptions, ServerName } from './cluster-model.ts';
import { kwokConfiguration } from './kwok-configuration.ts';
import { type Server, startServer } from './processes.ts';
import {
  apiServerArguments,
  type CertificatePaths,
  controllerArguments,
  etcdArguments,
  kwokArguments,
  type Ports,
  schedulerArguments,
} from './server-arguments.ts';
import { waitFor } from './wait.ts';

/** The running servers of one cluster, by name, and how each is started. */
export interface Servers {
  readonly start: (name: string) => Server;
  /** A program that is not one of the cluster's own servers. */
  readonly startOther: (name: string, program: string, args: readonly string[], env?: NodeJS.ProcessEnv) => Server;
  readonly get: (name: string) => Server;
  readonly apiIsReady: () => Promise<void>;
  /**
   * Ends whatever speaks to the API server, and starts it anew. Their watches back off up to two minutes after an
   * outage; where servers elect a leader or are supervised, they too end and begin again.
   */
  readonly restartItsClients: () => Promise<void>;
  /** The last `characters` of one log, or of every log. */
  readonly log: (name?: string, characters?: number) => string;
  readonly stopAll: () => Promise<void>;
}

export interface ServersInput {
  readonly folder: string;
  readonly ports: Ports;
  readonly paths: CertificatePaths;
  readonly kubeconfig: string;
  readonly options: ClusterOptions;
  readonly authorityText: string;
}

const commandOf = (name: ServerName, input: ServersInput): readonly [Tool, string[]] => {
  const { folder, ports, paths, kubeconfig, options } = input;
  const [qps, burst] = [options.kubeApiQps ?? 100, options.kubeApiBurst ?? 200];
  switch (name) {
    case 'etcd':
      return ['etcd', etcdArguments(folder, ports)];
    case 'kube-apiserver': {
      const tokens = join(folder, 'tokens.csv');
      writeFileSync(tokens, 'token-admin,admin,admin,"system:masters"\ntoken-viewer,viewer,viewer\n');
      return ['kubernetes', [...apiServerArguments(ports, paths, tokens), ...(options.apiServerArguments ?? [])]];
    }
    case 'kube-controller-manager':
      return ['kubernetes', controllerArguments(ports, kubeconfig, qps, burst)];
    case 'kube-scheduler':
      return ['kubernetes', schedulerArguments(ports, kubeconfig, qps, burst)];
    case 'kwok':
      return ['kwok', kwokArguments(ports, kubeconfig, kwokConfiguration(folder, options.stages ?? 'all'), paths)];
  }
};

const isServerName = (name: string): name is ServerName =>
  ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kwok'].includes(name);

/** The status of `GET /readyz`. */
const readyStatus = (port: number, ca: string): Promise<number> =>
  new Promise((done, failed) => {
    const asked = request({ host: '127.0.0.1', port, path: '/readyz', ca, timeout: 2000, agent: false }, (response) => {
      response.resume();
      done(response.statusCode ?? 0);
    });
    asked.on('timeout', () => asked.destroy(new Error('no answer in 2 s')));
    asked.on('error', failed);
    asked.end();
  });

export const openServers = (input: ServersInput): Servers => {
  const { folder, ports } = input;
  const logs = join(folder, 'logs');
  mkdirSync(logs, { recursive: true });
  const running = new Map<string, Server>();
  const starts = new Map<string, () => Server>();
  const log: Servers['log'] = (name, characters = 4000) =>
    [...running.values()]
      .filter((server) => name === undefined || server.name === name)
      .map(
        (server) =>
          `== ${server.name}${server.ended() ? ` (ended: ${server.ended()})` : ''}\n${server.log().slice(-characters)}`,
      )
      .join('\n');
  const startOther: Servers['startOther'] = (name, program, args, env) => {
    const begin = (): Server => {
      const logFile = join(logs, `${name}.log`);
      const server = startServer(name, program, args, { logFile, env: { HOME: folder, ...env } });
      running.delete(name);
      running.set(name, server);
      return server;
    };
    starts.set(name, begin);
    return begin();
  };
  const get: Servers['get'] = (name) => {
    const server = running.get(name);
    if (!server) throw new Error(`no server ${name}; there are ${[...running.keys()].join(', ')}`);
    return server;
  };
  return {
    startOther,
    get,
    log,
    start: (name) => {
      if (!isServerName(name)) throw new Error(`no such server: ${name}`);
      const [tool, args] = commandOf(name, input);
      return startOther(
        name,
        name === 'etcd' || name === 'kwok' ? programOf(tool, name) : join(folderOf(tool), name),
        args,
      );
    },
    apiIsReady: async () => {
      const ended = () => ['etcd', 'kube-apiserver'].find((name) => get(name).ended() !== undefined);
      await waitFor(
        'the API server to be ready',
        async () => ended() !== undefined || (await readyStatus(ports.api, input.authorityText)) === 200,
        { seconds: 90 },
      );
      if (ended()) throw new Error(`${ended()} did not stay up`);
    },
    restartItsClients: async () => {
      const clients = [...starts].filter(([name]) => name !== 'etcd' && name !== 'kube-apiserver');
      await Promise.all(
        clients.map(async ([name, begin]) => {
          await get(name).stop(1);
          begin();
        }),
      );
    },
    stopAll: async () => {
      const all = [...running.values()];
      // etcd last: the others complain at length when it is gone.
      await Promise.all(all.filter(({ name }) => name !== 'etcd').map((server) => server.stop(1)));
      await Promise.all(all.map((server) => server.stop(1)));
    },
  };
};
