import { isIP } from 'node:net';
import { Agent, type Dispatcher, ProxyAgent } from 'undici';
import type { Authentication, Endpoint } from './connection.ts';

/**
 * A peer that vanished without a word ends its sockets within about 20 s: the probes of the kernel follow each other
 * every second once this time is over. A quiet watch would otherwise wait for a dead stream.
 */
const keepAliveInitialDelay = 10_000;

/** HTTP/1.1 only: with one connection per watch, a stalled one cannot hold up the others. */
const common = { allowH2: false, headersTimeout: 0, bodyTimeout: 0, keepAliveTimeout: 60_000, pipelining: 1 } as const;

/** How TLS to the API server is made, for the requests and for a look at a certificate that was refused. */
export const tlsOptions = (endpoint: Endpoint): { ca?: string; servername?: string; rejectUnauthorized: boolean } => {
  const host = new URL(endpoint.server).hostname.replace(/^\[|\]$/g, '');
  const servername = endpoint.tlsServerName ?? (isIP(host) === 0 ? host : null);
  return {
    rejectUnauthorized: !endpoint.insecure,
    ...(endpoint.ca === null ? {} : { ca: endpoint.ca }),
    ...(servername === null ? {} : { servername }),
  };
};

const dispatcherFor = (endpoint: Endpoint, { cert, key }: Authentication): Dispatcher => {
  const tls = {
    ...tlsOptions(endpoint),
    ...(cert === null || key === null ? {} : { cert, key }),
    allowH2: false,
    timeout: 10_000,
    keepAlive: true,
    keepAliveInitialDelay,
  };
  if (endpoint.proxyUrl === null) return new Agent({ ...common, connect: tls });
  return new ProxyAgent({ ...common, uri: endpoint.proxyUrl, requestTls: tls });
};

/** Sockets to one API server. A new client certificate gets new ones; requests on the old ones end in their time. */
export class Transport {
  readonly #endpoint: Endpoint;
  readonly #retired = new Set<Dispatcher>();
  #current: { readonly dispatcher: Dispatcher; readonly cert: string | null; readonly key: string | null } | null =
    null;

  constructor(endpoint: Endpoint) {
    this.#endpoint = endpoint;
  }

  /** Throws when the certificate or its key cannot be read. */
  for(authentication: Authentication): Dispatcher {
    const { cert, key } = authentication;
    if (this.#current !== null && this.#current.cert === cert && this.#current.key === key) {
      return this.#current.dispatcher;
    }
    const dispatcher = dispatcherFor(this.#endpoint, authentication);
    const previous = this.#current?.dispatcher;
    this.#current = { dispatcher, cert, key };
    if (previous !== undefined) {
      this.#retired.add(previous);
      const forget = (): void => void this.#retired.delete(previous);
      previous.close().then(forget, forget);
    }
    return dispatcher;
  }

  async close(): Promise<void> {
    const all = [...this.#retired, ...(this.#current === null ? [] : [this.#current.dispatcher])];
    this.#current = null;
    await Promise.allSettled(all.map((dispatcher) => dispatcher.destroy()));
  }
}
