/** What a request carries to prove who asks. */
export interface Authentication {
  /** Several values are sent as one line each. */
  readonly headers: Readonly<Record<string, string | string[]>>;
  /** PEM of a client certificate and its key; null = none. */
  readonly cert: string | null;
  readonly key: string | null;
}

/** The user of a kubeconfig: kept in memory, renewed when it expires. */
export interface Credentials {
  /** Runs the exec plugin when needed. Rejects with ExpectedError E605. */
  now(): Promise<Authentication>;
  /** After a 401: the next `now` gets a new one. False when it cannot be renewed. */
  renew(): Promise<boolean>;
}

/** Where an API server is and how it is known to be the right one. */
export interface Endpoint {
  /** `https://10.0.0.1:6443`, with a path where a gateway needs one. */
  readonly server: string;
  /** PEM of the certificate authority; null = the system's. */
  readonly ca: string | null;
  /** The kubeconfig says not to verify the server's certificate. */
  readonly insecure: boolean;
  /** Name expected in the certificate; null = the host of `server`. */
  readonly tlsServerName: string | null;
  /** `http://`, `https://` or `socks5://`; null = direct. */
  readonly proxyUrl: string | null;
  readonly credentials: Credentials;
  /** The command that logs in again, for messages; null = not known. */
  readonly loginCommand: string | null;
}

export interface ListReading {
  /** Each item becomes what this gives, as soon as it is parsed: 500 objects at once are a burden. */
  item(object: unknown): unknown;
  /** Called with a long list before its items are parsed, with what it says until then. */
  head?(list: unknown): void;
}

export interface RequestOptions {
  readonly signal?: AbortSignal;
  /** From the start to the last byte, for a stream to its headers. Default 5,000. */
  readonly timeoutMs?: number;
  /** Bound of the answer's body. Default 8 MiB; a stream has none. */
  readonly maxBytes?: number;
  /** How a list is read; only for lists. */
  readonly list?: ListReading;
}

export type SendMethod = 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/**
 * One API server as one user. Everything rejects with `ApiProblem`; a 401 renews the credential once by itself.
 * Paths begin with `/` and carry their query.
 */
export interface ApiConnection {
  readonly endpoint: Endpoint;
  getJson(path: string, options?: RequestOptions): Promise<unknown>;
  /** For reviews and leases. A compare-and-set that lost rejects with kind `conflict`. */
  send(
    method: SendMethod,
    path: string,
    body: unknown,
    contentType?: string,
    options?: RequestOptions,
  ): Promise<unknown>;
  /** Resolves once the server accepted it; the body ends when the server ends it, and rejects with `ApiProblem`. */
  stream(path: string, options?: RequestOptions): Promise<AsyncIterable<Uint8Array>>;
  /** Server's clock minus ours in milliseconds, by the last answer's `Date` (whole seconds); null before the first. */
  clockSkewMs(): number | null;
  /** Ends every request that is open. */
  close(): Promise<void>;
}
