import { ExpectedError, exitCodes } from '../text/errors.ts';
import { isApiProblem } from './api/api-problem.ts';
import type { ApiConnection } from './api/connection.ts';
import { queryPath } from './api/list-pages.ts';
import { conditionLines, containerLines, eventLines, headLines } from './facts/describe-lines.ts';
import { partOf, partsOf, type Raw, textOf } from './facts/raw.ts';

interface Kind {
  readonly names: readonly string[];
  /** Group and version part of the path. */
  readonly api: string;
  readonly plural: string;
}

const kinds: readonly Kind[] = [
  { names: ['pod', 'pods', 'po'], api: '/api/v1', plural: 'pods' },
  { names: ['deployment', 'deployments', 'deploy'], api: '/apis/apps/v1', plural: 'deployments' },
  { names: ['replicaset', 'replicasets', 'rs'], api: '/apis/apps/v1', plural: 'replicasets' },
  { names: ['statefulset', 'statefulsets', 'sts'], api: '/apis/apps/v1', plural: 'statefulsets' },
  { names: ['daemonset', 'daemonsets', 'ds'], api: '/apis/apps/v1', plural: 'daemonsets' },
  { names: ['job', 'jobs'], api: '/apis/batch/v1', plural: 'jobs' },
  { names: ['rollout', 'rollouts', 'ro'], api: '/apis/argoproj.io/v1alpha1', plural: 'rollouts' },
  { names: ['analysisrun', 'analysisruns'], api: '/apis/argoproj.io/v1alpha1', plural: 'analysisruns' },
  { names: ['hpa', 'horizontalpodautoscaler'], api: '/apis/autoscaling/v2', plural: 'horizontalpodautoscalers' },
];

const pathOf = (namespace: string, reference: string): string => {
  const [word = '', name = ''] = reference.split('/');
  const kind = kinds.find(({ names }) => names.includes(word.toLowerCase()));
  if (kind === undefined || name === '')
    throw new ExpectedError(`"${reference}" cannot be described`, {
      nextStep: 'name it as pod/NAME or deployment/NAME',
    });
  return `${kind.api}/namespaces/${encodeURIComponent(namespace)}/${kind.plural}/${encodeURIComponent(name)}`;
};

/** Events of one object; a line that says why when they cannot be read. */
const eventsOf = async (
  connection: ApiConnection,
  namespace: string,
  object: Raw,
): Promise<readonly Raw[] | string> => {
  const fieldSelector = `involvedObject.uid=${textOf(partOf(object, 'metadata').uid) ?? ''}`;
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/events`;
  try {
    const list = await connection.getJson(queryPath({ path, labelSelector: null, fieldSelector }, { limit: '200' }));
    return partsOf(partOf(list).items);
  } catch (error) {
    if (isApiProblem(error)) return error.because;
    throw error;
  }
};

/** The facts about one object as lines, like `kubectl describe`. Rejects with ExpectedError. */
export const describeObject = async (
  connection: ApiConnection,
  namespace: string,
  reference: string,
  now: number,
): Promise<readonly string[]> => {
  const path = pathOf(namespace, reference);
  let object: Raw;
  try {
    object = partOf(await connection.getJson(path));
  } catch (error) {
    if (!isApiProblem(error, 'not-found')) throw error;
    throw new ExpectedError(`${reference} not found in ${namespace}`, { exit: exitCodes.refused, cause: error });
  }
  const events = await eventsOf(connection, namespace, object);
  return [
    ...headLines(object, now),
    ...containerLines(object, now),
    ...conditionLines(object, now),
    ...eventLines(events, now),
  ];
};
