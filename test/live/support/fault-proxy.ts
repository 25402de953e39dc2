import { readFileSync } from 'node:fs';
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { Agent, createServer, request } from 'node:https';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { KubeconfigOptions, LiveCluster } from './cluster-model.ts';
import { answerStatus, errorEvent, type Fault } from './fault-answers.ts';

export type { Fault } from './fault-answers.ts';

export interface SeenRequest {
  /** Milliseconds of `performance.now()`. */
  readonly at: number;
  readonly method: string;
  /** With the query. */
  readonly path: string;
  /** Common name of the client's certificate; undefined when it has none. */
  readonly user: string | undefined;
}

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

interface Rule {
  readonly path: RegExp;
  readonly fault: Fault;
  left: number;
}

interface Stream {
  readonly response: ServerResponse;
  readonly upstream: IncomingMessage;
  readonly isWatch: boolean;
}

interface State {
  rules: Rule[];
  silent: 'watches' | 'everything' | undefined;
  readonly streams: Set<Stream>;
  readonly held: Set<() => void>;
  readonly sockets: Set<Socket>;
  readonly requests: SeenRequest[];
}

/** Resets a connection: a TLS socket cannot do it itself, the TCP socket under it is the one with the same port. */
const reset = (state: State, socket: Socket | null): void => {
  for (const tcp of state.sockets) if (tcp.remotePort === socket?.remotePort) tcp.resetAndDestroy();
};

const userOf = (socket: TLSSocket): { user: string; groups: string[] } | undefined => {
  if (!socket.authorized) return undefined;
  const { CN, O } = socket.getPeerCertificate().subject as { CN?: string; O?: string | string[] };
  return CN ? { user: CN, groups: O === undefined ? [] : [O].flat() } : undefined;
};

const headersFor = (incoming: IncomingMessage): OutgoingHttpHeaders => {
  const headers: OutgoingHttpHeaders = Object.fromEntries(
    Object.entries(incoming.headers).filter(([name]) => !name.startsWith('x-remote-') && name !== 'host'),
  );
  const named = headers.authorization ? undefined : userOf(incoming.socket as TLSSocket);
  return named
    ? {
        ...headers,
        'x-remote-user': named.user,
        ...(named.groups.length > 0 ? { 'x-remote-group': named.groups } : {}),
      }
    : headers;
};

const passOn = (
  state: State,
  agent: Agent,
  target: string,
  incoming: IncomingMessage,
  response: ServerResponse,
): void => {
  const path = incoming.url ?? '/';
  const isWatch = /[?&]watch=(true|1)/.test(path);
  const asked = request(
    `${target}${path}`,
    { method: incoming.method ?? 'GET', headers: headersFor(incoming), agent },
    (upstream) => {
      const stream: Stream = { response, upstream, isWatch };
      state.streams.add(stream);
      response.on('close', () => {
        state.streams.delete(stream);
        upstream.destroy();
      });
      upstream.on('error', () => response.destroy());
      response.writeHead(upstream.statusCode ?? 502, upstream.headers);
      response.flushHeaders();
      if (state.silent === 'everything' || (state.silent && isWatch)) state.held.add(() => upstream.pipe(response));
      else upstream.pipe(response);
    },
  );
  asked.on('error', () => response.destroy());
  response.on('close', () => asked.destroy());
  incoming.pipe(asked);
};

const ruleFor = (state: State, path: string): Fault | undefined => {
  const rule = state.rules.find((one) => one.left > 0 && one.path.test(path));
  if (!rule) return undefined;
  rule.left -= 1;
  return rule.fault;
};

const meet = (
  state: State,
  agent: Agent,
  target: string,
  incoming: IncomingMessage,
  response: ServerResponse,
): void => {
  const path = incoming.url ?? '/';
  const user = userOf(incoming.socket as TLSSocket)?.user;
  state.requests.push({ at: performance.now(), method: incoming.method ?? 'GET', path, user });
  const pass = (): void => passOn(state, agent, target, incoming, response);
  if (state.silent === 'everything') {
    state.held.add(() => {
      if (!response.destroyed) pass();
    });
    return;
  }
  const fault = ruleFor(state, path);
  switch (fault?.kind) {
    case undefined:
      return pass();
    case 'status':
      incoming.resume();
      return answerStatus(response, fault);
    case 'black-hole':
      incoming.resume();
      return;
    case 'reset':
      reset(state, incoming.socket);
      return;
    case 'delay': {
      const timer = setTimeout(pass, fault.ms);
      response.on('close', () => clearTimeout(timer));
    }
  }
};

const endStream = (state: State, { response, upstream }: Stream, how: 'cleanly' | 'reset' | number): void => {
  if (how === 'reset') {
    reset(state, response.socket);
    return;
  }
  upstream.unpipe(response);
  if (typeof how === 'number') response.write(errorEvent(how));
  response.end();
  upstream.destroy();
};

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
  const authority = readFileSync(cluster.authority.certificate);
  const server = createServer(
    {
      cert: readFileSync(own.certificate),
      key: readFileSync(own.key),
      ca: authority,
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
  return { server, authority };
};

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
  let agent: Agent | undefined;
  const { server, authority } = await listener(cluster, state, (incoming, response) => {
    if (agent) meet(state, agent, cluster.server, incoming, response);
  });
  agent = new Agent({
    keepAlive: true,
    ca: authority,
    cert: readFileSync(identity.certificate),
    key: readFileSync(identity.key),
  });
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
  await accept();
  const address = `https://127.0.0.1:${port}`;
  return {
    server: address,
    port,
    kubeconfigFor: (user, options = {}) => cluster.kubeconfigFor(user, { server: address, ...options }),
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
    refuse,
    accept,
    endWatches: (how = 'cleanly') => {
      const watches = [...state.streams].filter(({ isWatch }) => isWatch);
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
    openWatches: () => [...state.streams].filter(({ isWatch }) => isWatch).length,
    requests: () => state.requests,
    count: (path) => state.requests.filter((one) => path.test(one.path)).length,
    stop: async () => {
      await refuse();
      agent.destroy();
    },
  };
};
