import { Agent, request } from 'node:http';
import type { PodsFollower, ReadyPod } from './ready-pods.ts';

/** Requests over loopback at the times of a Poisson process, each to one of the ready pods. */
export class Load {
  private perSecond: number;
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 500 });
  private readonly port: number;
  private readonly pods: PodsFollower;
  private next = performance.now();

  constructor(pods: PodsFollower, port: number, perSecond: number) {
    this.pods = pods;
    this.port = port;
    this.perSecond = perSecond;
    this.wait();
  }

  become(perSecond: number): void {
    this.perSecond = perSecond;
  }

  private wait(): void {
    setTimeout(
      () => {
        // What was due while the process had no processor is sent now: nothing is left out.
        while (this.next <= performance.now()) {
          this.next += (-Math.log(1 - Math.random()) / this.perSecond) * 1000;
          const pod = this.pods.pick();
          if (pod) this.send(pod);
        }
        this.wait();
      },
      Math.max(1, this.next - performance.now()),
    );
  }

  private send({ track, version }: ReadyPod): void {
    const sent = request(
      {
        agent: this.agent,
        host: '127.0.0.1',
        port: this.port,
        path: '/orders',
        headers: { 'x-track': track, 'x-version': version },
      },
      (response) => response.resume(),
    );
    sent.on('error', (error) => console.error(`request: ${error.message}`));
    sent.end();
  }
}
