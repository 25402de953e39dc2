import { ExpectedError } from '../../text/errors.ts';
import type { WorkloadKind } from './seen-workload.ts';

export interface WorkloadReference {
  readonly kind: WorkloadKind;
  readonly name: string;
  /** `deployment/checkout`. */
  readonly reference: string;
}

const kinds: readonly {
  readonly kind: WorkloadKind;
  readonly plural: string;
  readonly group: string;
  readonly short: string;
}[] = [
  { kind: 'Deployment', plural: 'deployments', group: 'apps/v1', short: 'deploy' },
  { kind: 'StatefulSet', plural: 'statefulsets', group: 'apps/v1', short: 'sts' },
  { kind: 'DaemonSet', plural: 'daemonsets', group: 'apps/v1', short: 'ds' },
  { kind: 'Job', plural: 'jobs', group: 'batch/v1', short: 'job' },
  { kind: 'Rollout', plural: 'rollouts', group: 'argoproj.io/v1alpha1', short: 'ro' },
];

/** `deployment/checkout`, `deploy/checkout`, `statefulsets.apps/db`. Throws ExpectedError for a kind that is not watched. */
export const workloadReference = (text: string): WorkloadReference => {
  const [written = '', name = ''] = text.trim().split('/');
  const word = written.toLowerCase().split('.')[0];
  const found = kinds.find(
    ({ kind, plural, short }) => word === kind.toLowerCase() || word === plural || word === short,
  );
  if (found === undefined || name === '') {
    throw new ExpectedError(`"${text}" is not a workload that can be watched`, {
      nextStep: 'name it as deployment/NAME, statefulset/NAME, daemonset/NAME, job/NAME or rollout/NAME',
    });
  }
  return { kind: found.kind, name, reference: `${found.kind.toLowerCase()}/${name}` };
};

/** `/apis/apps/v1/namespaces/shop/deployments`. */
export const workloadPath = (kind: WorkloadKind, namespace: string): string => {
  const { group, plural } = kinds.find((known) => known.kind === kind) ?? { group: 'apps/v1', plural: 'deployments' };
  return `/apis/${group}/namespaces/${encodeURIComponent(namespace)}/${plural}`;
};
