import { ApiProblem, type ApiProblemKind } from '../api/api-problem.ts';
import type { ApiConnection } from '../api/connection.ts';

/** After these somebody else may answer at the address. */
const cut: ReadonlySet<ApiProblemKind> = new Set<ApiProblemKind>([
  'refused',
  'unreachable',
  'dns',
  'tls',
  'timeout',
  'reset',
  'not-kubernetes',
]);

/** The same connection; tells when it was cut, and when a stream ended: who answers next has to be asked who it is. */
export const doubtingConnection = (connection: ApiConnection, doubt: () => void): ApiConnection => {
  const noting = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      if (error instanceof ApiProblem && cut.has(error.kind)) doubt();
      throw error;
    }
  };
  async function* following(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    try {
      yield* chunks;
    } finally {
      doubt();
    }
  }
  return {
    endpoint: connection.endpoint,
    getJson: (path, options) => noting(connection.getJson(path, options)),
    send: (method, path, body, contentType, options) =>
      noting(connection.send(method, path, body, contentType, options)),
    stream: async (path, options) => following(await noting(connection.stream(path, options))),
    clockSkewMs: () => connection.clockSkewMs(),
    close: () => connection.close(),
  };
};
