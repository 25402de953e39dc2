import type { WatchedRow } from '../api/resource.ts';
import { intern } from './intern.ts';
import { latest, numberOf, partOf, type Raw, shortCopy, textOf, timeOf } from './raw.ts';

/** What is kept of one event of the cluster. Times are UTC ms. */
export interface SeenEvent extends WatchedRow {
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
  /** `Pod`, `ReplicaSet`. */
  readonly kind: string;
  readonly name: string;
  readonly objectUid: string | null;
  readonly firstAt: number;
  readonly at: number;
  readonly count: number;
}

const timesOf = (event: Raw): { readonly firstAt: number; readonly at: number } => {
  const created = timeOf(partOf(event, 'metadata').creationTimestamp);
  const began = timeOf(event.firstTimestamp) ?? timeOf(event.eventTime) ?? created ?? 0;
  const series = timeOf(partOf(event, 'series').lastObservedTime);
  return { firstAt: began, at: latest(began, timeOf(event.lastTimestamp), series) };
};

/** One event of `/api/v1`. Null when it has no uid. */
export const seenEvent = (object: unknown): SeenEvent | null => {
  const event = partOf(object);
  const metadata = partOf(event, 'metadata');
  const uid = textOf(metadata.uid);
  if (uid === null) return null;
  const involved = partOf(event, 'involvedObject');
  return {
    uid,
    resourceVersion: textOf(metadata.resourceVersion) ?? '',
    type: event.type === 'Warning' ? 'Warning' : 'Normal',
    reason: intern(textOf(event.reason) ?? ''),
    message: intern(shortCopy(event.message) ?? ''),
    kind: intern(textOf(involved.kind) ?? ''),
    name: textOf(involved.name) ?? '',
    objectUid: textOf(involved.uid),
    ...timesOf(event),
    count: Math.max(numberOf(event.count) ?? 1, numberOf(partOf(event, 'series').count) ?? 1),
  };
};
