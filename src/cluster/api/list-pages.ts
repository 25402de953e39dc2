import { notKubernetes } from './answer-problem.ts';
import { isApiProblem } from './api-problem.ts';
import type { ListReading } from './connection.ts';
import type { ResourceQuery } from './resource.ts';

const pageSize = 500;
export const listMaxBytes = 32 * 1024 * 1024;

export interface ListPage<Item = unknown> {
  readonly items: readonly Item[];
  /** Version of the whole list: the same in every page. */
  readonly resourceVersion: string;
  readonly next: string | null;
}

/** `/api/v1/namespaces/shop/pods?labelSelector=…`; parameters that are null are left off. */
export const queryPath = (
  { path, labelSelector, fieldSelector }: ResourceQuery,
  parameters: Readonly<Record<string, string | null>>,
): string => {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries({ labelSelector, fieldSelector, ...parameters })) {
    if (value !== null && value !== '') query.set(name, value);
  }
  return `${path}?${query}`;
};

/** Null on the last page, and before it is known. */
const nextOf = (list: unknown): string | null => {
  const next = (list as { metadata?: { continue?: unknown } } | null)?.metadata?.continue;
  return typeof next === 'string' && next !== '' ? next : null;
};

/** Throws when an answer is not a list of the API. */
export const pageOf = (answer: unknown): ListPage => {
  const { items, metadata } = (answer ?? {}) as { items?: unknown; metadata?: Record<string, unknown> };
  // An empty list is `null` in the answers of some servers.
  const rows = items === null ? [] : items;
  const version = metadata?.resourceVersion;
  if (!Array.isArray(rows) || typeof version !== 'string') throw notKubernetes('not a list of a Kubernetes API');
  return { items: rows, resourceVersion: version, next: nextOf(answer) };
};

type Head = (list: unknown) => void;

/** A page that was asked for, and the one after it. */
class Asked<Item> {
  readonly page: Promise<ListPage<Item>>;
  readonly #ask: (next: string) => Asked<Item>;
  #isWanted = false;
  #next: string | null = null;
  #following: Asked<Item> | null = null;

  constructor(get: (head: Head) => Promise<ListPage<Item>>, ask: (next: string) => Asked<Item>) {
    this.#ask = ask;
    this.page = get((list) => this.#found(nextOf(list)));
    // Whoever stops early leaves it behind; its error is nobody's then.
    this.page.catch(() => {});
  }

  /** The page itself is waited for: the one after it may be asked for as soon as it is known. */
  wanted(): void {
    this.#isWanted = true;
    this.#found(this.#next);
  }

  following(next: string | null): Asked<Item> | null {
    this.#found(next);
    return next === null ? null : this.#following;
  }

  #found(next: string | null): void {
    this.#next = next;
    if (this.#isWanted && next !== null) this.#following ??= this.#ask(next);
  }
}

/**
 * The pages of a list. The next one is under way while the present one is parsed and used, never more than that.
 * Objects so large that a page exceeds its bound are asked for in smaller pages.
 */
export async function* listPages<Item>(
  query: ResourceQuery,
  item: (object: unknown) => Item,
  get: (path: string, list: ListReading) => Promise<unknown>,
  rowsPerPage = pageSize,
): AsyncGenerator<ListPage<Item>> {
  let limit = rowsPerPage;
  const read = async (next: string | null, head: Head): Promise<ListPage<Item>> => {
    for (;;) {
      try {
        const answer = await get(queryPath(query, { limit: String(limit), continue: next }), { item, head });
        return pageOf(answer) as ListPage<Item>;
      } catch (error) {
        if (!isApiProblem(error, 'too-large') || limit === 1) throw error;
        limit = Math.max(1, Math.floor(limit / 5));
      }
    }
  };
  const ask = (next: string | null): Asked<Item> => new Asked((head) => read(next, head), ask);
  for (let asked: Asked<Item> | null = ask(null); asked !== null; ) {
    asked.wanted();
    const page: ListPage<Item> = await asked.page;
    asked = asked.following(page.next);
    yield page;
  }
}
