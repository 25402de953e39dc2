import { type CriterionOf, criteriaOf } from '../session/criterion-state.ts';
import type { Recorded, RecordedOf } from '../session/events.ts';
import type { SessionState } from '../session/state.ts';
import { unwatchedGaps } from '../session/watch-state.ts';
import { askedRecord } from './gate-check-records.ts';
import type { Collector } from './moments.ts';
import type { DeploymentRecord } from './record.ts';
import { covered, iso, isoOrNull, type Span } from './times.ts';

type CriterionRecord = DeploymentRecord['criteria'][number];

/** What became of each rollback criterion; changes in the order they were recorded, those that a watch saw among them. */
export const criterionRecords = (): Collector<readonly CriterionRecord[]> => {
  const events: Recorded[] = [];
  const backfills: RecordedOf<'gap.backfilled'>[] = [];
  return {
    see: ({ event }) => {
      if (event.type.startsWith('criterion.')) events.push(event);
      if (event.type === 'gap.backfilled') backfills.push(event);
    },
    result: (state) => {
      const unwatched = unwatchedGaps(state);
      return criteriaOf(state).map((own) =>
        recordOf(
          state,
          own,
          events.filter((event) => 'criterion' in event.data && event.data.criterion === own.index),
          unwatched,
          backfillsOf(backfills, own.index),
        ),
      );
    },
  };
};

interface Backfill extends Span {
  readonly coverage: number;
}

const backfillsOf = (events: readonly RecordedOf<'gap.backfilled'>[], index: number): readonly Backfill[] =>
  events.flatMap(({ data: { from, to, criteria } }) =>
    criteria.flatMap(({ criterion, coverage }) => (criterion === index ? [{ from, to, coverage }] : [])),
  );

/** With fewer looks than this, of those there should be, a gap stays unwatched. */
const coverageNeeded = 0.8;

const recordOf = (
  state: SessionState,
  { index, title, limit, check }: CriterionOf,
  events: readonly Recorded[],
  unwatched: readonly Span[],
  backfills: readonly Backfill[],
): CriterionRecord => {
  const known = state.criteria[index];
  const armed = events.find(({ type }) => type === 'criterion.armed')?.at ?? null;
  const over = events.findLast((event) => event.type === 'criterion.phase' && event.data.phase === 'OVER')?.at ?? null;
  const end = over ?? state.finished?.at ?? null;
  const told = backfills.filter(({ coverage }) => coverage >= coverageNeeded);
  return {
    title,
    limit,
    metric: check?.kind === 'metric' ? askedRecord(check) : null,
    state: stateOf(known),
    breaches: events.filter(({ type }) => type === 'criterion.breached').length,
    reference: known?.reference ?? null,
    armed: isoOrNull(armed),
    changes: events.flatMap((event) => {
      const words = changeWords(event);
      if (words === null) return [];
      const happenedAt = event.type === 'criterion.breached' ? event.data.happenedAt : undefined;
      const backfilled = happenedAt !== undefined;
      return [{ at: iso(happenedAt ?? event.at), by: event.actor, ...words, backfilled }];
    }),
    backfilled: backfills.map(({ from, to, coverage }) => ({ from: iso(from), to: iso(to), coverage })),
    blind: blindSpans(events, end),
    unwatched: armed === null ? 0 : unwatchedMs(unwatched, told, { from: armed, to: end ?? state.lastAt }),
  };
};

const unwatchedMs = (unwatched: readonly Span[], told: readonly Span[], window: Span): number =>
  Math.round(covered([...unwatched, ...told], window) - covered(told, window));

const seeing: ReadonlySet<Recorded['type']> = new Set([
  'criterion.suspect',
  'criterion.breached',
  'criterion.recovered',
]);

const blindSpans = (events: readonly Recorded[], end: number | null): CriterionRecord['blind'] =>
  events.flatMap((event, index) => {
    if (event.type !== 'criterion.blind') return [];
    const seen = events.slice(index + 1).find(({ type }) => seeing.has(type))?.at;
    return [{ from: iso(event.at), to: isoOrNull(seen ?? end), because: event.data.because }];
  });

const stateOf = (known: SessionState['criteria'][number] | undefined): CriterionRecord['state'] => {
  if (known === undefined || known.phase === 'BEFORE') return known?.blind == null ? 'not watched' : 'blind';
  return known.blind !== null && known.status !== 'breached' ? 'blind' : known.status;
};

const changeWords = (event: Recorded): { readonly what: string; readonly value: string } | null => {
  switch (event.type) {
    case 'criterion.suspect':
      return { what: 'suspect', value: event.data.value };
    case 'criterion.breached':
      return { what: 'breached', value: event.data.value };
    case 'criterion.recovered':
      return { what: 'recovered', value: event.data.value };
    case 'criterion.blind':
      return { what: 'blind', value: event.data.because };
    case 'criterion.acknowledged':
      return { what: 'acknowledged', value: event.data.reason };
    default:
      return null;
  }
};

/** Changes of the workloads that no command of the run caused. */
export const foreignChangeRecords = (events: readonly Recorded[]): DeploymentRecord['foreignChanges'] =>
  events.flatMap((event) =>
    event.type === 'change.foreign'
      ? [{ at: iso(event.data.changedAt), workload: event.data.workload, by: event.data.by, what: event.data.what }]
      : [],
  );
