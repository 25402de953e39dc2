import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { connectApi } from '../../../../src/cluster/api/connect.ts';
import type { ApiConnection, Credentials, Endpoint } from '../../../../src/cluster/api/connection.ts';
import type { ResourceWatch } from '../../../../src/cluster/api/resource.ts';
import { watchResource } from '../../../../src/cluster/api/resource-watch.ts';
import type { SourceHealth } from '../../../../src/gates/workload.ts';
import type { ApiObject } from '../../../support/watched-objects.ts';
import { ManualClock } from './manual-clock.ts';
import { ScriptedApi } from './scripted-api.ts';
import { until } from './until.ts';

export const fixture = (name: string): string => readFileSync(join(import.meta.dirname, '../fixtures', name), 'utf8');

/** A login that can be renewed as often as it is told. */
export class TestLogin implements Credentials {
  token = 'first';
  renewals = 0;
  canRenew = true;

  now() {
    return Promise.resolve({ headers: { authorization: `Bearer ${this.token}` }, cert: null, key: null });
  }

  renew(): Promise<boolean> {
    this.renewals += 1;
    if (this.canRenew) this.token = `renewed ${this.renewals}`;
    return Promise.resolve(this.canRenew);
  }
}

export const endpointOf = (server: string, changes: Partial<Endpoint> = {}): Endpoint => ({
  server,
  ca: null,
  insecure: false,
  tlsServerName: null,
  proxyUrl: null,
  credentials: new TestLogin(),
  loginCommand: 'aws sso login',
  ...changes,
});

export const openApi = async (): Promise<ScriptedApi> => {
  const api = await new ScriptedApi().accept();
  onTestFinished(() => api.refuse());
  return api;
};

export const connectTo = (endpoint: Endpoint): { readonly connection: ApiConnection; readonly clock: ManualClock } => {
  const clock = new ManualClock();
  const connection = connectApi(endpoint, clock);
  onTestFinished(() => connection.close());
  return { connection, clock };
};

interface Row {
  readonly uid: string;
  readonly resourceVersion: string;
}

/** One watch of the scripted API, and everything it was told. */
export class Watched {
  readonly clock: ManualClock;
  readonly connection: ApiConnection;
  readonly login = new TestLogin();
  readonly rows = new Map<string, string>();
  readonly healths: SourceHealth[] = [];
  readonly pages: number[] = [];
  /** How many rows there were whenever a list was complete. */
  readonly lists: number[] = [];
  readonly watch: ResourceWatch;

  constructor(api: ScriptedApi, project: (object: unknown) => Row | null = rowOf) {
    const endpoint = endpointOf(`http://127.0.0.1:${api.port}`, { credentials: this.login });
    ({ connection: this.connection, clock: this.clock } = connectTo(endpoint));
    const { rows, pages, lists, healths } = this;
    this.watch = watchResource(
      this.connection,
      { path: '/api/v1/namespaces/shop/pods', labelSelector: 'app=checkout', fieldSelector: null },
      project,
      {
        page: (added) => {
          pages.push(added.length);
          for (const { uid, resourceVersion } of added) rows.set(uid, resourceVersion);
        },
        listed: (uids) => {
          for (const uid of rows.keys()) if (!uids.has(uid)) rows.delete(uid);
          lists.push(rows.size);
        },
        put: (row) => rows.set(row.uid, row.resourceVersion),
        remove: (uid) => rows.delete(uid),
        health: (health) => healths.push(health),
      },
      this.clock,
      () => 0.5,
    );
    onTestFinished(() => this.watch.stop());
  }

  get health(): SourceHealth {
    return this.healths.at(-1) as SourceHealth;
  }

  reaches(state: SourceHealth['state']): Promise<void> {
    return until(`state ${state}`, () => this.health.state === state);
  }
}

export const rowOf = (object: unknown): Row => {
  const { uid, resourceVersion } = (object as ApiObject).metadata;
  return { uid, resourceVersion };
};

/** A watch that is live on so many pods. */
export const live = async (pods = 3): Promise<{ api: ScriptedApi; watched: Watched }> => {
  const api = await openApi();
  for (let i = 1; i <= pods; i++) api.put(`pod-${i}`);
  const watched = new Watched(api);
  await watched.reaches('live');
  await until('an open watch', () => api.watches.size === 1);
  return { api, watched };
};

export const names = ({ rows }: Watched): readonly string[] => [...rows.keys()].sort();
