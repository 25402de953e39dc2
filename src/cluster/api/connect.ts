import { type Dispatcher, request } from 'undici';
import type { Clock } from '../../ports/clock.ts';
import { notKubernetes, otherContent, retryAfter, statusProblem } from './answer-problem.ts';
import { ApiProblem } from './api-problem.ts';
import type { ApiConnection, Endpoint, RequestOptions, SendMethod } from './connection.ts';
import { type Deadline, deadline } from './deadline.ts';
import { listOf } from './list-answer.ts';
import { Login } from './login.ts';
import { networkProblem } from './network-problem.ts';
import { Transport } from './transport.ts';

const defaultTimeoutMs = 5_000;
const defaultMaxBytes = 8 * 1024 * 1024;
const refusalMaxBytes = 64 * 1024;

interface Question {
  readonly method: 'GET' | SendMethod;
  readonly path: string;
  readonly body: string | null;
  readonly contentType: string | null;
}

type Answer = Dispatcher.ResponseData;

const header = (answer: Answer, name: string): string | undefined => {
  const value = answer.headers[name];
  return Array.isArray(value) ? value[0] : value;
};

const tooLarge = (maxBytes: number): ApiProblem =>
  new ApiProblem({ kind: 'too-large', because: `answer larger than ${Math.round(maxBytes / 1024 / 1024)} MiB` });

/** Of a refusal no more than its beginning. */
const bodyOf = async (answer: Answer, maxBytes: number): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer.body as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) throw tooLarge(maxBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
};

/** An answer with an age was kept by something in between: it says nothing of now. */
const ofServer = (answer: Answer): Answer => {
  const seconds = Number(header(answer, 'age') ?? 0);
  if (!(seconds > 0)) return answer;
  answer.body.on('error', () => {}).destroy();
  throw notKubernetes(`answered by a cache in between (${seconds} s old)`);
};

const isJson = (answer: Answer): boolean => /^application\/(\S+\+)?json\b/.test(header(answer, 'content-type') ?? '');

const parsed = async (bytes: Buffer, list: RequestOptions['list']): Promise<unknown> => {
  try {
    return await (list === undefined ? JSON.parse(bytes.toString('utf8')) : listOf(bytes, list));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw notKubernetes(`not a Kubernetes answer (JSON that ends or breaks after ${bytes.length} bytes)`);
  }
};

const jsonOrNull = (answer: Answer, body: Buffer): unknown => {
  try {
    return isJson(answer) ? JSON.parse(body.toString('utf8')) : null;
  } catch {
    return null;
  }
};

const refusal = async (answer: Answer, now: number): Promise<ApiProblem> => {
  const status = answer.statusCode;
  const location = header(answer, 'location');
  const body = await bodyOf(answer, refusalMaxBytes).catch(() => Buffer.alloc(0));
  if (status >= 300 && status < 400) return notKubernetes(`redirected to ${location ?? 'nowhere'} (login?)`, status);
  return statusProblem(status, jsonOrNull(answer, body), retryAfter(header(answer, 'retry-after'), now));
};

class HttpConnection implements ApiConnection {
  readonly endpoint: Endpoint;
  readonly #clock: Clock;
  readonly #transport: Transport;
  readonly #login: Login;
  readonly #closing = new AbortController();
  #skew: number | null = null;

  constructor(endpoint: Endpoint, clock: Clock) {
    this.endpoint = endpoint;
    this.#clock = clock;
    this.#transport = new Transport(endpoint);
    this.#login = new Login(endpoint, clock);
  }

  getJson(path: string, options: RequestOptions = {}): Promise<unknown> {
    return this.#json({ method: 'GET', path, body: null, contentType: null }, options);
  }

  send(
    method: SendMethod,
    path: string,
    body: unknown,
    contentType = 'application/json',
    options: RequestOptions = {},
  ): Promise<unknown> {
    return this.#json({ method, path, body: JSON.stringify(body), contentType }, options);
  }

  async stream(path: string, options: RequestOptions = {}): Promise<AsyncIterable<Uint8Array>> {
    const question: Question = { method: 'GET', path, body: null, contentType: null };
    const limit = this.#deadline(options);
    try {
      const answer = await this.#ask(question, limit);
      limit.lift();
      if (/^text\/html\b/.test(header(answer, 'content-type') ?? '')) {
        answer.body.destroy();
        throw otherContent(header(answer, 'content-type'), null);
      }
      return this.#chunks(answer, limit);
    } catch (error) {
      limit.release();
      throw await networkProblem(error, this.endpoint);
    }
  }

  clockSkewMs(): number | null {
    return this.#skew;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#transport.close();
  }

  async #json(question: Question, options: RequestOptions): Promise<unknown> {
    const limit = this.#deadline(options);
    try {
      const answer = await this.#ask(question, limit);
      const bytes = await bodyOf(answer, options.maxBytes ?? defaultMaxBytes);
      if (!isJson(answer)) throw otherContent(header(answer, 'content-type'), bytes.length);
      return await parsed(bytes, options.list);
    } catch (error) {
      throw await networkProblem(error, this.endpoint);
    } finally {
      limit.release();
    }
  }

  #deadline({ timeoutMs = defaultTimeoutMs, signal }: RequestOptions): Deadline {
    const parents = signal === undefined ? [this.#closing.signal] : [this.#closing.signal, signal];
    return deadline(this.#clock, timeoutMs, parents);
  }

  async *#chunks(answer: Answer, limit: Deadline): AsyncGenerator<Uint8Array> {
    try {
      for await (const chunk of answer.body as AsyncIterable<Uint8Array>) yield chunk;
    } catch (error) {
      throw await networkProblem(error, this.endpoint);
    } finally {
      limit.release();
    }
  }

  /** The answer to a question that was accepted; a credential that was refused is renewed once. */
  async #ask(question: Question, limit: Deadline): Promise<Answer> {
    for (let isRenewed = false; ; isRenewed = true) {
      const { generation } = this.#login;
      const answer = await this.#once(question, limit);
      if (answer.statusCode !== 401) {
        this.#login.noteAccepted();
        if (answer.statusCode < 300) return ofServer(answer);
        throw await refusal(answer, this.#clock.now());
      }
      answer.body.destroy();
      if (isRenewed) this.#login.noteRefused();
      if (isRenewed || !(await this.#login.renew(generation))) throw this.#login.expired();
    }
  }

  async #once({ method, path, body, contentType }: Question, limit: Deadline): Promise<Answer> {
    const authentication = await this.#login.authentication();
    if (limit.signal.aborted) throw limit.signal.reason;
    // A login helper has a time limit of its own.
    limit.start();
    const sent = this.#clock.now();
    const answer = await request(`${this.endpoint.server.replace(/\/+$/, '')}${path}`, {
      dispatcher: this.#transport.for(authentication),
      method,
      signal: limit.signal,
      body,
      headers: {
        accept: 'application/json, */*;q=0.5',
        'user-agent': 'gonogo',
        'cache-control': 'no-cache',
        ...(contentType === null ? {} : { 'content-type': contentType }),
        ...authentication.headers,
      },
    });
    // A body that nobody reads any more reports its end as an error.
    answer.body.on('error', () => {});
    this.#noteDate(header(answer, 'date'), sent);
    return answer;
  }

  #noteDate(date: string | undefined, sent: number): void {
    const server = date === undefined ? Number.NaN : Date.parse(date);
    if (Number.isNaN(server)) return;
    const halfway = (sent + this.#clock.now()) / 2;
    // A `Date` is cut to its second: half a second is its mean error.
    this.#skew = Math.round((server + 500 - halfway) / 1000) * 1000;
  }
}

/** Opens no socket before the first request. Times are those of `clock`. */
export const connectApi = (endpoint: Endpoint, clock: Clock): ApiConnection => new HttpConnection(endpoint, clock);
