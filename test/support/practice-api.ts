import type { ServerResponse } from 'node:http';
import {
  type Collection,
  imageOf,
  objectsOf,
  type PracticeDeployment,
  type PracticeObject,
  practiceDeployment,
  rolledOut,
} from './practice-objects.ts';

interface Stored {
  readonly version: number;
  readonly object: PracticeObject;
}

interface Told {
  readonly version: number;
  readonly collection: Collection;
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: PracticeObject;
}

interface Watch {
  readonly response: ServerResponse;
  readonly question: Question;
}

interface Question {
  readonly collection: string;
  readonly namespace: string;
  readonly name: string | null;
  readonly labels: Readonly<Record<string, string>>;
}

const filled: readonly string[] = ['deployments', 'replicasets', 'pods'];
/** Known to every API server, and empty here. */
const empty: readonly string[] = ['events', 'jobs', 'horizontalpodautoscalers'];

const resourcePath = /^\/(?:api|apis\/[^/]+)\/v\d[^/]*\/namespaces\/([^/]+)\/([a-z]+)(?:\/([^/]+)(\/log)?)?$/;

const termsOf = (text: string | null): Readonly<Record<string, string>> =>
  Object.fromEntries((text ?? '').split(',').flatMap((term) => (term === '' ? [] : [term.split('=', 2)])));

const meets = ({ namespace, name, labels }: Question, { metadata }: PracticeObject): boolean =>
  metadata.namespace === namespace &&
  (name === null || metadata.name === name) &&
  Object.entries(labels).every(([key, value]) => metadata.labels[key] === value);

const versioned = ({ version, object }: Pick<Told, 'version' | 'object'>): object => ({
  ...object,
  metadata: { ...object.metadata, resourceVersion: String(version) },
});

/**
 * Deployments that are rolled out and back by one request each, with their ReplicaSets and pods, listed and watched as
 * an API server does it. `POST /practice/NAME?image=IMAGE` and `POST /practice/NAME?revision=NUMBER` are what a fake
 * kubectl says to it; `GET /practice/health` is well.
 */
export class PracticeApi {
  readonly #deployments = new Map<string, PracticeDeployment>();
  readonly #stored = new Map<string, Stored & { readonly collection: Collection }>();
  readonly #history: Told[] = [];
  readonly #watches = new Set<Watch>();
  #version = 1_000;

  /** `images` of Deployments by their name. */
  constructor(images: Readonly<Record<string, string>>, namespace = 'production') {
    for (const [name, image] of Object.entries(images))
      this.#put(practiceDeployment(name, namespace, image, Date.now()));
  }

  /** Answers what is about workloads; false for everything else. */
  takes(method: string, path: string, response: ServerResponse): boolean {
    const url = new URL(path, 'http://practice');
    if (url.pathname === '/practice/health') {
      response.writeHead(200, { connection: 'close' }).end('well\n');
      return true;
    }
    if (method === 'POST' && url.pathname.startsWith('/practice/')) {
      this.#change(url);
      response.writeHead(200, { connection: 'close' }).end();
      return true;
    }
    const [, namespace = '', collection = '', name, log] = resourcePath.exec(url.pathname) ?? [];
    if (method !== 'GET' || ![...filled, ...empty].includes(collection)) return false;
    if (log !== undefined)
      response.writeHead(200, { 'content-type': 'text/plain', connection: 'close' }).end('ready\n');
    else if (name !== undefined) this.#one({ collection, namespace, name, labels: {} }, response);
    else this.#many(url, { collection, namespace }, response);
    return true;
  }

  #change(url: URL): void {
    const before = this.#deployments.get(url.pathname.split('/').at(-1) ?? '');
    if (before === undefined) return;
    const image = url.searchParams.get('image') ?? imageOf(before, Number(url.searchParams.get('revision')));
    if (image !== null) this.#put(rolledOut(before, image, Date.now()));
  }

  #put(deployment: PracticeDeployment): void {
    this.#deployments.set(deployment.name, deployment);
    const now = new Set<string>();
    for (const [collection, objects] of Object.entries(objectsOf(deployment)))
      for (const object of objects) {
        now.add(object.metadata.uid);
        const known = this.#stored.get(object.metadata.uid);
        if (known !== undefined && JSON.stringify(known.object) === JSON.stringify(object)) continue;
        this.#tell(collection as Collection, known === undefined ? 'ADDED' : 'MODIFIED', object);
      }
    for (const [uid, { collection, object }] of this.#stored)
      if (uid.startsWith(`uid-${deployment.name}`) && !now.has(uid)) this.#tell(collection, 'DELETED', object);
  }

  #tell(collection: Collection, type: Told['type'], object: PracticeObject): void {
    this.#version += 1;
    const told: Told = { version: this.#version, collection, type, object };
    if (type === 'DELETED') this.#stored.delete(object.metadata.uid);
    else this.#stored.set(object.metadata.uid, told);
    this.#history.push(told);
    for (const watch of this.#watches) this.#say(watch, told);
  }

  #say({ question, response }: Watch, told: Told): void {
    if (told.collection === question.collection && meets(question, told.object))
      response.write(`${JSON.stringify({ type: told.type, object: versioned(told) })}\n`);
  }

  #one(question: Question, response: ServerResponse): void {
    const found = [...this.#stored.values()].find(
      (stored) => stored.collection === question.collection && meets(question, stored.object),
    );
    const status = found === undefined ? 404 : 200;
    const body = found === undefined ? { kind: 'Status', code: 404, reason: 'NotFound' } : versioned(found);
    response.writeHead(status, { 'content-type': 'application/json', connection: 'close' }).end(JSON.stringify(body));
  }

  #many(url: URL, place: Pick<Question, 'collection' | 'namespace'>, response: ServerResponse): void {
    const fields = termsOf(url.searchParams.get('fieldSelector'));
    const question: Question = {
      ...place,
      name: fields['metadata.name'] ?? null,
      labels: termsOf(url.searchParams.get('labelSelector')),
    };
    response.writeHead(200, { 'content-type': 'application/json', connection: 'close' });
    if (url.searchParams.has('watch'))
      return this.#watch(question, Number(url.searchParams.get('resourceVersion')), response);
    const items = [...this.#stored.values()]
      .filter((stored) => stored.collection === question.collection && meets(question, stored.object))
      .map(versioned);
    response.end(JSON.stringify({ kind: 'List', metadata: { resourceVersion: String(this.#version) }, items }));
  }

  #watch(question: Question, from: number, response: ServerResponse): void {
    response.flushHeaders();
    const watch = { question, response };
    for (const told of this.#history) if (told.version > from) this.#say(watch, told);
    this.#watches.add(watch);
    response.on('close', () => this.#watches.delete(watch));
  }
}
