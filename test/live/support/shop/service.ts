import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Counter, exponentialBuckets, Histogram, Registry } from '@prometheus-io/client';
import type { Faults } from './faults.ts';
import type { PodsFollower, ReadyPod } from './ready-pods.ts';

/** 5 ms to 5 s: fine enough that a quantile inside a bucket is not off by more than a few percent. */
export const durationBuckets: readonly number[] = exponentialBuckets(0.005, 1.12, 62);

/** What the service counts, as Prometheus reads it. */
export class Counts {
  private readonly registry = new Registry();
  private readonly requests = new Counter({
    name: 'http_requests_total',
    help: 'Requests answered.',
    labelNames: ['service', 'track', 'code'] as const,
    registers: [this.registry],
  });
  private readonly durations = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from the first byte of the request to the last of the answer.',
    labelNames: ['service', 'track'] as const,
    buckets: [...durationBuckets],
    registers: [this.registry],
  });
  private tracks = new Set<string>();
  private readonly service: string;

  constructor(service: string) {
    this.service = service;
  }

  add(track: string, code: number, seconds: number): void {
    // The last answers of a pod that is gone: nobody scrapes it any more.
    if (!this.tracks.has(track)) return;
    this.requests.inc({ service: this.service, track, code: String(code) });
    this.durations.observe({ service: this.service, track }, seconds);
  }

  /** With its last pod a track's series go away; the next pod begins at 0. */
  follows(pods: readonly ReadyPod[]): void {
    const now = new Set(pods.map(({ track }) => track));
    for (const track of [...this.tracks].filter((one) => !now.has(one))) {
      for (const code of ['200', '500']) this.requests.remove({ service: this.service, track, code });
      this.durations.remove({ service: this.service, track });
    }
    this.tracks = now;
  }

  text(): Promise<string> {
    return this.registry.metrics();
  }

  get contentType(): string {
    return this.registry.contentType;
  }
}

const answerHealth = (pods: PodsFollower, faults: Faults, response: ServerResponse): void => {
  const pod = pods.pick();
  const healthy = pod !== undefined && faults.of(pod.version).healthy;
  response.writeHead(healthy ? 200 : 503, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ status: healthy ? 'healthy' : 'failing', version: pod?.version ?? null }));
};

/** The service: every pod of every version behind one port; who balances the load names the pod's track and version. */
export const createShopServer = (pods: PodsFollower, faults: Faults, counts: Counts): Server =>
  createServer((request: IncomingMessage, response) => {
    if (request.url === '/health') return answerHealth(pods, faults, response);
    const track = String(request.headers['x-track'] ?? 'stable');
    const { code, afterMs } = faults.next(String(request.headers['x-version'] ?? 'none'));
    // What the service took, and not what a busy machine of the tests added to it.
    response.on('finish', () => counts.add(track, code, afterMs / 1000));
    setTimeout(() => {
      response.writeHead(code, { 'content-type': 'text/plain' });
      response.end(code === 200 ? 'sold\n' : 'no database\n');
    }, afterMs);
  });

/** What Prometheus scrapes, on a port of its own: it can be away while the service serves. */
export const createScrapeServer = (counts: Counts): Server =>
  createServer(async (_, response) => {
    const text = await counts.text();
    response.writeHead(200, { 'content-type': counts.contentType });
    response.end(text);
  });
