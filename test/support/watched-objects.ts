import type { IncomingMessage, ServerResponse } from 'node:http';

/** What is kept of an object; whatever else it has is given back as it is. */
export interface KeptObject {
  readonly metadata: {
    readonly uid: string;
    readonly name: string;
    readonly labels: Readonly<Record<string, string>>;
  };
}

export interface ApiObject extends KeptObject {
  readonly metadata: KeptObject['metadata'] & { readonly resourceVersion: string };
}

export type Question = 'list' | 'watch' | 'probe' | 'other';

export type Reply = (response: ServerResponse, request: IncomingMessage) => void;

export interface Seen {
  readonly question: Question;
  readonly url: URL;
  readonly authorization: string | undefined;
}

interface Stored {
  readonly place: string;
  readonly object: ApiObject;
}

interface Told extends Stored {
  readonly version: number;
  readonly line: string;
}

interface Selector {
  readonly place: string;
  readonly name: string | null;
  readonly labels: Readonly<Record<string, string>>;
}

export const statusBody = (code: number, message: string, reason = ''): string =>
  JSON.stringify({ kind: 'Status', apiVersion: 'v1', status: 'Failure', code, message, reason });

const termsOf = (text: string | null): Readonly<Record<string, string>> =>
  Object.fromEntries((text ?? '').split(',').flatMap((term) => (term === '' ? [] : [term.split('=', 2)])));

const questionOf = (url: URL): Question => {
  if (url.searchParams.has('watch')) return 'watch';
  const limit = url.searchParams.get('limit');
  if (limit === null) return 'other';
  const { 'metadata.name': name } = termsOf(url.searchParams.get('fieldSelector'));
  // What is asked beside a stream: one object, or everything in pages of this length.
  return limit === '200' || (limit === '1' && name !== undefined) ? 'probe' : 'list';
};

const selectorOf = (place: string, url: URL): Selector => ({
  place,
  name: termsOf(url.searchParams.get('fieldSelector'))['metadata.name'] ?? null,
  labels: termsOf(url.searchParams.get('labelSelector')),
});

const selects = ({ place, name, labels }: Selector, { place: at, object: { metadata } }: Stored): boolean =>
  at === place &&
  (name === null || metadata.name === name) &&
  Object.entries(labels).every(([key, value]) => metadata.labels[key] === value);

/**
 * Objects behind the API's own protocol: lists in pages, watches from a version; any question can be answered
 * otherwise. Objects lie in places, one for each collection. Everything that stands in for an API server in front of
 * the program speaks through this, and is held to the contract of the watch.
 */
export class WatchedObjects {
  readonly seen: Seen[] = [];
  readonly watches = new Map<ServerResponse, Selector>();
  readonly #objects = new Map<string, Stored>();
  readonly #history: Told[] = [];
  readonly #waits = new Map<Question, (answer: () => void) => void>();
  readonly #scripts: { readonly question: Question; readonly reply: Reply; left: number }[] = [];
  #version: number;
  #oldest = 0;
  #isSilent = false;

  constructor(version = 100) {
    this.#version = version;
  }

  get version(): number {
    return this.#version;
  }

  named(place: string, name: string): ApiObject | undefined {
    return [...this.#objects.values()].find((one) => selects({ place, name, labels: {} }, one))?.object;
  }

  keep(place: string, object: KeptObject): ApiObject {
    const type = this.#objects.has(object.metadata.uid) ? 'MODIFIED' : 'ADDED';
    const stored = { place, object: this.#next(object) };
    this.#objects.set(object.metadata.uid, stored);
    this.#tell(type, stored);
    return stored.object;
  }

  remove(uid: string): void {
    const stored = this.#objects.get(uid);
    if (stored === undefined) throw new Error(`there is no ${uid}`);
    this.#objects.delete(uid);
    this.#tell('DELETED', { ...stored, object: this.#next(stored.object) });
  }

  /** The next questions of this kind meet this instead of their answer. */
  script(question: Question, reply: Reply, times = 1): void {
    this.#scripts.push({ question, reply, left: times });
  }

  /** Questions of this kind are answered when `wait` calls. */
  slow(question: Question, wait: (answer: () => void) => void): void {
    this.#waits.set(question, wait);
  }

  heal(): void {
    this.#waits.clear();
    this.#scripts.length = 0;
  }

  count(question: Question): number {
    return this.seen.filter((one) => one.question === question).length;
  }

  /** A line to every open watch, whatever it is. */
  say(line: string): void {
    for (const watch of this.watches.keys()) watch.write(`${line}\n`);
  }

  /** Watches stay open, and can be opened, but nothing arrives any more; what was held back then is told anew. */
  silence(isSilent: boolean): void {
    this.#isSilent = isSilent;
    if (!isSilent) this.endWatches();
  }

  endWatches(how: 'cleanly' | 'cut' = 'cleanly'): void {
    for (const watch of this.watches.keys()) {
      if (how === 'cleanly') watch.end();
      else watch.socket?.destroy();
    }
    this.watches.clear();
  }

  /** Versions up to now can no longer be watched from; objects go without a word. */
  compact(gone: readonly string[] = []): void {
    for (const uid of gone) this.#objects.delete(uid);
    this.#version += 1;
    this.#oldest = this.#version;
    this.#history.length = 0;
  }

  /** Put back from a backup: its versions begin earlier, and these objects are what it knows. */
  restore(version: number): void {
    this.#version = version;
    this.#history.length = 0;
  }

  /** Answers what is asked about a place; null = whatever else an API server is asked. */
  answer(placeOf: (url: URL) => string | null, request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const question = questionOf(url);
    this.seen.push({ question, url, authorization: request.headers.authorization });
    const script = this.#scripts.find((one) => one.question === question && one.left > 0);
    if (script !== undefined) {
      script.left -= 1;
      return script.reply(response, request);
    }
    const wait = this.#waits.get(question) ?? ((answer: () => void) => answer());
    wait(() => this.#give(question, placeOf(url), url, response));
  }

  #give(question: Question, place: string | null, url: URL, response: ServerResponse): void {
    if (question === 'watch' && place !== null) return this.#watch(selectorOf(place, url), url, response);
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(place === null ? { ok: true } : this.#page(selectorOf(place, url), url)));
  }

  #next(object: KeptObject): ApiObject {
    this.#version += 1;
    return { ...object, metadata: { ...object.metadata, resourceVersion: String(this.#version) } };
  }

  #tell(type: string, stored: Stored): void {
    const line = JSON.stringify({ type, object: stored.object });
    this.#history.push({ ...stored, version: this.#version, line });
    if (this.#isSilent) return;
    for (const [watch, selector] of this.watches) if (selects(selector, stored)) watch.write(`${line}\n`);
  }

  #page(selector: Selector, url: URL): object {
    const all = [...this.#objects.values()].filter((stored) => selects(selector, stored));
    const from = Number(url.searchParams.get('continue') ?? 0);
    const to = from + Number(url.searchParams.get('limit') ?? all.length);
    return {
      kind: 'List',
      metadata: { resourceVersion: String(this.#version), ...(to < all.length ? { continue: String(to) } : {}) },
      items: all.slice(from, to).map(({ object }) => object),
    };
  }

  #watch(selector: Selector, url: URL, response: ServerResponse): void {
    const from = Number(url.searchParams.get('resourceVersion'));
    response.writeHead(200, { 'content-type': 'application/json' });
    if (from < this.#oldest) {
      response.end(`{"type":"ERROR","object":${statusBody(410, 'too old resource version', 'Expired')}}\n`);
      return;
    }
    response.flushHeaders();
    for (const told of this.#isSilent ? [] : this.#history)
      if (told.version > from && selects(selector, told)) response.write(`${told.line}\n`);
    this.watches.set(response, selector);
    response.on('close', () => this.watches.delete(response));
  }
}
