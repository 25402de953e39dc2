import { workloadReference } from '../../gates/cluster-samples.ts';

const longest = 63;
const isWorkload = /^(deployment|statefulset|daemonset|job|rollout)\//;

/**
 * What a lock is for: the runbook's `lock.scope`, else the first workload (`deployment/checkout`, `deploy/checkout` and
 * `deployments.apps/checkout` → `deployment-checkout`), else the runbook's file name. Lower case, every character outside `[a-z0-9-]` is `-`. Source: 40-cluster, "Deploy lock".
 */
export const lockScope = (given: string | null, workloads: readonly string[], runbookPath: string): string => {
  const file = runbookPath.split('/').at(-1) ?? runbookPath;
  return scopeName(given ?? workloads[0] ?? file);
};

/** A workload gives the same name however its kind is written; anything else keeps all of its words. */
export const scopeName = (text: string): string => {
  const reference = /^[^/]+\/[^/]+$/.test(text.trim()) ? workloadReference(text.trim()) : text;
  const plain = (isWorkload.test(reference) ? reference : text).toLowerCase().replace(/[^a-z0-9-]/g, '-');
  // Names of objects begin and end with a letter or a digit; ours begins with `gonogo-lock-`.
  const name = plain.slice(0, longest).replace(/-+$/, '');
  return name === '' ? 'default' : name;
};

export const leaseName = (scope: string): string => `gonogo-lock-${scope}`;
