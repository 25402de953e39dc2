import { ApiProblem } from '../../../src/cluster/api/api-problem.ts';
import type { ApiConnection, RequestOptions } from '../../../src/cluster/api/connection.ts';

interface Stored {
  readonly metadata: { readonly uid: string; readonly resourceVersion: string };
}

interface Stream {
  readonly collection: string;
  push(line: string): void;
}

const collectionOf = (path: string): string => path.split('?')[0]?.split('/').at(-1) ?? '';

/** An API server in memory: collections by their plural name, one list and one watch each. */
export class MemoryApi implements ApiConnection {
  readonly endpoint = {} as ApiConnection['endpoint'];
  readonly lists: URL[] = [];
  readonly #collections = new Map<string, Map<string, Stored>>();
  readonly #streams = new Set<Stream>();
  isSilent = false;

  get openStreams(): number {
    return this.#streams.size;
  }

  fill(collection: string, objects: readonly object[]): void {
    const stored = objects as readonly Stored[];
    this.#collections.set(collection, new Map(stored.map((object) => [object.metadata.uid, object])));
  }

  tell(collection: string, type: 'ADDED' | 'MODIFIED' | 'DELETED', object: object): void {
    const stored = object as Stored;
    const known = this.#collections.get(collection) ?? new Map<string, Stored>();
    if (type === 'DELETED') known.delete(stored.metadata.uid);
    else known.set(stored.metadata.uid, stored);
    this.#collections.set(collection, known);
    for (const stream of this.#streams)
      if (stream.collection === collection) stream.push(JSON.stringify({ type, object }));
  }

  async getJson(path: string, { list }: RequestOptions = {}): Promise<unknown> {
    if (this.isSilent) throw new ApiProblem({ kind: 'timeout', because: 'no answer 5 s' });
    this.lists.push(new URL(path, 'http://api'));
    const objects = this.#collections.get(collectionOf(path));
    if (objects === undefined) throw new ApiProblem({ kind: 'not-found', because: 'not found', status: 404 });
    const items = [...objects.values()].map((object) => (list === undefined ? object : list.item(object)));
    return { metadata: { resourceVersion: '1000000' }, items };
  }

  async send(): Promise<unknown> {
    throw new ApiProblem({ kind: 'invalid', because: 'nothing can be changed here' });
  }

  async stream(path: string, { signal }: { readonly signal?: AbortSignal } = {}): Promise<AsyncIterable<Uint8Array>> {
    const waiting: string[] = [];
    let wake = (): void => {};
    const stream: Stream = {
      collection: collectionOf(path),
      push: (line) => {
        waiting.push(line);
        wake();
      },
    };
    this.#streams.add(stream);
    signal?.addEventListener('abort', () => wake(), { once: true });
    const streams = this.#streams;
    async function* lines(): AsyncGenerator<Uint8Array> {
      try {
        while (signal?.aborted !== true) {
          const line = waiting.shift();
          if (line !== undefined) yield Buffer.from(`${line}\n`);
          else
            await new Promise<void>((done) => {
              wake = done;
            });
        }
        throw new ApiProblem({ kind: 'aborted', because: 'ended by us' });
      } finally {
        streams.delete(stream);
      }
    }
    return lines();
  }

  clockSkewMs(): number | null {
    return null;
  }

  async close(): Promise<void> {}
}
