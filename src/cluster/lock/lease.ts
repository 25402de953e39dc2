import type { LockEntry } from './lock-store.ts';

/** The part of a `coordination.k8s.io/v1` Lease that is read and written here. */
export interface Lease {
  readonly apiVersion: 'coordination.k8s.io/v1';
  readonly kind: 'Lease';
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly resourceVersion?: string;
    readonly uid?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec?: {
    readonly holderIdentity?: string | null;
    readonly leaseDurationSeconds?: number | null;
    readonly acquireTime?: string | null;
    readonly renewTime?: string | null;
    readonly leaseTransitions?: number | null;
  };
}

const prefix = 'gonogo.dev/';
const longestText = 1024;
const defaultDurationMs = 120_000;

const short = (text: string): string => (text.length <= longestText ? text : `${text.slice(0, longestText - 1)}…`);

/** Times of a Lease have microseconds. */
const microTime = (at: number): string => new Date(at).toISOString().replace('Z', '000Z');

const timeOf = (text: string | null | undefined): number | null => {
  const at = Date.parse(text ?? '');
  return Number.isFinite(at) ? at : null;
};

/**
 * A whole object for PUT or POST. What others wrote on `before` (labels, annotations) stays. A PUT names the UID too: an
 * API server makes a Lease that is not there out of a PUT without one, be it deleted or on another cluster.
 */
export const leaseOf = (
  entry: LockEntry,
  place: { readonly name: string; readonly namespace: string; readonly version: string | null },
  before: Lease | null,
): Lease => {
  const own: Readonly<Record<string, string | null>> = {
    who: entry.who,
    why: entry.why,
    ticket: entry.ticket,
    runbook: entry.runbook,
    step: entry.step,
    since: entry.since === null ? null : new Date(entry.since).toISOString(),
    note: entry.note,
    'taken-over': entry.takenOver,
    released: entry.released,
  };
  const foreign = Object.entries(before?.metadata.annotations ?? {}).filter(([key]) => !key.startsWith(prefix));
  const ours = Object.entries(own).flatMap(([key, value]): [string, string][] =>
    value === null ? [] : [[`${prefix}${key}`, short(value)]],
  );
  return {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: {
      name: place.name,
      namespace: place.namespace,
      ...(place.version === null ? {} : { resourceVersion: place.version }),
      ...(place.version === null || before?.metadata.uid === undefined ? {} : { uid: before.metadata.uid }),
      labels: { ...before?.metadata.labels, 'app.kubernetes.io/managed-by': 'gonogo' },
      annotations: Object.fromEntries([...foreign, ...ours]),
    },
    spec: {
      ...(entry.holder === null ? {} : { holderIdentity: entry.holder }),
      leaseDurationSeconds: Math.max(1, Math.round(entry.durationMs / 1000)),
      ...(entry.since === null ? {} : { acquireTime: microTime(entry.since) }),
      ...(entry.renewedAt === null ? {} : { renewTime: microTime(entry.renewedAt) }),
      leaseTransitions: entry.epoch,
    },
  };
};

/** Whatever anybody wrote there is read; what is missing is taken as empty. */
export const entryOf = (lease: Lease): LockEntry => {
  const { spec = {}, metadata } = lease;
  const noted = (key: string): string | null => {
    const text = metadata.annotations?.[`${prefix}${key}`];
    return text === undefined || text === '' ? null : short(text);
  };
  const seconds = spec.leaseDurationSeconds ?? 0;
  const holder = spec.holderIdentity ?? '';
  return {
    holder: holder === '' ? null : short(holder),
    epoch: spec.leaseTransitions ?? 0,
    durationMs: seconds > 0 ? seconds * 1000 : defaultDurationMs,
    renewedAt: timeOf(spec.renewTime),
    since: timeOf(noted('since')) ?? timeOf(spec.acquireTime),
    who: noted('who') ?? holder.split('@')[0] ?? '',
    why: noted('why') ?? '',
    ticket: noted('ticket'),
    runbook: noted('runbook') ?? '',
    step: noted('step'),
    note: noted('note'),
    takenOver: noted('taken-over'),
    released: noted('released'),
  };
};
