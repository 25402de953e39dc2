import { setImmediate } from 'node:timers/promises';
import type { LogRequest } from '../../ports/cluster.ts';
import { type ApiProblem, isApiProblem } from './api-problem.ts';
import { type ByteLine, ByteLines, textOf } from './byte-lines.ts';
import type { ApiConnection } from './connection.ts';

const maxLineBytes = 16 * 1024;
const linesPerTurn = 500;

export interface LogSource {
  readonly namespace: string;
  readonly pod: string;
  /** Null = the pod's only or first container. */
  readonly container: string | null;
  readonly previous: boolean;
}

/** `/api/v1/namespaces/shop/pods/checkout-1/log?…`; parameters that are null are left off. */
export const logPath = (source: LogSource, parameters: Readonly<Record<string, string | null>>): string => {
  const query = new URLSearchParams();
  const all = { container: source.container, previous: source.previous ? 'true' : null, ...parameters };
  for (const [name, value] of Object.entries(all)) if (value !== null) query.set(name, value);
  const [namespace, pod] = [source.namespace, source.pod].map(encodeURIComponent);
  return `/api/v1/namespaces/${namespace}/pods/${pod}/log?${query}`;
};

const shown = (line: ByteLine): string => {
  const text = textOf(line).replace(/\r$/, '');
  return line.dropped === 0 ? text : `${text}… (${line.dropped} bytes more)`;
};

/** The lines of a log as they arrive, each bounded to 16 KiB; a flood of them lets others have their turn. */
export async function* logLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const lines = new ByteLines(maxLineBytes);
  let count = 0;
  for await (const chunk of chunks) {
    for (const line of lines.push(chunk)) {
      yield shown(line);
      count += 1;
      if (count % linesPerTurn === 0) await setImmediate();
    }
  }
  const rest = lines.rest();
  if (rest !== null) yield shown(rest);
}

export const logProblem = (problem: ApiProblem, { pod }: LogSource): string => {
  if (problem.kind === 'forbidden') return 'no permission (get pods/log)';
  if (problem.kind === 'not-found') return `pod ${pod} is gone`;
  return problem.because;
};

/** Calls with lines until the returned function is called; `end` says why it ended by itself, null = the log ended. */
export const followLogs = (
  connection: ApiConnection,
  request: LogRequest,
  sink: { line(text: string): void; end(because: string | null): void },
): (() => void) => {
  const stop = new AbortController();
  const { signal } = stop;
  const path = logPath(request, {
    tailLines: String(request.tailLines),
    // The container before the present one has ended; there is nothing to follow.
    follow: request.follow && !request.previous ? 'true' : null,
  });
  const run = async (): Promise<string | null> => {
    try {
      for await (const line of logLines(await connection.stream(path, { signal }))) {
        if (signal.aborted) return null;
        sink.line(line);
      }
      return null;
    } catch (error) {
      if (isApiProblem(error)) return logProblem(error, request);
      throw error;
    }
  };
  void run().then((because) => {
    if (!signal.aborted) sink.end(because);
  });
  return () => stop.abort();
};
