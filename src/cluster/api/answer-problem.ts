import { ApiProblem, type ApiProblemKind } from './api-problem.ts';

const longest = 600;

const bounded = (text: string): string => (text.length <= longest ? text : `${text.slice(0, longest)}…`);

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

interface Status {
  readonly message: string | null;
  readonly reason: string | null;
  readonly code: number | null;
  readonly retryAfterMs: number | null;
}

/** Of a `Status` object, the API's form of an error. */
export const readStatus = (value: unknown): Status | null => {
  if (!isRecord(value) || value.kind !== 'Status') return null;
  const details = isRecord(value.details) ? value.details : {};
  return {
    message: typeof value.message === 'string' && value.message !== '' ? bounded(value.message) : null,
    reason: typeof value.reason === 'string' && value.reason !== '' ? value.reason : null,
    code: typeof value.code === 'number' ? value.code : null,
    retryAfterMs: typeof details.retryAfterSeconds === 'number' ? details.retryAfterSeconds * 1000 : null,
  };
};

const byStatus: Readonly<Record<number, ApiProblemKind>> = {
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not-found',
  409: 'conflict',
  410: 'gone',
  429: 'throttled',
};

const kindOf = (status: number): ApiProblemKind => byStatus[status] ?? (status >= 500 ? 'server' : 'invalid');

const words: Readonly<Partial<Record<ApiProblemKind, string>>> = {
  unauthorized: 'LOGIN EXPIRED',
  forbidden: 'no permission',
  throttled: 'the API server is throttling',
};

/** `Retry-After` in seconds or as a date. */
export const retryAfter = (value: string | undefined, now: number): number | null => {
  if (value === undefined) return null;
  if (/^\d+$/.test(value.trim())) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? null : Math.max(0, date - now);
};

/** The problem that an HTTP status or the `Status` of an ERROR event stands for. */
export const statusProblem = (httpStatus: number, body: unknown, retryAfterMs: number | null): ApiProblem => {
  const status = readStatus(body);
  const code = status?.code ?? httpStatus;
  const kind = status?.reason === 'Expired' ? 'gone' : kindOf(code);
  const said = status?.message ?? null;
  const because =
    kind === 'server' ? `server error ${code}${said === null ? '' : `: ${said}`}` : (said ?? `HTTP ${code}`);
  return new ApiProblem({
    kind,
    because: words[kind] ?? because,
    status: code,
    apiMessage: said,
    apiReason: status?.reason ?? null,
    retryAfterMs: retryAfterMs ?? status?.retryAfterMs ?? null,
  });
};

/** Something between us and the API server answered in its place. */
export const notKubernetes = (what: string, status: number | null = null): ApiProblem =>
  new ApiProblem({ kind: 'not-kubernetes', because: bounded(what), status });

/** `not a Kubernetes answer (text/html, 18 bytes)`. */
export const otherContent = (contentType: string | undefined, bytes: number | null): ApiProblem => {
  const type = (contentType ?? 'no content type').split(';')[0] as string;
  return notKubernetes(`not a Kubernetes answer (${type}${bytes === null ? '' : `, ${bytes} bytes`})`);
};
