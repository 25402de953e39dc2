import { notKubernetes, statusProblem } from './answer-problem.ts';
import { ApiProblem } from './api-problem.ts';
import { ByteLines, textOf } from './byte-lines.ts';

const maxLineBytes = 8 * 1024 * 1024;

export type WatchEvent =
  | { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'; readonly object: unknown }
  | { readonly type: 'BOOKMARK'; readonly resourceVersion: string | null };

/** What every object has; `Row` has no more of it than it needs. */
export interface ObjectMeta {
  readonly uid: string | null;
  readonly name: string | null;
  readonly resourceVersion: string | null;
}

const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

export const metaOf = (object: unknown): ObjectMeta => {
  const metadata = (object as { metadata?: unknown } | null)?.metadata;
  if (typeof metadata !== 'object' || metadata === null) return { uid: null, name: null, resourceVersion: null };
  const { uid, name, resourceVersion } = metadata as Record<string, unknown>;
  return { uid: text(uid), name: text(name), resourceVersion: text(resourceVersion) };
};

/** One line of a watch. Throws the `ApiProblem` that an ERROR event stands for. */
export const watchEventOf = (line: string): WatchEvent => {
  let event: { readonly type?: unknown; readonly object?: unknown };
  try {
    event = JSON.parse(line);
  } catch {
    throw notKubernetes(`not a watch event (${line.length} characters)`);
  }
  switch (event?.type) {
    case 'ADDED':
    case 'MODIFIED':
    case 'DELETED':
      return { type: event.type, object: event.object };
    case 'BOOKMARK':
      return { type: 'BOOKMARK', resourceVersion: metaOf(event.object).resourceVersion };
    case 'ERROR':
      throw statusProblem(500, event.object, null);
    default:
      throw notKubernetes('not a watch event');
  }
};

/** The events of a watch as they arrive; ends when the server ends it between two lines. Rejects with `ApiProblem`. */
export async function* watchEvents(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<WatchEvent> {
  const lines = new ByteLines(maxLineBytes);
  for await (const chunk of chunks) {
    for (const line of lines.push(chunk)) {
      if (line.dropped > 0) throw new ApiProblem({ kind: 'too-large', because: 'an event is larger than 8 MiB' });
      if (line.bytes.length > 0) yield watchEventOf(textOf(line));
    }
  }
  if (lines.pending > 0) throw new ApiProblem({ kind: 'reset', because: 'the watch ended within an event' });
}
