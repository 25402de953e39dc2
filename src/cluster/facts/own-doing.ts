import type { SpecWrite, WorkloadSpec } from '../../gates/workload.ts';
import type { OwnChange } from '../../ports/cluster.ts';
import type { SeenManager, SeenWorkload } from './seen-workload.ts';

/** What is seen so soon after a command counts as seen while it ran. */
const graceMs = 2_000;

/** Managed fields tell the second of a change, rounded down. */
const secondMs = 1_000;

/** A window longer than this is not one command's doing by its time alone: `helm upgrade --wait`, a background change. */
const briefMs = 60_000;

/** A command of this run that changes things, and which of its writes were seen. */
export interface OwnWindow extends OwnChange {
  /** Who wrote first in it: the command's own tool. */
  manager?: string;
  /** Indexes of the writes that were seen, by workload. */
  readonly seen: Map<string, Set<number>>;
}

/** A change of the spec of one workload. */
export interface SpecChange {
  readonly workload: string;
  readonly before: WorkloadSpec;
  /** Null = it was deleted. */
  readonly after: SeenWorkload | null;
  readonly manager: SeenManager | null;
  /** UTC ms by our clock. */
  readonly madeAt: number;
  /** Since when nobody had looked, UTC ms; null = it was seen as it was made. */
  readonly since: number | null;
  /** When it was seen, UTC ms. */
  readonly now: number;
}

/** They act by themselves at any time. Names as they stand in managed fields. */
const controllers: ReadonlySet<string> = new Set([
  'argocd-controller',
  'argocd-application-controller',
  'kustomize-controller',
  'helm-controller',
]);

export const isScaler = ({ name, subresource }: SeenManager): boolean =>
  name === 'kube-controller-manager' && subresource === 'scale';

const isController = (manager: SeenManager): boolean =>
  controllers.has(manager.name) || /^flux\b/.test(manager.name) || isScaler(manager);

/**
 * The attempt whose command made a change; null = none did. It must have been made or seen while the command ran, plus
 * 2 s. A controller's change is not a command's, unless it asks that one to act. Of a command whose writes are known each
 * write is one change, of what it writes; any other command may change anything for a minute, and then as the manager
 * that wrote first.
 */
export const attemptOf = (change: SpecChange, own: readonly OwnWindow[]): number | null => {
  const during = own.filter((window) => isDuring(window, change));
  const { manager } = change;
  const driving = during.find(({ drives }) => manager !== null && drives.includes(manager.name));
  if (driving !== undefined) return driving.attempt;
  if (manager !== null && isController(manager)) return null;
  const vague = during.find((window) => window.writes === null && isVaguely(window, change));
  if (vague !== undefined) return vague.attempt;
  return byWrites(during, change);
};

const isDuring = ({ from, to }: OwnWindow, { madeAt, since, now, manager }: SpecChange): boolean => {
  const within = (first: number, last = first): boolean => last >= from && (to === null || first <= to + graceMs);
  const isTimed = manager?.at != null;
  const wasMade = within(madeAt, isTimed ? madeAt + secondMs - 1 : madeAt);
  if (since === null) return within(now) || wasMade;
  // Without a time of its own it may have been made whenever nobody looked.
  return isTimed ? wasMade : from <= now && (to === null || to + graceMs >= since);
};

const isVaguely = (window: OwnWindow, { manager, now }: SpecChange): boolean => {
  if (manager === null) return true;
  window.manager ??= manager.name;
  return (window.to ?? now) - window.from <= briefMs || window.manager === manager.name;
};

interface Write {
  readonly window: OwnWindow;
  readonly index: number;
  readonly write: SpecWrite;
}

const byWrites = (during: readonly OwnWindow[], change: SpecChange): number | null => {
  const left = during.flatMap((window) => writesLeft(window, change.workload));
  const parts = partsOf(change);
  const taken: Write[] = [];
  for (const part of parts) {
    if (taken.some(({ write }) => covers(write, part, change))) continue;
    const found =
      left.find(({ write }) => write.changes !== 'anything' && covers(write, part, change)) ??
      left.find(({ write }) => covers(write, part, change));
    if (found === undefined) return null;
    taken.push(found);
  }
  const rest = left.filter((one) => !taken.includes(one) && parts.some((part) => covers(one.write, part, change)));
  const times = timesChanged(change);
  if (taken.length + rest.length < times) return null;
  const all = [...taken, ...rest.slice(0, Math.max(0, times - taken.length))];
  for (const { window, index } of all) seenIn(window, change.workload).add(index);
  return all[0]?.window.attempt ?? null;
};

const seenIn = ({ seen }: OwnWindow, workload: string): Set<number> => {
  const known = seen.get(workload) ?? new Set<number>();
  seen.set(workload, known);
  return known;
};

const writesLeft = (window: OwnWindow, workload: string): readonly Write[] => {
  const seen = window.seen.get(workload);
  const name = workload.slice(workload.indexOf('/') + 1);
  return (window.writes ?? []).flatMap((write, index) =>
    seen?.has(index) === true || write.names?.includes(name) === false ? [] : [{ window, index, write }],
  );
};

/** One of them was seen by a process before this one: which, nobody wrote down. */
export const noteSeenBefore = (window: OwnWindow, workload: string): void => {
  const [first] = writesLeft(window, workload);
  if (first !== undefined) seenIn(window, workload).add(first.index);
};

type Part = SpecWrite['changes'];

const timesChanged = ({ before, after }: SpecChange): number =>
  after === null || after.uid !== before.uid ? 1 : Math.max(1, after.generation - before.generation);

/** What differs; `anything` = something that is none of the others. */
const partsOf = ({ before, after }: SpecChange): readonly Part[] => {
  if (after === null || after.uid !== before.uid) return ['anything'];
  const images = JSON.stringify(before.images) !== JSON.stringify(after.images);
  const parts: Part[] = [
    ...(images ? ['images' as const] : []),
    ...(!images && before.templateHash !== after.templateHash ? ['template' as const] : []),
    ...(before.desired !== after.desired && after.kind !== 'DaemonSet' ? ['replicas' as const] : []),
    ...(before.isPaused !== after.isPaused ? ['paused' as const] : []),
  ];
  return parts.length === 0 || before.partition !== after.partition ? [...parts, 'anything'] : parts;
};

const covers = (write: SpecWrite, part: Part, { before, after }: SpecChange): boolean => {
  if (write.changes === 'anything') return true;
  if (write.changes !== part) return false;
  if (part !== 'images' || write.images === null || after === null) return true;
  const changed = after.images.filter(
    ({ container, image }) => !before.images.some((known) => known.container === container && known.image === image),
  );
  return changed.every(({ image }) => write.images?.includes(image));
};
