const longest = 63;

/**
 * What a lock is for: the runbook's `lock.scope`, else the first workload (`deployment/checkout` → `deployment-checkout`),
 * else the runbook's file name. Lower case, every character outside `[a-z0-9-]` is `-`. Source: 40-cluster, "Deploy lock".
 */
export const lockScope = (given: string | null, workloads: readonly string[], runbookPath: string): string => {
  const file = runbookPath.split('/').at(-1) ?? runbookPath;
  return scopeName(given ?? workloads[0] ?? file);
};

export const scopeName = (text: string): string => {
  const plain = text.toLowerCase().replace(/[^a-z0-9-]/g, '-');
  // Names of objects begin and end with a letter or a digit; ours begins with `gonogo-lock-`.
  const name = plain.slice(0, longest).replace(/-+$/, '');
  return name === '' ? 'default' : name;
};

export const leaseName = (scope: string): string => `gonogo-lock-${scope}`;
