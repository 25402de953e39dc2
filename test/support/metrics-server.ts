import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import {
  type Answer,
  type Fault,
  instantData,
  isFault,
  type Remarked,
  type Reply,
  rangeData,
  remarked,
} from './metrics-answers.ts';

/** One question as it arrived. */
export interface Asked {
  readonly kind: 'query' | 'query_range';
  readonly query: string;
  /** Evaluation time or end of the range, UTC ms. */
  readonly time: number;
  readonly headers: IncomingMessage['headers'];
}

/**
 * A metrics server with scripted answers:
 *
 *     const metrics = await startMetrics({ 'rate(errors[5m])': 0.002 });
 *     metrics.set(/histogram_quantile/, (time) => (time > then ? 0.548 : 0.181));
 *     metrics.age = 65;                       // seconds; null: silent for 10 minutes
 *     metrics.fault = 'refuse';               // all queries, until null
 *     metrics.set('x', { fault: 'hang' });    // this query only
 *
 * It lives in the test's own process: a program that is waited for without letting go (`spawnSync`) gets no answer.
 * A query that no entry names is empty. The entry set last wins; a text must be the whole query, a pattern may be a part.
 */
export interface MetricsServer {
  /** `http://127.0.0.1:PORT`, also while it refuses. */
  readonly url: string;
  /** Oldest first. */
  readonly asked: readonly Asked[];
  set(query: string | RegExp, answer: Answer): void;
  /** What the queries about the age of data give, in seconds. At first 5. */
  age: Answer;
  fault: Fault | null;
  /** Seconds that its clock (the `Date` header) is ahead. */
  skew: number;
  /** Seconds that a cache has kept each answer; null = there is none. */
  cachedFor: number | null;
  /** Each answer waits so long. */
  delayMs: number;
  /** How many clients are connected. */
  connections(): Promise<number>;
  close(): Promise<void>;
}

export const startMetrics = async (answers: Readonly<Record<string, Answer>> = {}): Promise<MetricsServer> => {
  const server = new ScriptedServer();
  for (const [query, answer] of Object.entries(answers)) server.set(query, answer);
  await server.open();
  return server;
};

/** Queries about the age of data begin so. */
const ageQuery = /^time\(\) - max\(max_over_time\(timestamp\(/;

class ScriptedServer implements MetricsServer {
  readonly asked: Asked[] = [];
  age: Answer = 5;
  skew = 0;
  cachedFor: number | null = null;
  delayMs = 0;
  #fault: Fault | null = null;
  #port = 0;
  readonly #entries: { readonly query: string | RegExp; readonly answer: Answer }[] = [];
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #server: Server = createServer((request, response) => {
    void parametersOf(request).then((parameters) => this.#later(() => this.#speak(request, response, parameters)));
  });

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  get fault(): Fault | null {
    return this.#fault;
  }

  set fault(fault) {
    this.#fault = fault;
    if (fault === 'refuse') this.#stop();
    else if (!this.#server.listening) this.#server.listen(this.#port, '127.0.0.1');
  }

  set(query: string | RegExp, answer: Answer): void {
    this.#entries.push({ query, answer });
  }

  async open(): Promise<void> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  connections(): Promise<number> {
    return promisify(this.#server.getConnections.bind(this.#server))();
  }

  async close(): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer);
    if (!this.#server.listening) return;
    const closed = once(this.#server, 'close');
    this.#stop();
    await closed;
  }

  #stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  #later(act: () => void): void {
    if (this.delayMs === 0) return act();
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      act();
    }, this.delayMs);
    this.#timers.add(timer);
  }

  #now(): number {
    return Date.now() + this.skew * 1000;
  }

  #replyTo(query: string, time: number): Reply {
    const entry = this.#entries.findLast((one) =>
      typeof one.query === 'string' ? one.query === query : one.query.test(query),
    );
    const answer = entry === undefined ? (ageQuery.test(query) ? this.age : null) : entry.answer;
    return typeof answer === 'function' ? answer(time) : answer;
  }

  #speak(request: IncomingMessage, response: ServerResponse, parameters: URLSearchParams): void {
    response.setHeader('date', new Date(this.#now() - (this.cachedFor ?? 0) * 1000).toUTCString());
    if (this.cachedFor !== null) response.setHeader('age', String(this.cachedFor));
    const kind = /\/api\/v1\/(query|query_range)$/.exec(pathOf(request))?.[1] as Asked['kind'] | undefined;
    if (kind === undefined) return send(response, 404, 'text/plain', 'not found');
    const query = parameters.get('query') ?? '';
    const ms = (name: string): number => Math.round(Number(parameters.get(name)) * 1000);
    const time = kind === 'query' ? (parameters.has('time') ? ms('time') : this.#now()) : ms('end');
    this.asked.push({ kind, query, time, headers: request.headers });
    if (this.#fault !== null) return fail(response, this.#fault);
    const times = kind === 'query' ? [time] : stepsOf(ms('start'), time, Number(parameters.get('step')) * 1000);
    const answers: (Remarked & { timeMs: number })[] = [];
    for (const timeMs of times) {
      const reply = this.#replyTo(query, timeMs);
      if (isFault(reply)) return fail(response, reply.fault);
      answers.push({ ...remarked(reply), timeMs });
    }
    const data = kind === 'query' ? instantData(answers[0]?.value ?? null, time) : rangeData(answers);
    const { warnings, infos } = answers.find((one) => one.warnings !== undefined || one.infos !== undefined) ?? {};
    send(response, 200, 'application/json', JSON.stringify({ status: 'success', data, warnings, infos }));
  }
}

const pathOf = (request: IncomingMessage): string => (request.url ?? '').split('?')[0] ?? '';

/** Of the address and of a posted form. */
const parametersOf = async (request: IncomingMessage): Promise<URLSearchParams> => {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  return new URLSearchParams(`${(request.url ?? '').split('?')[1] ?? ''}&${body}`);
};

const stepsOf = (from: number, to: number, stepMs: number): readonly number[] =>
  Array.from({ length: Math.floor((to - from) / stepMs) + 1 }, (_, index) => from + index * stepMs);

const send = (response: ServerResponse, status: number, type: string, body: string): void => {
  response.writeHead(status, { 'content-type': type });
  response.end(body);
};

const fail = (response: ServerResponse, fault: Fault): void => {
  if (typeof fault === 'object' && 'errorType' in fault) {
    const { status = 422, errorType, error } = fault;
    return send(response, status, 'application/json', JSON.stringify({ status: 'error', errorType, error }));
  }
  if (typeof fault === 'object') {
    response.writeHead(fault.status, { 'content-type': 'text/plain', ...fault.headers });
    return void response.end(fault.body ?? '');
  }
  switch (fault) {
    case 'hang':
    case 'refuse':
      return;
    case 'redirect':
      response.writeHead(302, { location: 'https://sso.example.com/login?next=%2Fapi' });
      return void response.end();
    case 'html':
      return send(response, 200, 'text/html; charset=utf-8', '<html>Login</html>');
    case 'truncated':
      return send(response, 200, 'application/json', '{"status":"success","data":{"resultType":"vec');
    case 'reset':
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '4000' });
      response.write('{"status":');
      return void response.socket?.destroySoon();
    case 'oversized':
      return send(response, 200, 'application/json', `"${'x'.repeat(9 * 1024 * 1024)}"`);
  }
};
