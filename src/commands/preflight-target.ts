import type { FoundTarget } from '../cluster/pin/find-target.ts';
import type { RunCluster } from '../cluster/pin/open-cluster.ts';
import { askPermission, lookAtNamespace } from '../cluster/pin/permissions.ts';
import type { ClusterFacts } from '../gates/workload.ts';
import type { PermissionAnswer } from '../ports/target.ts';
import type { PreflightCheck, RunTarget } from '../session/events.ts';
import { errorLine } from '../text/errors.ts';

export interface TargetFacts {
  readonly target: RunTarget;
  readonly found: FoundTarget;
  readonly cluster: RunCluster | null;
  /** Kubeconfig files that others can read. */
  readonly exposed: readonly string[];
  readonly permissions: readonly string[];
  /** What is watched of the workloads, once something is; null = not yet. */
  readonly facts: ClusterFacts | null;
}

interface Check {
  readonly id: string;
  readonly title: string;
  readonly find: (facts: TargetFacts) => Promise<Finding | null> | Finding | null;
}

type Finding = Pick<PreflightCheck, 'level' | 'message' | 'nextStep'>;

const ok = (message: string): Finding => ({ level: 'ok', message, nextStep: null });

/** What is found of the pinned target before the first step. */
export const preflightTarget = async (facts: TargetFacts): Promise<readonly PreflightCheck[]> => {
  const found = await Promise.all(
    checks.map(async ({ id, title, find }): Promise<PreflightCheck | null> => {
      const finding = await find(facts);
      return finding === null ? null : { id, title, ...finding };
    }),
  );
  return found.filter((check) => check !== null);
};

const identity = ({ target, found, cluster }: TargetFacts): Finding | null => {
  if (cluster === null) return null;
  const { unreached, identity: known } = found;
  const where = `${target.production ? 'PROD ' : ''}${[target.context, target.namespace].filter(Boolean).join(' / ')}`;
  if (unreached?.code === 'E605') return { level: 'stop', message: errorLine(unreached), nextStep: unreached.nextStep };
  if (unreached !== null)
    return {
      level: 'override',
      message: `${where}: ${unreached.message}; the cluster cannot be known again`,
      nextStep: unreached.nextStep ?? 'See why it cannot be reached, or say why to start all the same',
    };
  const who = known.user === null ? 'as whom is not known' : `as ${known.user}`;
  if (known.clusterUid === null)
    return {
      level: 'warn',
      message: `${where}, ${who}; weak: known by its address and certificate only, no permission (get namespaces kube-system)`,
      nextStep: null,
    };
  return ok(`${where}, ${who}, cluster ${known.clusterUid}`);
};

const kubeconfig = ({ exposed }: TargetFacts): Finding | null =>
  exposed.length === 0
    ? null
    : {
        level: 'warn',
        message: `W604 others on this machine can read ${exposed.join(', ')}`,
        nextStep: `chmod 600 ${exposed[0]}`,
      };

const others = ({ found }: TargetFacts): Finding | null => {
  if (found.unpinned.length > 0)
    return {
      level: 'override',
      message: `cannot be pinned: ${found.unpinned.map(({ because }) => because).join('; ')}`,
      nextStep: 'Log in there and start again, or say why to go on without',
    };
  const pinned = found.identity.others;
  return pinned.length === 0 ? null : ok(pinned.map((other) => `${other.kind} ${other.identity}`).join('; '));
};

const namespace = async ({ target, cluster, found }: TargetFacts): Promise<Finding | null> => {
  if (cluster === null || target.namespace === null || found.unreached !== null) return null;
  const state = await lookAtNamespace(cluster.connection, target.namespace);
  switch (state.kind) {
    case 'active':
      return ok(target.namespace);
    case 'terminating':
      return {
        level: 'stop',
        message: `E607 namespace "${target.namespace}" is terminating`,
        nextStep: 'Wait until it is gone and create it again, or pass --namespace',
      };
    case 'not-found':
      return {
        level: 'stop',
        message: `E607 namespace "${target.namespace}" not found in ${target.context}`,
        nextStep: 'Pass --namespace, or create it first',
      };
    case 'unknown':
      return { level: 'warn', message: `? unknown: ${state.because}`, nextStep: null };
  }
};

const permissions = async ({ target, cluster, found, permissions: wanted }: TargetFacts): Promise<Finding | null> => {
  if (cluster === null || wanted.length === 0 || found.unreached !== null) return null;
  const answers = await Promise.all(
    wanted.map((permission) => askPermission(cluster.connection, permission, target.namespace)),
  );
  const denied = answers.filter(({ allowed }) => allowed === false);
  const unknown = answers.filter(({ allowed }) => allowed === null);
  const named = (list: readonly PermissionAnswer[]): string => list.map(({ permission }) => permission).join(', ');
  const reasons = unknown.map(({ permission, because }) => `? unknown: ${permission} (${because})`);
  if (denied.length > 0)
    return {
      level: 'override',
      message: [`E606 missing permission: ${named(denied)}`, ...reasons].join('; '),
      nextStep: `Ask for it as ${found.identity.user ?? 'the user of this context'}, or say why to go on without`,
    };
  if (unknown.length > 0)
    return { level: 'warn', message: reasons.join('; '), nextStep: 'kubectl auth can-i says the same by hand' };
  return ok(`${answers.length} of ${answers.length}`);
};

const owners = ({ facts }: TargetFacts): Finding | null => {
  const owned = (facts?.workloads ?? []).filter((workload) => workload.owners.length > 0);
  if (owned.length === 0) return null;
  return {
    level: 'warn',
    message: owned.map(({ reference, owners: by }) => `${reference} is owned by ${by.join(' and ')}`).join('; '),
    nextStep: 'A change by hand may be undone: deploy through the owner, or switch its self-heal off first',
  };
};

const checks: readonly Check[] = [
  { id: 'identity', title: 'Cluster', find: identity },
  { id: 'kubeconfig', title: 'Kubeconfig', find: kubeconfig },
  { id: 'pins', title: 'Other targets', find: others },
  { id: 'namespace', title: 'Namespace', find: namespace },
  { id: 'permissions', title: 'Permissions', find: permissions },
  { id: 'owners', title: 'Owners', find: owners },
];
