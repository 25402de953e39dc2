import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Agent, createServer, type Server } from 'node:https';
import type { KubeconfigOptions, LiveCluster } from './cluster-model.ts';
import type { Fault } from './fault-answers.ts';
import { endStream, meet, type SeenRequest, type State, type Stream } from './fault-traffic.ts';

export type { Fault } from './fault-answers.ts';
export type { SeenRequest } from './fault-traffic.ts';

/**
 * Stands in front of the API server, under an address of its own and a certificate of the same authority.
 *
 * A client certificate cannot be handed on: the proxy does not have its key. So it checks the certificate itself and names
 * user and groups to the API server in the X-Remote headers of an authenticating front proxy, with a certificate that the
 * API server was told to believe. Bearer tokens are passed through. HTTP/1.1 only; no upgrades (exec, port-forward).
 */
export interface FaultProxy {
  readonly server: string;
  readonly port: number;
  /** As the cluster's, with the proxy's address. */
  readonly kubeconfigFor: (user: string, options?: KubeconfigOptions) => Promise<string>;
  /** Requests whose path with query matches meet the fault, `times` times (default: always). Returns its removal. */
  readonly fault: (path: RegExp, fault: Fault, times?: number) => () => void;
  /** Passes everything through again. Held streams go on. */
  readonly heal: () => Promise<void>;
  /** Nobody listens on the port, and open connections are reset. */
  readonly refuse: () => Promise<void>;
  readonly accept: () => Promise<void>;
  /** Ends open watches: cleanly, with an ERROR event of that code, or with a reset. Returns how many. */
  readonly endWatches: (how?: 'cleanly' | 'reset' | number) => number;
  /** Connections stay up, but nothing arrives any more: of open watches only, or of everything, new requests included. */
  readonly goSilent: (what?: 'watches' | 'everything') => void;
  readonly openWatches: () => number;
  readonly requests: () => readonly SeenRequest[];
  /** How many requests had a path that matches. */
  readonly count: (path: RegExp) => number;
  readonly stop: () => Promise<void>;
}

/** The listening side: its own certificate, client certificates asked for but not required. */
const listener = async (
  cluster: LiveCluster,
  state: State,
  handle: (i: IncomingMessage, r: ServerResponse) => void,
) => {
  const own = await cluster.authority.issue('fault-proxy', {
    user: 'fault-proxy',
    addresses: ['IP:127.0.0.1', 'DNS:localhost'],
  });
  const server = createServer(
    {
      cert: readFileSync(own.certificate),
      key: readFileSync(own.key),
      ca: readFileSync(cluster.authority.certificate),
      requestCert: true,
      rejectUnauthorized: false,
      ALPNProtocols: ['http/1.1'],
      keepAliveTimeout: 120_000,
    },
    handle,
  );
  server.on('connection', (socket) => {
    state.sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => state.sockets.delete(socket));
  });
  server.on('tlsClientError', () => {});
  return server;
};

/** Listening, and not listening, on one port that stays the same. */
const door = (server: Server, state: State) => {
  let port = 0;
  const accept = (): Promise<void> =>
    new Promise((done, failed) => {
      if (server.listening) return done();
      server.once('error', failed);
      server.listen(port, '127.0.0.1', () => {
        server.off('error', failed);
        port = (server.address() as { port: number }).port;
        done();
      });
    });
  const refuse = (): Promise<void> =>
    new Promise((done) => {
      if (server.listening) server.close(() => done());
      else done();
      for (const socket of state.sockets) socket.resetAndDestroy();
    });
  return { accept, refuse, port: () => port };
};

const watchesOf = (state: State): Stream[] => [...state.streams].filter(({ isWatch }) => isWatch);

const faultsOn = (
  state: State,
  accept: () => Promise<void>,
): Pick<FaultProxy, 'fault' | 'heal' | 'endWatches' | 'goSilent'> => ({
  fault: (path, fault, times = Number.POSITIVE_INFINITY) => {
    const rule = { path, fault, left: times };
    state.rules.push(rule);
    return () => {
      state.rules = state.rules.filter((one) => one !== rule);
    };
  },
  heal: async () => {
    state.rules = [];
    state.silent = undefined;
    const held = [...state.held];
    state.held.clear();
    for (const goOn of held) goOn();
    await accept();
  },
  endWatches: (how = 'cleanly') => {
    const watches = watchesOf(state);
    for (const watch of watches) endStream(state, watch, how);
    return watches.length;
  },
  goSilent: (what = 'everything') => {
    state.silent = what;
    for (const { upstream, response, isWatch } of state.streams) {
      if (what === 'watches' && !isWatch) continue;
      upstream.unpipe(response);
      state.held.add(() => upstream.pipe(response));
    }
  },
});

/** Starts the proxy in front of the cluster's API server; needs the cluster to be there, not its API server to be up. */
export const startFaultProxy = async (cluster: LiveCluster): Promise<FaultProxy> => {
  const state: State = {
    rules: [],
    silent: undefined,
    streams: new Set(),
    held: new Set(),
    sockets: new Set(),
    requests: [],
  };
  const identity = await cluster.proxyAuthority.issue('front-proxy', { user: 'front-proxy' });
  const agent = new Agent({
    keepAlive: true,
    ca: readFileSync(cluster.authority.certificate),
    cert: readFileSync(identity.certificate),
    key: readFileSync(identity.key),
  });
  const server = await listener(cluster, state, (incoming, response) =>
    meet(state, agent, cluster.server, incoming, response),
  );
  const { accept, refuse, port } = door(server, state);
  await accept();
  const address = `https://127.0.0.1:${port()}`;
  return {
    ...faultsOn(state, accept),
    server: address,
    port: port(),
    kubeconfigFor: (user, options = {}) => cluster.kubeconfigFor(user, { server: address, ...options }),
    refuse,
    accept,
    openWatches: () => watchesOf(state).length,
    requests: () => state.requests,
    count: (path) => state.requests.filter((one) => path.test(one.path)).length,
    stop: async () => {
      await refuse();
      agent.destroy();
    },
  };
};
