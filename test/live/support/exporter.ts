import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A program that a Prometheus scrapes, whose figures a test sets. */
export interface Exporter {
  /** `127.0.0.1:PORT`, as a scrape configuration names it. */
  readonly target: string;
  /** By series: `requests_total{code="500"}`. NaN and Infinity too. Null: the series ends. */
  set(series: string, value: number | null): void;
  /** Grows by so much a second, in place of a value. */
  grow(series: string, perSecond: number): void;
  /** Answers no more until `revive`. */
  die(): void;
  revive(): Promise<void>;
  close(): Promise<void>;
}

const textOf = (value: number): string =>
  Number.isFinite(value) ? String(value) : Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';

export const startExporter = async (): Promise<Exporter> => {
  const figures = new Map<string, () => number>();
  const server: Server = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4', connection: 'close' });
    response.end([...figures].map(([series, value]) => `${series} ${textOf(value())}\n`).join(''));
  });
  const listen = async (port: number): Promise<number> => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  };
  const die = (): void => {
    if (!server.listening) return;
    server.close();
    server.closeAllConnections();
  };
  const port = await listen(0);
  return {
    target: `127.0.0.1:${port}`,
    set: (series, value) => {
      if (value === null) figures.delete(series);
      else figures.set(series, () => value);
    },
    grow: (series, perSecond) => {
      const from = performance.now();
      figures.set(series, () => ((performance.now() - from) / 1000) * perSecond);
    },
    die,
    revive: async () => {
      await listen(port);
    },
    close: async () => {
      if (!server.listening) return;
      const closed = once(server, 'close');
      die();
      await closed;
    },
  };
};
