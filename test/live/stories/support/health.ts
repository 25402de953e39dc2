import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface HealthEndpoint {
  readonly url: string;
  /** What it answers from the next request on. */
  answers(status: number): void;
  stop(): Promise<void>;
}

/** The service's health endpoint, on loopback: fake kubelets run no containers that could answer. */
export const startHealthEndpoint = async (): Promise<HealthEndpoint> => {
  let status = 200;
  const server = createServer((_, response) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ status: status === 200 ? 'healthy' : 'failing' }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/health`,
    answers: (next) => {
      status = next;
    },
    stop: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
};
