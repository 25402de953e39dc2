import type { LogCountRequest } from '../../ports/cluster.ts';
import { type SeenPod, seenPod } from '../facts/seen-pod.ts';
import { ApiProblem, isApiProblem } from './api-problem.ts';
import type { ApiConnection, ListReading } from './connection.ts';
import { listPages } from './list-pages.ts';
import { deniedWords } from './refusals.ts';

const mostRead = 50;

/** What the watch knows of pods. */
export interface KnownPods {
  /**
   * The pods of a selector, and how many there are beyond those that are kept; null = they are not watched, not seen as
   * they are, or not read since `provenFrom` (UTC ms).
   */
  of(selector: string, provenFrom: number | null): { readonly rows: Iterable<SeenPod>; readonly others: number } | null;
  /** They are too many to be listed each time. */
  tooMany(selector: string): void;
  /** Of the new revision of a watched workload; null = nobody knows. */
  isNew(pod: SeenPod): boolean | null;
}

export const nothingKnown: KnownPods = { of: () => null, tooMany: () => {}, isNew: () => null };

const isInTrouble = ({ phase, containers }: SeenPod): boolean =>
  phase === 'Failed' ||
  containers.some(
    ({ kind, restarts, state, exitCode }) =>
      (kind !== 'init' && restarts > 0) || (state === 'terminated' && (exitCode ?? 0) !== 0),
  );

/** Failing or restarted ones first, then those of the new revision, the newest first. */
const byWorth = (known: KnownPods): ((left: SeenPod, right: SeenPod) => number) => {
  const rank = (pod: SeenPod): number => {
    if (isInTrouble(pod)) return 0;
    const isNew = known.isNew(pod);
    return isNew === null ? 2 : isNew ? 1 : 3;
  };
  return (left, right) =>
    rank(left) - rank(right) || right.createdAt - left.createdAt || (left.name < right.name ? -1 : 1);
};

/** Keeps the pods most worth it, in bounded memory. */
class Worthiest {
  readonly #order: (left: SeenPod, right: SeenPod) => number;
  #pods: SeenPod[] = [];
  total = 0;

  constructor(known: KnownPods) {
    this.#order = byWorth(known);
  }

  add(pods: Iterable<SeenPod>): void {
    const all = [...this.#pods, ...pods];
    this.total += all.length - this.#pods.length;
    this.#pods = all.length <= mostRead ? all : all.sort(this.#order).slice(0, mostRead);
  }

  get pods(): readonly SeenPod[] {
    return this.#pods;
  }
}

/** The pods of a selector whose logs are read, and how many it selects. Rejects with `ApiProblem`. */
export const podsWorthReading = async (
  connection: ApiConnection,
  namespace: string,
  { selector, provenFrom }: Pick<LogCountRequest, 'selector' | 'provenFrom'>,
  signal: AbortSignal,
  known: KnownPods,
): Promise<{ readonly pods: readonly SeenPod[]; readonly total: number }> => {
  const worthiest = new Worthiest(known);
  const watched = known.of(selector, provenFrom);
  if (watched !== null) {
    worthiest.add(watched.rows);
    worthiest.total += watched.others;
    return worthiest;
  }
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods`;
  const query = { path, labelSelector: selector, fieldSelector: null };
  try {
    const get = (path: string, list: ListReading) => connection.getJson(path, { signal, list });
    for await (const { items, next } of listPages(query, seenPod, get)) {
      worthiest.add(items.filter((pod) => pod !== null));
      if (next !== null) known.tooMany(selector);
    }
  } catch (error) {
    throw isApiProblem(error, 'forbidden') ? new ApiProblem({ ...deniedWords(error, query), status: 403 }) : error;
  }
  return worthiest;
};
