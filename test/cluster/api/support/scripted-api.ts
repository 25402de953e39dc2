import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer, type ServerOptions } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { type ApiObject, type Reply, statusBody, WatchedObjects } from '../../../support/watched-objects.ts';

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

/** A watch that is taken, and never delivers anything: what a proxy does that waits for the end of an answer. */
export const muteWatch: Reply = (response) => {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.flushHeaders();
};

/** A watch that is taken, and ended at once without a word. */
export const emptyWatch: Reply = (response) => {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end();
};

/** An API server with one collection, whatever the path; its port can be closed and opened again. */
export class ScriptedApi extends WatchedObjects {
  readonly #sockets = new Set<Socket>();
  readonly #server: Server;
  #port = 0;

  constructor(tls: ServerOptions | null = null) {
    super();
    const answer = (request: IncomingMessage, response: ServerResponse): void => {
      request.resume();
      this.answer(
        ({ searchParams }) => (searchParams.has('limit') || searchParams.has('watch') ? 'all' : null),
        request,
        response,
      );
    };
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

  put(name: string, uid = `uid-${name}`, set = 'all'): ApiObject {
    return this.keep('all', { metadata: { name, uid, labels: { app: 'checkout', set } } });
  }

  bookmark(): void {
    this.say(JSON.stringify({ type: 'BOOKMARK', object: { metadata: { resourceVersion: String(this.version) } } }));
  }
}
