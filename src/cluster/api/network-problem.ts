import { ApiProblem, type ApiProblemKind } from './api-problem.ts';
import type { Endpoint } from './connection.ts';
import { tlsProblem } from './tls-problem.ts';

const byCode: Readonly<Record<string, ApiProblemKind>> = {
  ECONNREFUSED: 'refused',
  ENOTFOUND: 'dns',
  EAI_AGAIN: 'dns',
  EAI_FAIL: 'dns',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  EADDRNOTAVAIL: 'unreachable',
  UND_ERR_PRX_CONN: 'unreachable',
  ETIMEDOUT: 'timeout',
  UND_ERR_CONNECT_TIMEOUT: 'timeout',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
  UND_ERR_SOCKET: 'reset',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'reset',
  UND_ERR_HEADERS_OVERFLOW: 'not-kubernetes',
  UND_ERR_HTTP_PARSER: 'not-kubernetes',
  UND_ERR_DESTROYED: 'aborted',
  UND_ERR_CLOSED: 'aborted',
};

const codeOf = (error: unknown): string => {
  if (typeof error !== 'object' || error === null) return '';
  const { code, errors, name } = error as { code?: unknown; errors?: unknown; name?: unknown };
  // Its code is the parser's own, and there is none for every error.
  if (name === 'HTTPParserError') return 'UND_ERR_HTTP_PARSER';
  if (typeof code === 'string') return code;
  return Array.isArray(errors) ? codeOf(errors[0]) : '';
};

const becauseOf = (kind: ApiProblemKind, endpoint: Endpoint, error: unknown): string => {
  const { host, hostname } = new URL(endpoint.server);
  const via = endpoint.proxyUrl === null ? host : `${host} through its proxy`;
  switch (kind) {
    case 'refused':
      return `connection refused (${via})`;
    case 'dns':
      return endpoint.proxyUrl === null ? `host ${hostname} not found` : `host of the proxy for ${hostname} not found`;
    case 'unreachable':
      return `cannot reach ${via}`;
    case 'timeout':
      return `no answer from ${via}`;
    case 'reset':
      return `connection to ${via} was cut`;
    case 'not-kubernetes':
      return `not an HTTP answer (${via})`;
    case 'aborted':
      return 'ended by us';
    default:
      return error instanceof Error ? error.message : String(error);
  }
};

/** The problem that an error of a socket, of TLS or of the HTTP client stands for. Throws one of our own making. */
export const networkProblem = async (error: unknown, endpoint: Endpoint): Promise<ApiProblem> => {
  if (error instanceof ApiProblem) return error;
  const code = codeOf(error);
  if (code === '') throw error;
  const kind = byCode[code];
  if (kind !== undefined) return new ApiProblem({ kind, because: becauseOf(kind, endpoint, error), cause: error });
  const tls = await tlsProblem(code, error, endpoint);
  if (tls !== null) return tls;
  const said = error instanceof Error ? error.message : String(error);
  return new ApiProblem({
    kind: 'unreachable',
    because: `cannot reach ${new URL(endpoint.server).host}: ${said}`,
    cause: error,
  });
};
