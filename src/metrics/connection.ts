import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { PrometheusDriver, type QueryResult } from 'prometheus-query';
import { type ApiAnswer, apiAnswer } from './api-answer.ts';
import { certificateOf, isCertificateFault } from './certificate-words.ts';
import type { Headers, Login } from './login.ts';
import { MetricsFault, tooLarge } from './metrics-fault.ts';
import { transportWords } from './transport-words.ts';

/** The ways to one server. */
export interface Connection {
  /** Rejects with `MetricsFault` and nothing else. */
  ask(question: Question, signal: AbortSignal): Promise<Told>;
  close(): void;
}

/** Of one query; the driver has no other state. */
export interface Question {
  readonly query: string;
  readonly ask: (driver: PrometheusDriver) => Promise<QueryResult>;
}

export interface Told extends Pick<ApiAnswer, 'warnings' | 'infos'> {
  readonly result: QueryResult;
}

/** When an answer was asked for and came, and what its server's clock showed: all UTC ms. */
export interface Dated {
  readonly sentAt: number;
  readonly receivedAt: number;
  readonly date: number;
}

export interface ConnectionOptions {
  /** Without credentials. */
  readonly url: string;
  readonly login: Login;
  readonly now: () => number;
  readonly onDate: (dated: Dated) => void;
}

type DriverOptions = ConstructorParameters<typeof PrometheusDriver>[0];
type Request = Parameters<NonNullable<DriverOptions['requestInterceptor']>['onFulfilled']>[0];
type Response = Parameters<NonNullable<DriverOptions['responseInterceptor']>['onFulfilled']>[0];

const limitBytes = 8 * 1024 * 1024;
/** As many as a Prometheus evaluates at the same time. */
const maxSockets = 20;
/** Longer addresses are cut or refused on the way. */
const longestGet = 2000;
/** Only a guard: every question has its own signal. */
const driverTimeoutMs = 60_000;

interface Ways {
  readonly http: HttpAgent;
  readonly https: HttpsAgent;
}

export const openConnection = (options: ConnectionOptions): Connection => {
  const { login } = options;
  const ways: Ways = {
    http: new HttpAgent({ keepAlive: true, maxSockets }),
    https: new HttpsAgent({ keepAlive: true, maxSockets }),
  };
  const once = async (question: Question, headers: Headers, signal: AbortSignal): Promise<Told> => {
    try {
      return await askOnce(question, headers, { ...options, ways, signal });
    } catch (error) {
      throw faultOf(error);
    }
  };
  return {
    ask: async (question, signal) => {
      const headers = await login.headers(signal);
      try {
        return await once(question, headers, signal);
      } catch (error) {
        const { worthAgain } = error as MetricsFault;
        if (worthAgain === null || signal.aborted) throw error;
        if (worthAgain === 'login' && !(await login.renew(headers, signal))) throw error;
        return await once(question, await login.headers(signal), signal);
      }
    },
    close: () => {
      ways.http.destroy();
      ways.https.destroy();
    },
  };
};

interface Asking extends ConnectionOptions {
  readonly ways: Ways;
  readonly signal: AbortSignal;
}

/** One request through a driver of its own: only so its interceptors know whose answer they see. */
const askOnce = async (question: Question, headers: Headers, asking: Asking): Promise<Told> => {
  const { url, now, onDate } = asking;
  const sentAt = now();
  let told: ApiAnswer | null = null;
  const driver = new PrometheusDriver({
    endpoint: url,
    headers: { 'user-agent': 'gonogo', ...headers },
    preferPost: question.query.length > longestGet,
    timeout: driverTimeoutMs,
    requestInterceptor: { onFulfilled: (request) => bound(request, asking) },
    responseInterceptor: {
      onFulfilled: (response) => {
        const receivedAt = now();
        const date = nowOf(headersOf(response));
        if (date !== null) onDate({ sentAt, receivedAt, date });
        const body = Buffer.from(response.data as Uint8Array);
        told = apiAnswer({ url, status: response.status, headers: headersOf(response), body }, receivedAt);
        return { ...response, data: { status: 'success', data: told.data } };
      },
      onRejected: async (error: unknown) => {
        throw await transportFault(error, asking);
      },
    },
  });
  const result = await question.ask(driver);
  const { warnings, infos } = told ?? { warnings: [], infos: [] };
  return { result, warnings, infos };
};

/** No redirects, no endless bodies, no proxy to this machine; the body as it came. */
const bound = (request: Request, { url, ways, signal }: Asking): Request => {
  if (request.method?.toUpperCase() === 'GET') delete request.data;
  return Object.assign(request, {
    signal,
    maxRedirects: 0,
    maxContentLength: limitBytes,
    responseType: 'arraybuffer',
    validateStatus: () => true,
    transformResponse: (data: unknown) => data,
    httpAgent: ways.http,
    httpsAgent: ways.https,
    ...(isLoopback(url) ? { proxy: false } : {}),
  });
};

/** Whether an address is of this machine: what is sent there cannot be read on the way. */
export const isLoopback = (url: string): boolean =>
  /^(localhost|127(\.\d+){3}|\[::1\])$/.test(URL.parse(url)?.hostname ?? '');

const headersOf = ({ headers }: Response): Readonly<Record<string, string | undefined>> =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value === undefined ? value : String(value)]),
  );

/** What the server's clock shows: a cache tells in `Age` for how long it has kept the answer with its `Date`. */
const nowOf = ({ date = '', age = '' }: ReturnType<typeof headersOf>): number | null => {
  const told = Date.parse(date);
  if (Number.isNaN(told)) return null;
  return told + (/^\d{1,9}$/.test(age) ? Number(age) * 1000 : 0);
};

const resets: ReadonlySet<unknown> = new Set(['ECONNRESET', 'EPIPE']);

const transportFault = async (error: unknown, { url, signal }: Asking): Promise<MetricsFault> => {
  if (signal.aborted) return signal.reason instanceof MetricsFault ? signal.reason : new MetricsFault('asked no more');
  const { code, message = '' } = error as { readonly code?: string; readonly message?: string };
  if (message.startsWith('maxContentLength')) return new MetricsFault(tooLarge);
  if (message.includes('aborted')) return new MetricsFault('the connection was closed in the middle of the answer');
  const words = transportWords(error);
  if (isCertificateFault(code)) {
    const certificate = await certificateOf(url, signal);
    return new MetricsFault(certificate === '' ? words : `${words} (${certificate})`);
  }
  return new MetricsFault(words, { worthAgain: resets.has(code) ? 'reset' : null });
};

/** The driver rejects with plain objects, which keep what was thrown as `original`. */
const faultOf = (error: unknown): MetricsFault => {
  if (error instanceof MetricsFault) return error;
  const { original, error: words, message } = error as Readonly<Record<'original' | 'error' | 'message', unknown>>;
  if (original instanceof MetricsFault) return original;
  return new MetricsFault(String(words ?? message ?? error));
};
