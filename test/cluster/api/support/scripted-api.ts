import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer, type ServerOptions } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';

export interface ApiObject {
  readonly metadata: {
    readonly uid: string;
    readonly name: string;
    readonly resourceVersion: string;
    readonly labels: Readonly<Record<string, string>>;
  };
}

export type Question = 'list' | 'watch' | 'probe' | 'other';

export type Reply = (response: ServerResponse, request: IncomingMessage) => void;

export const statusBody = (code: number, message: string, reason = ''): string =>
  JSON.stringify({ kind: 'Status', apiVersion: 'v1', status: 'Failure', code, message, reason });

export const status =
  (code: number, message = `refused with ${code}`, headers: Readonly<Record<string, string>> = {}): Reply =>
  (response) => {
    response.writeHead(code, { 'content-type': 'application/json', ...headers });
    response.end(statusBody(code, message));
  };

export const html =
  (text: string): Reply =>
  (response) => {
    response.writeHead(200, { 'content-type': 'text/html' });
    response.end(text);
  };

/** Taken, and never answered. */
export const blackHole: Reply = () => {};

export const reset: Reply = (response) => void response.socket?.destroy();

/** A watch that is taken, and ended at once without a word. */
export const emptyWatch: Reply = (response) => {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end();
};

/** The only label that the double selects by. */
const setOf = (url: URL): string | null => /^set=(.*)$/.exec(url.searchParams.get('labelSelector') ?? '')?.[1] ?? null;

const questionOf = (url: URL): Question => {
  if (url.searchParams.has('watch')) return 'watch';
  if (url.searchParams.get('fieldSelector')?.includes('metadata.name=') && url.searchParams.get('limit') === '1') {
    return 'probe';
  }
  return url.searchParams.has('limit') ? 'list' : 'other';
};

/** One collection behind the API's own protocol: lists in pages, watches from a version; any question can be answered otherwise. */
export class ScriptedApi {
  readonly seen: { readonly question: Question; readonly url: URL; readonly authorization: string | undefined }[] = [];
  readonly watches = new Set<ServerResponse>();
  readonly #objects = new Map<string, ApiObject>();
  readonly #history: { readonly version: number; readonly line: string; readonly of: string | undefined }[] = [];
  readonly #sets = new WeakMap<ServerResponse, string | null>();
  readonly #scripts: { readonly question: Question; readonly reply: Reply; left: number }[] = [];
  readonly #sockets = new Set<Socket>();
  readonly #server: Server;
  #version = 100;
  #oldest = 0;
  #port = 0;

  constructor(tls: ServerOptions | null = null) {
    const answer = (request: IncomingMessage, response: ServerResponse): void => this.#answer(request, response);
    this.#server = tls === null ? createServer(answer) : createTlsServer(tls, answer);
    this.#server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => this.#sockets.delete(socket));
    });
  }

  get port(): number {
    return this.#port;
  }

  get version(): number {
    return this.#version;
  }

  /** Opens the port, the same one again after `refuse`. */
  async accept(): Promise<this> {
    await new Promise<void>((done) => this.#server.listen(this.#port, '127.0.0.1', done));
    this.#port = (this.#server.address() as AddressInfo).port;
    return this;
  }

  async refuse(): Promise<void> {
    const closed = new Promise<void>((done) => this.#server.close(() => done()));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  count(question: Question): number {
    return this.seen.filter((one) => one.question === question).length;
  }

  /** The next questions of this kind meet this instead of their answer. */
  script(question: Question, reply: Reply, times = 1): void {
    this.#scripts.push({ question, reply, left: times });
  }

  heal(): void {
    this.#scripts.length = 0;
  }

  put(name: string, uid = `uid-${name}`, set = 'all'): ApiObject {
    this.#version += 1;
    const object = { metadata: { name, uid, resourceVersion: String(this.#version), labels: { set } } };
    const type = this.#objects.has(uid) ? 'MODIFIED' : 'ADDED';
    this.#objects.set(uid, object);
    this.#tell(type, object);
    return object;
  }

  remove(uid: string): void {
    const object = this.#objects.get(uid);
    if (object === undefined) throw new Error(`there is no ${uid}`);
    this.#objects.delete(uid);
    this.#version += 1;
    const gone = { metadata: { ...object.metadata, resourceVersion: String(this.#version) } };
    this.#tell('DELETED', gone);
  }

  bookmark(): void {
    this.say(JSON.stringify({ type: 'BOOKMARK', object: { metadata: { resourceVersion: String(this.#version) } } }));
  }

  /** A line to every open watch, whatever it is. */
  say(line: string): void {
    for (const watch of this.watches) watch.write(`${line}\n`);
  }

  endWatches(how: 'cleanly' | 'cut' = 'cleanly'): void {
    for (const watch of this.watches) {
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

  #tell(type: string, object: ApiObject): void {
    const line = JSON.stringify({ type, object });
    const of = object.metadata.labels.set;
    this.#history.push({ version: this.#version, line, of });
    for (const watch of this.watches) {
      const set = this.#sets.get(watch) ?? null;
      if (set === null || set === of) watch.write(`${line}\n`);
    }
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    request.resume();
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const question = questionOf(url);
    this.seen.push({ question, url, authorization: request.headers.authorization });
    const script = this.#scripts.find((one) => one.question === question && one.left > 0);
    if (script !== undefined) {
      script.left -= 1;
      return script.reply(response, request);
    }
    if (question === 'watch') return this.#watch(url, response);
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(question === 'other' ? { ok: true } : this.#page(url)));
  }

  #page(url: URL): object {
    const name = /metadata\.name=([^,]*)/.exec(url.searchParams.get('fieldSelector') ?? '')?.[1];
    const set = setOf(url);
    const all = [...this.#objects.values()].filter(
      ({ metadata }) => (name === undefined || metadata.name === name) && (set === null || metadata.labels.set === set),
    );
    const from = Number(url.searchParams.get('continue') ?? 0);
    const to = from + Number(url.searchParams.get('limit'));
    return {
      kind: 'PodList',
      metadata: { resourceVersion: String(this.#version), ...(to < all.length ? { continue: String(to) } : {}) },
      items: all.slice(from, to),
    };
  }

  #watch(url: URL, response: ServerResponse): void {
    const from = Number(url.searchParams.get('resourceVersion'));
    response.writeHead(200, { 'content-type': 'application/json' });
    if (from < this.#oldest) {
      response.end(`{"type":"ERROR","object":${statusBody(410, 'too old resource version', 'Expired')}}\n`);
      return;
    }
    response.flushHeaders();
    const set = setOf(url);
    for (const { version, line, of } of this.#history) {
      if (version > from && (set === null || of === set)) response.write(`${line}\n`);
    }
    this.watches.add(response);
    this.#sets.set(response, set);
    response.on('close', () => this.watches.delete(response));
  }
}
