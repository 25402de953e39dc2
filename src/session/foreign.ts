import type { ForeignChange, SpecWrite } from '../gates/workload.ts';
import { specWrites } from '../runbook/shell/spec-writes.ts';
import { timeOfDay } from '../text/duration.ts';
import type { RecordedOf } from './events.ts';
import type { ExecSpec } from './exec-spec.ts';
import { frameValues } from './spec.ts';
import type { AttemptState, SessionState } from './state.ts';

/** A change of a workload by somebody else, and when it was recorded, UTC ms. */
export interface UnownedChange extends ForeignChange {
  readonly recordedAt: number;
}

const most = 50;
const prefix = 'foreign:';

/** The same for a change that is seen and one that was recorded. */
export const changeKey = ({ at, workload, by, what }: ForeignChange): string => `${at}/${workload}/${by}/${what}`;

/** What others changed, oldest first: as recorded, by whichever process, then what is seen and not recorded yet. */
export const changesByOthers = (state: SessionState, seen: readonly ForeignChange[]): readonly ForeignChange[] => {
  const known = new Set(state.foreignChanges.map(changeKey));
  return [...state.foreignChanges, ...seen.filter((change) => !known.has(changeKey(change)))];
};

/** What others changed beyond what was known before. */
export const changesSince = (
  before: SessionState,
  after: SessionState,
  seen: readonly ForeignChange[],
): readonly ForeignChange[] => {
  const known = new Set(before.foreignChanges.map(changeKey));
  return changesByOthers(after, seen).filter((change) => !known.has(changeKey(change)));
};

/** What an acknowledgement of a change by others names: `foreign:deployment/checkout`. */
export const foreignSource = (workload: string): string => `${prefix}${workload}`;

/** The workload that such an acknowledgement speaks of; null when it is of a source. */
export const foreignWorkload = (source: string): string | null =>
  source.startsWith(prefix) ? source.slice(prefix.length) : null;

/** Before the first change of this run a workload is as it was found: that is nobody's claim yet. */
export const withForeign = (state: SessionState, { at, data }: RecordedOf<'change.foreign'>): SessionState => {
  const { workload, by, what, changedAt } = data;
  const change: ForeignChange = { at: changedAt, workload, by, what };
  const others = state.unowned.filter((known) => known.workload !== workload);
  return {
    ...state,
    foreignChanges: [...state.foreignChanges, change].slice(-most),
    unowned: state.firstChangeAt === null ? others : [...others, { ...change, recordedAt: at }],
  };
};

/** What this run's own command made of a workload takes the place of what others had made of it. */
export const withSeen = (state: SessionState, { at, data }: RecordedOf<'workload.seen'>): SessionState => {
  const { workload, madeBy, spec } = data;
  const before = state.seen[workload]?.spec;
  const isNewTemplate = before?.templateHash !== spec?.templateHash;
  const foundAtWork = state.seen[workload]?.foundAtWork ?? (madeBy === null && spec !== null && spec.desired > 0);
  const next: SessionState = { ...state, seen: { ...state.seen, [workload]: { ...data, at, foundAtWork } } };
  const unowned = state.unowned.find((known) => known.workload === workload);
  if (madeBy === null || unowned === undefined || (isOfTemplate(unowned) && !isNewTemplate)) return next;
  return withoutUnowned(next, workload);
};

/** Its pods are what others made them; scaled or held, they are still what this run made them. */
const isOfTemplate = ({ what }: ForeignChange): boolean => !/^(replicas|paused|resumed)\b[^,]*$/.test(what);

export const withoutUnowned = (state: SessionState, workload: string): SessionState => ({
  ...state,
  unowned: state.unowned.filter((known) => known.workload !== workload),
});

/**
 * Workloads as somebody else left them: changed outside this run after its last change of them, and not acknowledged.
 * What they show is no result of this run.
 */
export const unownedChanges = (state: SessionState): readonly UnownedChange[] =>
  state.unowned.filter((change) => !Object.values(state.attempts).some((attempt) => isOurs(state, attempt, change)));

interface ToldWrites {
  /** What the values of its variables come from. */
  readonly given: readonly unknown[];
  readonly writes: readonly SpecWrite[] | null;
}

/** Every frame asks again, and parsing is dear: the same script with the same values writes the same. */
const told = new WeakMap<ExecSpec, ToldWrites>();

/** What the command of an attempt writes into specs, with the values it was given; null when that cannot be told. */
export const attemptWrites = (state: SessionState, { frame, spec }: AttemptState): readonly SpecWrite[] | null => {
  const own = state.frames[frame];
  const given = [own?.inputs, own?.captures, own?.runbook, state.run?.target];
  const before = told.get(spec);
  if (before?.given.every((one, at) => one === given[at])) return before.writes;
  const once = specWrites(spec.script, spec.shell, own === undefined ? {} : frameValues(state, own));
  const writes = once === null ? null : Array.from({ length: spec.attempts }, () => once).flat();
  told.set(spec, { given, writes });
  return writes;
};

/** A command that began later, succeeded and writes the workload by its name has made it this run's again. */
const isOurs = (state: SessionState, attempt: AttemptState, change: UnownedChange): boolean => {
  const { spec, part, confirmedAt, outcome, resolved } = attempt;
  if (spec.risk === 'read' || part === 'send' || confirmedAt <= change.recordedAt) return false;
  if (outcome?.exit !== 0 && resolved?.as !== 'succeeded') return false;
  const name = change.workload.slice(change.workload.indexOf('/') + 1);
  const writes = attemptWrites(state, attempt);
  if (writes === null) return spec.script.split(/[^A-Za-z0-9.-]+/).includes(name);
  return writes.some(
    ({ names, changes }) =>
      names?.includes(name) === true && (!isOfTemplate(change) || (changes !== 'replicas' && changes !== 'paused')),
  );
};

/** `runs v9, set by kubectl-set at 14:46, not by this run (deployment/checkout)`. */
export const unownedWords = ({ workload, what, by, at }: ForeignChange): string => {
  const image = /^image \S+ \S+ -> ([^\s,]+)$/.exec(what)?.[1];
  const is = image === undefined ? what : `runs ${image}`;
  return `${is}, set by ${by} at ${timeOfDay(at).slice(0, 5)}, not by this run (${workload})`;
};
