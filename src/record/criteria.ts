import { criteriaOf } from '../session/criterion-state.ts';
import type { Recorded } from '../session/events.ts';
import type { SessionState } from '../session/state.ts';
import type { Collector } from './moments.ts';
import type { DeploymentRecord } from './record.ts';
import { iso } from './times.ts';

type CriterionRecord = DeploymentRecord['criteria'][number];

/** What became of each rollback criterion; changes in the order they were recorded, those that a watch saw among them. */
export const criterionRecords = (): Collector<readonly CriterionRecord[]> => {
  const events: Recorded[] = [];
  return {
    see: ({ event }) => {
      if (event.type.startsWith('criterion.')) events.push(event);
    },
    result: (state) => recordsOf(state, events),
  };
};

const recordsOf = (state: SessionState, events: readonly Recorded[]): readonly CriterionRecord[] =>
  criteriaOf(state).map(({ index, title, limit }) => {
    const own = events.filter((event) => 'criterion' in event.data && event.data.criterion === index);
    const known = state.criteria[index];
    return {
      title,
      limit,
      state: stateOf(known),
      breaches: own.filter(({ type }) => type === 'criterion.breached').length,
      reference: known?.reference ?? null,
      changes: own.flatMap((event) => {
        const words = changeWords(event);
        return words === null ? [] : [{ at: iso(event.at), by: event.actor, ...words }];
      }),
    };
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
