import { readKubeconfig } from '../../src/cluster/pin/kubeconfig.ts';
import { openCluster } from '../../src/cluster/pin/open-cluster.ts';
import { pinnedContext } from '../../src/cluster/pin/pinned-context.ts';
import { systemClock } from '../../src/engine/clock.ts';

const atOnce = 8;
const pods = '/api/v1/namespaces/default/pods';

interface Names {
  readonly items: readonly { readonly metadata: { readonly name: string } }[];
}

/** Makes pods ready or not ready, as many as are asked for, eight at a time; prints `begin`, then how long it took. */
const storm = async (kubeconfig: string, contextName: string, count: number, ready: string): Promise<void> => {
  const context = pinnedContext(readKubeconfig([kubeconfig]), contextName);
  const { connection } = openCluster(context, { environment: {}, clock: systemClock, onSecret: () => {} });
  const options = { timeoutMs: 60_000, maxBytes: 2 ** 28 };
  const { items } = (await connection.getJson(`${pods}?limit=${count}`, options)) as Names;
  const names = items.map(({ metadata }) => metadata.name);
  const lastTransitionTime = `${new Date().toISOString().slice(0, 19)}Z`;
  const condition = { type: 'Ready', status: ready, reason: 'Bench', lastTransitionTime };
  const patch = { status: { conditions: [condition] } };
  console.log('begin');
  const from = performance.now();
  const change = async (): Promise<void> => {
    for (let name = names.pop(); name !== undefined; name = names.pop())
      await connection.send(
        'PATCH',
        `${pods}/${name}/status`,
        patch,
        'application/strategic-merge-patch+json',
        options,
      );
  };
  await Promise.all(Array.from({ length: atOnce }, change));
  console.log(Math.round(performance.now() - from));
  await connection.close();
};

const [kubeconfig = '', contextName = '', count = '', ready = ''] = process.argv.slice(2);
await storm(kubeconfig, contextName, Number(count), ready);
