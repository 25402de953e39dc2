import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { type Fault, Faults } from './faults.ts';
import { Load } from './load.ts';
import { type ApiPlace, PodsFollower } from './ready-pods.ts';
import { Counts, createScrapeServer, createShopServer } from './service.ts';

/** The one argument of this program, as JSON. */
export interface ShopArguments {
  readonly place: ApiPlace;
  readonly ports: { readonly service: number; readonly scrape: number; readonly control: number };
  readonly perSecond: number;
}

/** What the test may tell it, each at `PUT /NAME` with a JSON body. */
export interface ShopOrders {
  readonly fault: Fault;
  readonly heal: { readonly version: string };
  readonly load: { readonly perSecond: number };
  readonly scrape: { readonly answers: boolean };
}

// A process of its own: the test's one stands still now and then, and this one's clock must not.
const { place, ports, perSecond } = JSON.parse(process.argv[2] ?? '') as ShopArguments;
const faults = new Faults();
const counts = new Counts(place.service);
const pods = new PodsFollower(place, (ready) => counts.follows(ready));
const service = createShopServer(pods, faults, counts).listen(ports.service, '127.0.0.1');
const scrape = createScrapeServer(counts).listen(ports.scrape, '127.0.0.1');
await Promise.all([once(service, 'listening'), once(scrape, 'listening')]);
const load = new Load(pods, ports.service, perSecond);

const bodyOf = async (request: IncomingMessage): Promise<unknown> => {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return JSON.parse(text);
};

const orders: { readonly [Name in keyof ShopOrders]: (order: ShopOrders[Name]) => Promise<void> | void } = {
  fault: (fault) => faults.set(fault),
  heal: ({ version }) => faults.heal(version),
  load: (order) => load.become(order.perSecond),
  scrape: async ({ answers }) => {
    if (answers === scrape.listening) return;
    if (answers) await once(scrape.listen(ports.scrape, '127.0.0.1'), 'listening');
    else {
      scrape.close();
      scrape.closeAllConnections();
      await once(scrape, 'close');
    }
  },
};

createServer(async (request, response) => {
  try {
    const order = orders[request.url?.slice(1) as keyof ShopOrders] as
      | ((body: unknown) => Promise<void> | void)
      | undefined;
    if (order === undefined) throw new Error(`no such order: ${request.url}`);
    await order(await bodyOf(request));
    response.end();
  } catch (error) {
    response.writeHead(400).end(String(error));
  }
}).listen(ports.control, '127.0.0.1');
