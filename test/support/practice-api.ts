import type { IncomingMessage, ServerResponse } from 'node:http';
import { imageOf, objectsOf, type PracticeDeployment, practiceDeployment, rolledOut } from './practice-objects.ts';
import { statusBody, WatchedObjects } from './watched-objects.ts';

const filled: readonly string[] = ['deployments', 'replicasets', 'pods'];
/** Known to every API server, and empty here. */
const empty: readonly string[] = ['events', 'jobs', 'horizontalpodautoscalers'];

const resourcePath = /^\/(?:api|apis\/[^/]+)\/v\d[^/]*\/namespaces\/([^/]+)\/([a-z]+)(?:\/([^/]+)(\/log)?)?$/;

export const placeOf = (namespace: string, collection: string): string => `${namespace}/${collection}`;

/**
 * Deployments that are rolled out and back by one request each, with their ReplicaSets and pods, listed and watched as
 * an API server does it. `POST /practice/NAME?image=IMAGE` and `POST /practice/NAME?revision=NUMBER` are what a fake
 * kubectl says to it; `GET /practice/health` is well.
 */
export class PracticeApi {
  readonly objects = new WatchedObjects(1_000);
  readonly #deployments = new Map<string, PracticeDeployment>();
  /** What was last told of an object, by its uid. */
  readonly #told = new Map<string, string>();

  /** `images` of Deployments by their name. */
  constructor(images: Readonly<Record<string, string>>, namespace = 'production') {
    for (const [name, image] of Object.entries(images))
      this.#put(practiceDeployment(name, namespace, image, Date.now()));
  }

  /** Answers what is about workloads; false for everything else. */
  takes(request: IncomingMessage, response: ServerResponse): boolean {
    const { method = 'GET' } = request;
    const url = new URL(request.url ?? '', 'http://practice');
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
    const place = placeOf(namespace, collection);
    if (log !== undefined)
      response.writeHead(200, { 'content-type': 'text/plain', connection: 'close' }).end('ready\n');
    else if (name !== undefined) this.#one(place, name, response);
    else this.objects.answer(() => place, request, response);
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
        const { uid } = object.metadata;
        now.add(uid);
        const text = JSON.stringify(object);
        if (this.#told.get(uid) === text) continue;
        this.#told.set(uid, text);
        this.objects.keep(placeOf(deployment.namespace, collection), object);
      }
    for (const uid of [...this.#told.keys()].filter(
      (one) => one.startsWith(`uid-${deployment.name}`) && !now.has(one),
    )) {
      this.#told.delete(uid);
      this.objects.remove(uid);
    }
  }

  #one(place: string, name: string, response: ServerResponse): void {
    const found = this.objects.named(place, name);
    response
      .writeHead(found === undefined ? 404 : 200, { 'content-type': 'application/json', connection: 'close' })
      .end(found === undefined ? statusBody(404, `"${name}" not found`, 'NotFound') : JSON.stringify(found));
  }
}
