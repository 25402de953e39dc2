import { expect } from 'vitest';
import type { Terminal } from '../../../support/terminal.ts';
import type { LiveCluster } from '../../support/cluster.ts';
import type { Scene } from './scene.ts';

const step = (replicas: number): string => `- [ ] Scale to ${replicas}

  \`\`\`sh {risk=change expect="scaled"}
  kubectl scale deployment/checkout -n "$NAMESPACE" --replicas=${replicas}
  \`\`\`
`;

/** A runbook whose steps scale the Deployment, one change each: what was changed can be counted in the cluster. */
export const writeScaling = ({ workspace }: Scene, name: string, replicas: readonly number[]): void => {
  workspace.write(
    name,
    `---
gonogo: 1
title: Scale
kind: deploy
target:
  namespace: production
  workloads: [deployment/checkout]
  permissions: [patch deployments/scale, list pods]
---
# Scale

## Scale

${replicas.map(step).join('\n')}`,
  );
  expect(workspace.gonogo(['trust', name, '--yes'])).toMatchObject({ code: 0 });
};

export const opensScaling = ({ workspace }: Scene, name: string): Terminal =>
  workspace.terminal(['run', name, '--context', 'prod-eu', '--ticket', 'CHG-4711'], { columns: 120, rows: 40 });

export const replicasOf = async (cluster: LiveCluster): Promise<number> => {
  const found = await cluster.json<{ spec: { replicas: number } }>([
    'get',
    'deployment',
    'checkout',
    '-n',
    'production',
  ]);
  return found.spec.replicas;
};
