import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';

/** A pod that gets a share of the traffic. */
export interface ReadyPod {
  readonly track: string;
  readonly version: string;
}

export interface ApiPlace {
  readonly host: string;
  readonly port: number;
  /** Path of the authority's certificate. */
  readonly authority: string;
  readonly token: string;
  readonly namespace: string;
  /** Label `app` of the pods. */
  readonly service: string;
}

interface Pod {
  readonly metadata: { readonly labels?: Readonly<Record<string, string>>; readonly deletionTimestamp?: string };
  readonly spec: { readonly containers: readonly { readonly image: string }[] };
  readonly status: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

const isReady = ({ metadata, status }: Pod): boolean =>
  metadata.deletionTimestamp === undefined &&
  status.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') === true;

const readyPodOf = ({ metadata, spec }: Pod): ReadyPod => ({
  track: metadata.labels?.track ?? 'stable',
  version: spec.containers[0]?.image.match(/:([^:/]+)$/)?.[1] ?? 'none',
});

const agent = new Agent({ keepAlive: true });

/** The ready pods of the service, asked of the API server. Rejects when it does not answer. */
export const readReadyPods = (place: ApiPlace): Promise<readonly ReadyPod[]> =>
  new Promise((done, failed) => {
    const asked = request(
      {
        agent,
        host: place.host,
        port: place.port,
        path: `/api/v1/namespaces/${place.namespace}/pods?labelSelector=${encodeURIComponent(`app=${place.service}`)}`,
        ca: readFileSync(place.authority),
        headers: { authorization: `Bearer ${place.token}` },
        timeout: 3000,
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          text += chunk;
        });
        response.on('end', () => {
          if (response.statusCode !== 200)
            return failed(new Error(`pods: ${response.statusCode} ${text.slice(0, 200)}`));
          const { items } = JSON.parse(text) as { items: Pod[] };
          done(items.filter(isReady).map(readyPodOf));
        });
        response.on('error', failed);
      },
    );
    asked.on('timeout', () => asked.destroy(new Error('pods: no answer in 3 s')));
    asked.on('error', failed);
    asked.end();
  });

/** Reads the ready pods each second; while the API server is away the last ones go on serving, as real ones do. */
export class PodsFollower {
  private pods: readonly ReadyPod[] = [];

  constructor(place: ApiPlace, onChange: (pods: readonly ReadyPod[]) => void) {
    const look = async (): Promise<void> => {
      try {
        this.pods = await readReadyPods(place);
        onChange(this.pods);
      } catch (error) {
        console.error(error instanceof Error ? error.message : error);
      }
      setTimeout(() => void look(), 1000);
    };
    void look();
  }

  /** One of them, as a Service without session affinity picks it. */
  pick(): ReadyPod | undefined {
    return this.pods[Math.floor(Math.random() * this.pods.length)];
  }
}
