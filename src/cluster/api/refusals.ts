import type { ApiProblem } from './api-problem.ts';
import type { ResourceQuery } from './resource.ts';

/** `/apis/apps/v1/namespaces/shop/deployments` -> `deployments.apps` in `shop`. */
export const resourceOf = (path: string): { readonly resource: string; readonly namespace: string | null } => {
  const parts = path.split('/').filter((part) => part !== '');
  const group = parts[0] === 'apis' ? (parts[1] ?? '') : '';
  const at = parts.indexOf('namespaces');
  const plural = parts.at(-1) ?? path;
  return {
    resource: group === '' ? plural : `${plural}.${group}`,
    namespace: at === -1 || at + 2 >= parts.length ? null : (parts[at + 1] ?? null),
  };
};

/** `User "bob" cannot watch resource "pods" …`: the verb that is missing. */
const verbOf = (problem: ApiProblem): string => /cannot (\w+) resource/.exec(problem.apiMessage ?? '')?.[1] ?? 'list';

export const deniedWords = (
  problem: ApiProblem,
  { path }: ResourceQuery,
): { readonly kind: 'forbidden'; readonly because: string; readonly nextStep: string } => {
  const { resource, namespace } = resourceOf(path);
  const plural = resource.split('.')[0] ?? resource;
  return {
    kind: 'forbidden',
    because: `no permission (${verbOf(problem)} ${plural})`,
    nextStep: `ask for the right to list and watch ${resource}${namespace === null ? '' : ` in ${namespace}`}`,
  };
};

/** The server does not take the version that we watch from: it is malformed to it, or of its future. */
export const isVersionRefused = ({ kind, apiMessage }: ApiProblem): boolean =>
  kind === 'invalid' || /too large resource version/i.test(apiMessage ?? '');
