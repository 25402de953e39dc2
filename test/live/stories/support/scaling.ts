import { expect } from 'vitest';
import type { Terminal } from '../../../support/terminal.ts';
import type { LiveCluster } from '../../support/cluster.ts';
import type { Scene } from './scene.ts';

const scaleStep = (replicas: number): string => `- [ ] Scale to ${replicas}

  \`\`\`sh {risk=change expect="scaled"}
  kubectl scale deployment/checkout -n "$NAMESPACE" --replicas=${replicas}
  \`\`\`
`;

/**
 * A runbook whose steps scale the Deployment, one change each: what was changed can be counted in the cluster.
 * @param steps numbers of replicas, or other steps as they stand in the runbook
 */
export const writeScaling = ({ workspace }: Scene, name: string, steps: readonly (number | string)[]): void => {
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

${steps.map((step) => (typeof step === 'number' ? scaleStep(step) : step)).join('\n')}`,
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
