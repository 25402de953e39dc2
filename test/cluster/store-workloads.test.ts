import { expect, test } from 'vitest';
import { ApiProblem } from '../../src/cluster/api/api-problem.ts';
import { workloadReference } from '../../src/cluster/facts/references.ts';
import { storeWorkloads } from '../../src/cluster/store-workloads.ts';
import { MemoryApi } from './support/memory-api.ts';

/** Answers single Deployments by their names. */
class NamedApi extends MemoryApi {
  override async getJson(path: string): Promise<unknown> {
    const name = path.split('/').at(-1) ?? '';
    if (name === 'secret') throw new ApiProblem({ kind: 'forbidden', because: 'no permission (get deployments)' });
    if (name !== 'checkout') throw new ApiProblem({ kind: 'not-found', because: 'not found', status: 404 });
    return {
      metadata: { name, uid: 'u1', resourceVersion: '1', managedFields: [] },
      spec: { replicas: 6, template: { spec: { containers: [{ name: 'app', image: 'a:1' }] } } },
      status: { replicas: 6 },
    };
  }
}

test('what is there is stored though another is not there yet, or must not be read', async () => {
  const wanted = ['deployment/checkout', 'deployment/checkout-canary', 'deployment/secret'].map(workloadReference);
  const { workloads, missing } = await storeWorkloads(new NamedApi(), 'shop', wanted);
  expect(workloads).toMatchObject([{ workload: 'deployment/checkout', images: ['a:1'], replicas: 6 }]);
  expect(workloads[0]?.manifest).not.toMatch(/managedFields|"status"/);
  expect(missing).toEqual([
    'deployment/checkout-canary is not there yet in shop',
    'deployment/secret: no permission (get deployments)',
  ]);
});
