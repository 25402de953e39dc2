import { ApiProblem, type ApiProblemKind } from '../../../../src/cluster/api/api-problem.ts';
import type { ApiConnection } from '../../../../src/cluster/api/connection.ts';
import type { Lease } from '../../../../src/cluster/lock/lease.ts';

type Connection = Pick<ApiConnection, 'getJson' | 'send'>;

/** Leases in memory with the compare-and-set of an API server: a PUT of another version is a conflict. */
export class ScriptedLeases implements Connection {
  readonly leases = new Map<string, Lease>();
  /** Every request fails with this, until it is null again. */
  fault: ApiProblemKind | null = null;
  nextStep: string | null = null;
  /** The next write is carried out, but its answer never arrives. */
  losesNextAnswer = false;
  /** What fails from then on. */
  faultAfterLostAnswer: ApiProblemKind | null = null;
  requests = 0;
  #version = 100;

  async getJson(path: string): Promise<unknown> {
    this.#count();
    const lease = this.leases.get(path);
    if (lease === undefined) throw problem('not-found');
    return structuredClone(lease);
  }

  async send(method: string, path: string, body: unknown): Promise<unknown> {
    this.#count();
    const lease = structuredClone(body) as Lease;
    const at = method === 'POST' ? `${path}/${lease.metadata.name}` : path;
    const before = this.leases.get(at);
    if (method === 'POST' && before !== undefined) throw problem('conflict');
    if (method === 'PUT' && before === undefined) throw problem('not-found');
    if (method === 'PUT' && before?.metadata.resourceVersion !== lease.metadata.resourceVersion)
      throw problem('conflict');
    const next = this.#store(at, lease);
    if (!this.losesNextAnswer) return structuredClone(next);
    this.losesNextAnswer = false;
    this.fault = this.faultAfterLostAnswer;
    throw problem('timeout');
  }

  /** Somebody edits the object with a tool of their own. */
  edit(change: (lease: Lease) => Lease): void {
    for (const [at, lease] of this.leases) this.#store(at, change(lease));
  }

  #store(at: string, lease: Lease): Lease {
    this.#version += 1;
    const next = { ...lease, metadata: { ...lease.metadata, resourceVersion: String(this.#version) } };
    this.leases.set(at, next);
    return next;
  }

  #count(): void {
    this.requests += 1;
    if (this.fault !== null) throw problem(this.fault, this.nextStep);
  }
}

const problem = (kind: ApiProblemKind, nextStep: string | null = null): ApiProblem =>
  new ApiProblem({ kind, because: `scripted: ${kind}`, nextStep });
