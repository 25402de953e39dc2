import { readFileSync } from 'node:fs';
import { programOf } from './binaries.ts';
import type { LiveCluster } from './cluster-model.ts';
import { freePorts, type Server } from './processes.ts';
import { waitFor } from './wait.ts';

/** Installs Argo Rollouts' resource definitions and starts its controller; it is stopped with the cluster. */
export const startArgo = async (cluster: LiveCluster): Promise<Server> => {
  await cluster.apply(readFileSync(programOf('argo-rollouts', 'crds.yaml'), 'utf8'), ['--server-side']);
  await cluster.apply('{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"argo-rollouts"}}');
  await waitFor('the Rollout resource to be served', async () => {
    const { exit } = await cluster.kubectl(['get', 'rollouts.argoproj.io', '--all-namespaces']);
    return exit === 0;
  });
  const [metrics, health] = await freePorts(2);
  const server = cluster.start('argo-rollouts', programOf('argo-rollouts', 'rollouts-controller'), [
    `--kubeconfig=${cluster.kubeconfig}`,
    '--leader-elect=false',
    '--namespace=argo-rollouts',
    `--metricsport=${metrics}`,
    `--healthzPort=${health}`,
  ]);
  await waitFor('the Argo Rollouts controller', async () => {
    if (server.ended()) throw new Error(`it ended: ${server.ended()}\n${server.log().slice(-2000)}`);
    return (await fetch(`http://127.0.0.1:${health}/healthz`)).ok;
  });
  return server;
};
