import { notKubernetes } from './answer-problem.ts';
import { isApiProblem } from './api-problem.ts';
import type { ResourceQuery } from './resource.ts';

const pageSize = 500;
export const listMaxBytes = 32 * 1024 * 1024;

export interface ListPage {
  readonly items: readonly unknown[];
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

/** Throws when an answer is not a list of the API. */
export const pageOf = (answer: unknown): ListPage => {
  const { items, metadata } = (answer ?? {}) as { items?: unknown; metadata?: Record<string, unknown> };
  // An empty list is `null` in the answers of some servers.
  const rows = items === null ? [] : items;
  const version = metadata?.resourceVersion;
  if (!Array.isArray(rows) || typeof version !== 'string') throw notKubernetes('not a list of a Kubernetes API');
  const next = metadata?.continue;
  return { items: rows, resourceVersion: version, next: typeof next === 'string' && next !== '' ? next : null };
};

/**
 * The pages of a list. The next one is under way while the present one is used.
 * Objects so large that a page exceeds its bound are asked for in smaller pages.
 */
export async function* listPages(
  query: ResourceQuery,
  get: (path: string) => Promise<unknown>,
): AsyncGenerator<ListPage> {
  let limit = pageSize;
  const ask = async (next: string | null): Promise<ListPage> => {
    for (;;) {
      try {
        return pageOf(await get(queryPath(query, { limit: String(limit), continue: next })));
      } catch (error) {
        if (!isApiProblem(error, 'too-large') || limit === 1) throw error;
        limit = Math.max(1, Math.floor(limit / 5));
      }
    }
  };
  let coming: Promise<ListPage> | null = ask(null);
  while (coming !== null) {
    const page: ListPage = await coming;
    coming = page.next === null ? null : ask(page.next);
    // Whoever stops early leaves it behind; its error is nobody's then.
    coming?.catch(() => {});
    yield page;
  }
}
