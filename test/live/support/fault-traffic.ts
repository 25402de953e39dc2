import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { type Agent, request } from 'node:https';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { answerStatus, errorEvent, type Fault } from './fault-answers.ts';

export interface SeenRequest {
  /** Milliseconds of `performance.now()`. */
  readonly at: number;
  readonly method: string;
  /** With the query. */
  readonly path: string;
  /** Common name of the client's certificate; undefined when it has none. */
  readonly user: string | undefined;
}

interface Rule {
  readonly path: RegExp;
  readonly fault: Fault;
  left: number;
}

/** An answer that is being passed on. */
export interface Stream {
  readonly response: ServerResponse;
  readonly upstream: IncomingMessage;
  readonly isWatch: boolean;
}

/** What the proxy knows while it runs. */
export interface State {
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

/** Takes one request of a client: the fault that is told for it, or the API server's answer. */
export const meet = (
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

export const endStream = (state: State, { response, upstream }: Stream, how: 'cleanly' | 'reset' | number): void => {
  if (how === 'reset') {
    reset(state, response.socket);
    return;
  }
  upstream.unpipe(response);
  if (typeof how === 'number') response.write(errorEvent(how));
  response.end();
  upstream.destroy();
};
