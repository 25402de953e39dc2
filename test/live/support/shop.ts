import { join } from 'node:path';
import type { LiveCluster } from './cluster.ts';
import { freePorts, startServer } from './processes.ts';
import type { Fault } from './shop/faults.ts';
import type { ShopArguments, ShopOrders } from './shop/program.ts';
import { waitFor } from './wait.ts';

export type { Fault } from './shop/faults.ts';

export interface ShopOptions {
  /** Label `app` of its pods; default `checkout`. */
  readonly service?: string;
  /** Default `production`. */
  readonly namespace?: string;
  /** Requests a second over all ready pods; default 100. */
  readonly perSecond?: number;
}

/**
 * A real HTTP service under real load, beside a cluster whose fake kubelet runs no containers. Its pods are the ready
 * ones with the label `app`: each gets its share of the requests and answers as its version (the tag of its image) does.
 * It counts `http_requests_total{service,track,code}` and `http_request_duration_seconds{service,track}` (a histogram).
 */
export interface Shop {
  /** Host and port that Prometheus scrapes. */
  readonly scrapeAddress: string;
  /** 200 with `{"status":"healthy","version":…}` of one of the pods; 503 without any. */
  readonly healthUrl: string;
  /** From the next request on. */
  readonly fault: (fault: Fault) => Promise<void>;
  readonly heal: (version: string) => Promise<void>;
  readonly load: (perSecond: number) => Promise<void>;
  /** Connections for scraping are refused; the service goes on. */
  readonly dieScrape: () => Promise<void>;
  readonly reviveScrape: () => Promise<void>;
  readonly log: () => string;
  readonly stop: () => Promise<void>;
}

const program = new URL('shop/program.ts', import.meta.url).pathname;

const answers = async (url: string): Promise<boolean> => {
  await (await fetch(url)).text();
  return true;
};

/** Starts it; it serves whatever pods become ready in the cluster. It ends with the process that started it. */
export const startShop = async (cluster: LiveCluster, options: ShopOptions = {}): Promise<Shop> => {
  const { service = 'checkout', namespace = 'production', perSecond = 100 } = options;
  const [servicePort, scrapePort, controlPort] = (await freePorts(3)) as [number, number, number];
  const input: ShopArguments = {
    place: {
      host: '127.0.0.1',
      port: cluster.port,
      authority: cluster.authority.certificate,
      token: 'token-admin',
      namespace,
      service,
    },
    ports: { service: servicePort, scrape: scrapePort, control: controlPort },
    perSecond,
  };
  const logFile = join(cluster.folder, 'logs', 'shop.log');
  const server = startServer('shop', process.execPath, [program, JSON.stringify(input)], { logFile });
  const tell = async <Name extends keyof ShopOrders>(name: Name, order: ShopOrders[Name]): Promise<void> => {
    const response = await fetch(`http://127.0.0.1:${controlPort}/${name}`, {
      method: 'PUT',
      body: JSON.stringify(order),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`the shop refused ${name}: ${text}`);
  };
  const scrapeAddress = `127.0.0.1:${scrapePort}`;
  try {
    await waitFor('the shop to answer', () => answers(`http://127.0.0.1:${controlPort}/`));
  } catch (error) {
    await server.stop(1);
    throw new Error(`THE SHOP DID NOT START: ${error instanceof Error ? error.message : error}\n${server.log()}`);
  }
  return {
    scrapeAddress,
    healthUrl: `http://127.0.0.1:${servicePort}/health`,
    fault: (fault) => tell('fault', fault),
    heal: (version) => tell('heal', { version }),
    load: (perSecond) => tell('load', { perSecond }),
    dieScrape: () => tell('scrape', { answers: false }),
    reviveScrape: () => tell('scrape', { answers: true }),
    log: () => server.log(),
    stop: () => server.stop(1),
  };
};
