import { STATUS_CODES } from 'node:http';
import { bounded } from './bounded.ts';
import { MetricsFault } from './metrics-fault.ts';

/** An answer as it came. */
export interface RawAnswer {
  readonly url: string;
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
}

const denialMs = 60_000;

/** Anything but a success of Prometheus; null when the status is one. `json`: the body, null when it is none. */
export const statusFault = (answer: RawAnswer, json: unknown, now: number): MetricsFault | null => {
  const { status, headers, url } = answer;
  if (status >= 300 && status < 400) return new MetricsFault(redirected(headers.location, url));
  const said = apiError(json);
  const words = said ?? firstLine(answer);
  switch (status) {
    case 401:
      return new MetricsFault(withWords('login expired or missing', words), { worthAgain: 'login' });
    case 403:
      return new MetricsFault(withWords('denied (HTTP 403)', words), { pauseMs: denialMs, pauseOf: 'query' });
    case 429: {
      const pauseMs = retryAfterMs(headers['retry-after'], now);
      const again = pauseMs === 0 ? '' : `, again in ${Math.ceil(pauseMs / 1000)} s`;
      return new MetricsFault(`asked too often (HTTP 429)${again}`, { pauseMs });
    }
    default:
      if (said !== null) return new MetricsFault(said);
      if (status < 400) return null;
      return new MetricsFault(withWords(`HTTP ${status} ${STATUS_CODES[status] ?? ''}`.trim(), words));
  }
};

/** What came is not what Prometheus answers: `not a Prometheus answer (text/html, 18 bytes)`. */
export const notPrometheus = ({ headers, body }: RawAnswer): MetricsFault => {
  const type = (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  const kind = type === '' ? 'no type' : bounded(type, 60);
  return new MetricsFault(`not a Prometheus answer (${kind}, ${body.length} bytes)`);
};

/** `bad_data: invalid parameter "query": …`; null when it is no error of the API. */
const apiError = (json: unknown): string | null => {
  if (typeof json !== 'object' || json === null) return null;
  const { status, errorType, error } = json as Readonly<Record<string, unknown>>;
  if (status !== 'error') return null;
  return [errorType, error].filter((part) => typeof part === 'string' && part !== '').join(': ') || 'status: error';
};

/** Without the query of the address: a login's holds states and tokens. */
const redirected = (location: string | undefined, base: string): string => {
  const to = location === undefined ? null : URL.parse(location, base);
  return to === null ? 'redirected, without an address' : `redirected to ${to.origin}${to.pathname} (login?)`;
};

/** Pages are not shown, only text that somebody wrote for people. */
const firstLine = ({ headers, body }: RawAnswer): string => {
  if (!(headers['content-type'] ?? '').toLowerCase().startsWith('text/plain')) return '';
  return bounded(body.subarray(0, 1000).toString('utf8').trim().split('\n')[0] ?? '', 200);
};

const withWords = (what: string, words: string): string => (words === '' ? what : `${what}: ${words}`);

/** A server that asks for an hour is asked again after five minutes: somebody waits at a gate. */
const longestPauseMs = 300_000;

const retryAfterMs = (header: string | undefined, now: number): number => {
  if (header === undefined) return 0;
  const ms = /^\d+$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isNaN(ms) ? 0 : Math.min(Math.max(0, ms), longestPauseMs);
};
