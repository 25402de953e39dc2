import { expect, onTestFinished } from 'vitest';
import type { Terminal } from '../../../support/terminal.ts';
import { type LiveCluster, startCluster } from '../../support/cluster.ts';
import { type Prometheus, startPrometheus } from '../../support/prometheus.ts';
import type { Behaviour } from '../../support/shop/faults.ts';
import { shopHistory } from '../../support/shop/history.ts';
import { type Shop, startShop } from '../../support/shop.ts';
import { deployTracks, trackDeployment } from '../../support/tracks.ts';
import { waitFor } from '../../support/wait.ts';
import type { Scene } from './scene.ts';

/** A real cluster, the service that runs in it under load, and the Prometheus that watches it. */
export interface World {
  readonly cluster: LiveCluster;
  readonly shop: Shop;
  readonly prometheus: Prometheus;
  readonly stop: () => Promise<void>;
}

export interface WorldOptions {
  readonly version?: string;
  /** Of that version, for as long as Prometheus remembers; default: well. */
  readonly behaviour?: Partial<Behaviour>;
  readonly perSecond?: number;
}

/** Stable with 10 pods that have served for 35 minutes, a canary without any. */
export const startWorld = async (options: WorldOptions = {}): Promise<World> => {
  const { version = 'v2.2.5', behaviour = {}, perSecond = 200 } = options;
  const cluster = await startCluster();
  const parts: { shop?: Shop; prometheus?: Prometheus } = {};
  const stop = async (): Promise<void> => {
    await parts.prometheus?.close();
    await parts.shop?.stop();
    await cluster.stop();
  };
  try {
    await deployTracks(cluster, { version });
    parts.shop = await startShop(cluster, { perSecond });
    await parts.shop.fault({ version, ...behaviour });
    const instance = parts.shop.scrapeAddress;
    parts.prometheus = await startPrometheus({
      jobs: { checkout: [instance] },
      history: shopHistory({ job: 'checkout', instance, perSecond, behaviour, minutes: 35, until: Date.now() }),
    });
    const { shop, prometheus } = parts;
    await waitFor('requests of the service', async () => (await prometheus.query('up == 1')).length === 1);
    return { cluster, shop, prometheus, stop };
  } catch (error) {
    await stop();
    throw error;
  }
};

/** Starts a shipped runbook on the world; `others` are further inputs. */
export const runsIn = (
  { shop, prometheus }: World,
  { workspace, inputs }: Scene,
  runbook: string,
  version: string,
  others: Readonly<Record<string, string>> = {},
): Terminal => {
  workspace.write('k8s/deployment-canary.yaml', trackDeployment('canary', 'v2.2.5', 0));
  // In production a server that nothing binds to the context is asked about; this one is bound.
  expect(workspace.gonogo(['config', 'prometheus', JSON.stringify({ 'prod-eu': prometheus.url })]).code).toBe(0);
  return workspace.terminal(
    [...['run', runbook, '--context', 'prod-eu'], ...inputs(version, { 'health-url': shop.healthUrl, ...others })],
    { columns: 160, rows: 48 },
  );
};

/** Inputs with which a soak takes three looks. */
export const shortSoaks: Readonly<Record<string, string>> = {
  range: '15s',
  soak: '30s',
  'soak-50': '30s',
  'soak-100': '30s',
};

/** A version is as bad as this until the test is over. */
export const breaks = async ({ shop }: World, version: string, behaviour: Partial<Behaviour>): Promise<void> => {
  await shop.fault({ version, ...behaviour });
  onTestFinished(() => shop.heal(version));
};
