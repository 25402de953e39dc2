import type { ClusterFacts, ForeignChange } from '../gates/workload.ts';
import type { SessionState } from './state.ts';
import type { Span } from './watch-state.ts';

/** What a command of this run writes may arrive a little later. */
const graceMs = 2_000;
/** Managed fields know whole seconds only. */
const wholeMs = 1_000;

/**
 * Writes to the specs of the workloads in a time in which nobody watched, and that no command of this run may have made.
 * Only who and when is known of them: what stood there before was not seen.
 */
export const foreignWrites = (
  { attempts, foreignChanges }: Pick<SessionState, 'attempts' | 'foreignChanges'>,
  { workloads }: Pick<ClusterFacts, 'workloads'>,
  { from, to }: Span,
): readonly ForeignChange[] => {
  const isOurs = (at: number): boolean =>
    Object.values(attempts).some(({ spec, status, startedAt, confirmedAt, outcome }) => {
      if (spec.risk === 'read' || status === 'not-started') return false;
      return at >= (startedAt ?? confirmedAt) - graceMs && at <= (outcome?.endedAt ?? to) + graceMs;
    });
  const isKnown = (workload: string, by: string, at: number): boolean =>
    foreignChanges.some((known) => known.workload === workload && known.by === by && Math.abs(known.at - at) < wholeMs);
  return workloads.flatMap(({ reference, writers }) =>
    writers
      .filter(({ by, at }) => at + wholeMs > from && at <= to && !isOurs(at) && !isKnown(reference, by, at))
      .map(({ by, at }) => ({ at, workload: reference, by, what: 'its spec' })),
  );
};
