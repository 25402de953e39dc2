import type { ListPage } from './list-pages.ts';
import type { WatchedRow } from './resource.ts';
import { compareVersions, type Versions } from './versions.ts';
import { metaOf } from './watch-events.ts';

/** How the rows of a stream stand to what the server says when it is asked beside it. */
export interface RowAudit {
  /** The server's state is older than what it told before: it was put back, or is another one. */
  readonly isPutBack: boolean;
  /** The server knows of something that the rows still do not show; the stream may tell it a moment later. */
  hasMissed(): boolean;
}

const isOlder = (version: string | null, than: string | null): boolean =>
  version !== null && than !== null && (compareVersions(than, version) ?? 0) > 0;

/** @param before the version that the rows had reached when it was asked */
export const auditOfAll = async <Row extends WatchedRow>(
  known: Versions,
  before: string | null,
  pages: AsyncIterable<ListPage<Row | null>>,
): Promise<RowAudit> => {
  const present = new Set<string>();
  const newer: { readonly uid: string; readonly version: string }[] = [];
  let version: string | null = null;
  for await (const { items, resourceVersion } of pages) {
    version = resourceVersion;
    for (const row of items) {
      if (row === null) continue;
      present.add(row.uid);
      if (known.isNewer(row.uid, row.resourceVersion)) newer.push({ uid: row.uid, version: row.resourceVersion });
    }
  }
  // What is newer than the list was added after it.
  const gone = [...known.entries()].filter(([uid, seen]) => !present.has(uid) && !isOlder(version, seen));
  return {
    isPutBack: isOlder(version, before),
    hasMissed: () => newer.some((row) => known.isNewer(row.uid, row.version)) || gone.some(([uid]) => known.has(uid)),
  };
};

/** @param uid of the object that was asked for; null = one that need not exist */
export const auditOfOne = async (
  known: Versions,
  before: string | null,
  uid: string | null,
  asked: Promise<ListPage>,
  row: (object: unknown) => WatchedRow | null,
): Promise<RowAudit> => {
  const { items, resourceVersion } = await asked;
  const [object] = items;
  const found = metaOf(object);
  return {
    isPutBack: isOlder(resourceVersion, before),
    hasMissed: () => {
      if (object === undefined) return uid !== null && known.has(uid);
      if (found.uid === null || found.resourceVersion === null) return false;
      return known.isNewer(found.uid, found.resourceVersion) && (known.has(found.uid) || row(object) !== null);
    },
  };
};
