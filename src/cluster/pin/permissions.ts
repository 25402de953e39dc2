import { z } from 'zod';
import type { PermissionAnswer } from '../../ports/target.ts';
import { ExpectedError } from '../../text/errors.ts';
import type { ApiConnection } from '../api/connection.ts';

/** `patch deployments/scale`, `list rollouts.argoproj.io`: verb resource[/subresource][.group]. */
interface Permission {
  readonly verb: string;
  readonly resource: string;
  readonly subresource: string | null;
  readonly group: string;
}

/** Groups of resources that are named without one, as `kubectl` finds them. */
const groups: Readonly<Record<string, readonly string[]>> = {
  apps: ['deployments', 'statefulsets', 'daemonsets', 'replicasets', 'controllerrevisions'],
  batch: ['jobs', 'cronjobs'],
  autoscaling: ['horizontalpodautoscalers'],
  policy: ['poddisruptionbudgets'],
  'networking.k8s.io': ['ingresses', 'networkpolicies'],
  'coordination.k8s.io': ['leases'],
  'rbac.authorization.k8s.io': ['roles', 'rolebindings', 'clusterroles', 'clusterrolebindings'],
  'apiextensions.k8s.io': ['customresourcedefinitions'],
  'argoproj.io': ['rollouts', 'analysisruns', 'applications'],
};

const clusterWide = new Set([
  'namespaces',
  'nodes',
  'persistentvolumes',
  'customresourcedefinitions',
  'clusterroles',
  'clusterrolebindings',
]);

const groupOf = (resource: string): string =>
  Object.entries(groups).find(([, resources]) => resources.includes(resource))?.[0] ?? '';

/** Null when it is not of that form. */
export const parsePermission = (text: string): Permission | null => {
  const match = /^([a-z]+)\s+([a-z0-9-]+)(?:\/([a-z]+))?(?:\.([a-z0-9.-]+))?(?:\/([a-z]+))?$/.exec(text.trim());
  if (match === null) return null;
  const [, verb = '', resource = '', before, group, after] = match;
  return { verb, resource, subresource: before ?? after ?? null, group: group ?? groupOf(resource) };
};

/** `patch deployments.apps/scale`. */
const words = ({ verb, resource, subresource, group }: Permission): string =>
  `${verb} ${resource}${group === '' ? '' : `.${group}`}${subresource === null ? '' : `/${subresource}`}`;

const reviewShape = z.object({
  status: z.object({
    allowed: z.boolean(),
    denied: z.boolean().optional(),
    reason: z.string().optional(),
    evaluationError: z.string().optional(),
  }),
});

/** Asks the API server whether we may; what it cannot say is unknown. Never rejects. */
export const askPermission = async (
  connection: ApiConnection,
  permission: string,
  namespace: string | null,
): Promise<PermissionAnswer> => {
  const parsed = parsePermission(permission);
  if (parsed === null) return { permission, allowed: null, because: 'not "verb resource[/subresource][.group]"' };
  const { verb, resource, subresource, group } = parsed;
  const inNamespace = clusterWide.has(resource) ? null : namespace;
  const shown = `${words(parsed)}${inNamespace === null ? '' : ` in ${inNamespace}`}`;
  try {
    const answer = reviewShape.parse(
      await connection.send('POST', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', {
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SelfSubjectAccessReview',
        spec: {
          resourceAttributes: {
            verb,
            resource,
            group,
            ...(subresource === null ? {} : { subresource }),
            ...(inNamespace === null ? {} : { namespace: inNamespace }),
          },
        },
      }),
    );
    const { allowed, denied, reason, evaluationError } = answer.status;
    if (allowed) return { permission: shown, allowed: true, because: null };
    if (denied !== true && evaluationError) return { permission: shown, allowed: null, because: evaluationError };
    return { permission: shown, allowed: false, because: reason || 'no rule allows it' };
  } catch (error) {
    const because = error instanceof ExpectedError ? error.message : String(error);
    return { permission: shown, allowed: null, because };
  }
};

export type NamespaceState =
  | { readonly kind: 'active' }
  | { readonly kind: 'terminating' }
  | { readonly kind: 'not-found' }
  | { readonly kind: 'unknown'; readonly because: string };

const namespaceShape = z.object({ status: z.object({ phase: z.string().optional() }).optional() });

/** Never rejects. */
export const lookAtNamespace = async (connection: ApiConnection, namespace: string): Promise<NamespaceState> => {
  try {
    const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}`;
    const { status } = namespaceShape.parse(await connection.getJson(path));
    return status?.phase === 'Terminating' ? { kind: 'terminating' } : { kind: 'active' };
  } catch (error) {
    if (error instanceof ExpectedError && 'kind' in error && error.kind === 'not-found') return { kind: 'not-found' };
    return { kind: 'unknown', because: error instanceof Error ? error.message : String(error) };
  }
};
