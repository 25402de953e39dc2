import type { ForeignChange } from '../gates/workload.ts';
import { timeOfDay } from '../text/duration.ts';
import type { RecordedOf } from './events.ts';
import type { AttemptState, SessionState } from './state.ts';

/** A change of a workload by somebody else, and when it was recorded, UTC ms. */
export interface UnownedChange extends ForeignChange {
  readonly recordedAt: number;
}

const most = 50;
const prefix = 'foreign:';

/** What others changed, oldest first: as recorded, by whichever process, then what is seen and not recorded yet. */
export const changesByOthers = (state: SessionState, seen: readonly ForeignChange[]): readonly ForeignChange[] => {
  const keyOf = ({ at, workload, by, what }: ForeignChange): string => `${at}/${workload}/${by}/${what}`;
  const known = new Set(state.foreignChanges.map(keyOf));
  return [...state.foreignChanges, ...seen.filter((change) => !known.has(keyOf(change)))];
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

export const withoutUnowned = (state: SessionState, workload: string): SessionState => ({
  ...state,
  unowned: state.unowned.filter((known) => known.workload !== workload),
});

/**
 * Workloads as somebody else left them: changed outside this run after its last change of them, and not acknowledged.
 * What they show is no result of this run.
 */
export const unownedChanges = (state: SessionState): readonly UnownedChange[] =>
  state.unowned.filter((change) => !Object.values(state.attempts).some((attempt) => isOurs(attempt, change)));

/** A command that began later, succeeded and names the workload has made it this run's again. */
const isOurs = (
  { spec, part, confirmedAt, outcome, resolved }: AttemptState,
  { workload, recordedAt }: UnownedChange,
): boolean => {
  if (spec.risk === 'read' || part === 'send' || confirmedAt <= recordedAt) return false;
  if (outcome?.exit !== 0 && resolved?.as !== 'succeeded') return false;
  const name = workload.slice(workload.indexOf('/') + 1);
  return spec.script.split(/[^A-Za-z0-9.-]+/).includes(name);
};

/** `runs v9, set by kubectl-set at 14:46, not by this run (deployment/checkout)`. */
export const unownedWords = ({ workload, what, by, at }: ForeignChange): string => {
  const image = /^image \S+ \S+ -> ([^\s,]+)$/.exec(what)?.[1];
  const is = image === undefined ? what : `runs ${image}`;
  return `${is}, set by ${by} at ${timeOfDay(at).slice(0, 5)}, not by this run (${workload})`;
};
