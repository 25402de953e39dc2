import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LiveCluster, startCluster } from './support/cluster.ts';

let first: LiveCluster;
beforeAll(async () => {
  first = await startCluster();
});
afterAll(() => first?.stop());

const identityOf = async (cluster: LiveCluster, kubeconfig: string): Promise<string> => {
  const { stdout } = await cluster.kubectl(['get', 'namespace', 'kube-system', '-o', 'jsonpath={.metadata.uid}'], {
    kubeconfig,
  });
  return stdout;
};

describe('two clusters', () => {
  test('stand side by side, each with its own authority', async () => {
    const second = await startCluster({ context: 'staging-eu' });
    try {
      expect(second.port).not.toBe(first.port);
      expect(await identityOf(second, second.kubeconfig)).not.toBe(await identityOf(first, first.kubeconfig));
      const kubeconfig = await second.kubeconfigFor('admin', { groups: ['system:masters'], server: first.server });
      expect((await second.kubectl(['get', 'nodes'], { kubeconfig })).stderr).toContain('unknown authority');
    } finally {
      await second.stop();
    }
    expect(existsSync(second.folder)).toBe(false);
  });

  test('another one can answer behind the same address, to the same certificates', async () => {
    const before = await identityOf(first, first.kubeconfig);
    await first.stopApiServer();
    const other = await startCluster({ port: first.port, authority: first.authority });
    try {
      const after = await identityOf(first, first.kubeconfig);
      expect(after).toMatch(/^[0-9a-f-]{36}$/);
      expect(after).not.toBe(before);
    } finally {
      await other.stop();
    }
    await first.startApiServer();
    expect(await identityOf(first, first.kubeconfig)).toBe(before);
  });
});
