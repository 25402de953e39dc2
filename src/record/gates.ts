import { criteriaOf } from '../session/criterion-state.ts';
import type { Recorded, RecordedOf } from '../session/events.ts';
import { checksOf, judgesWorkload } from '../session/gate-checks.ts';
import { gateIn } from '../session/gate-state.ts';
import type { SessionState } from '../session/state.ts';
import { places } from '../session/walk.ts';
import { type Collector, type Moment, stepTitle } from './moments.ts';
import type { DeploymentRecord } from './record.ts';
import { iso } from './times.ts';

type GateRecord = DeploymentRecord['gates'][number];
type CriterionRecord = DeploymentRecord['criteria'][number];

/** Every try of every gate, in the order of the runbook. */
export const gateRecords = (): Collector<readonly GateRecord[]> => {
  const tries: GateRecord[] = [];
  const keys: string[] = [];
  const change = (
    event: Recorded & { readonly data: { readonly step: string; readonly action: number } },
    by: (gate: GateRecord) => GateRecord,
  ): void => {
    const index = keys.lastIndexOf(`${event.frame}/${event.data.step}/${event.data.action}`);
    const known = tries[index];
    if (known !== undefined) tries[index] = by(known);
  };
  return {
    see: (moment) => {
      const { event } = moment;
      switch (event.type) {
        case 'gate.started':
          keys.push(`${event.frame}/${event.data.step}/${event.data.action}`);
          tries.push(begun(moment.before, event));
          break;
        case 'gate.verdict':
          change(event, (gate) => ({ ...gate, ...judged(event) }));
          break;
        case 'gate.overridden':
          change(event, (gate) => ({ ...gate, goneOn: goneOn(event, 'override', event.data.reason) }));
          break;
        case 'gate.by-eye':
          change(event, (gate) => ({ ...gate, goneOn: goneOn(event, 'by eye', event.data.seen) }));
          break;
        case 'change.foreign':
          voidedBy(moment, event, change);
          break;
        default:
          break;
      }
    },
    result: (final) => tries.toSorted((a, b) => placeNumber(final, a) - placeNumber(final, b)),
  };
};

/** Sorting keeps the tries of one gate in the order they began. */
const placeNumber = (state: SessionState, { frame, step }: GateRecord): number => {
  const own = state.frames[frame];
  const index = own === undefined ? 0 : places(own.runbook).findIndex((place) => place.step.id === step);
  return frame * 100_000 + index;
};

const begun = (state: SessionState, event: RecordedOf<'gate.started'>): GateRecord => {
  const { step, action, try: number, checks } = event.data;
  const frame = state.frames[event.frame];
  const gate = frame === undefined ? null : gateIn(frame, step, action);
  const known = frame === undefined || gate === null ? [] : checksOf(frame, gate);
  return {
    frame: event.frame,
    step,
    title: gate?.name ?? stepTitle(state, event.frame, step),
    try: number,
    started: iso(event.at),
    ended: null,
    verdict: 'PENDING',
    because: null,
    checks: checks.map((title, i) => ({
      title,
      limit: known[i]?.limit ?? '',
      value: '',
      verdict: 'PENDING',
      looks: 0,
      because: null,
    })),
    goneOn: null,
    voided: [],
  };
};

const judged = (event: RecordedOf<'gate.verdict'>): Pick<GateRecord, 'verdict' | 'because' | 'ended' | 'checks'> => ({
  verdict: event.data.verdict,
  because: event.data.because === '' ? null : event.data.because,
  ended: iso(event.at),
  checks: event.data.checks.map(({ title, limit, value, verdict, looks, because }) => ({
    title,
    limit,
    value,
    verdict,
    looks,
    because,
  })),
});

const goneOn = (event: Recorded, how: 'override' | 'by eye', reason: string): NonNullable<GateRecord['goneOn']> => ({
  how,
  by: event.actor,
  at: iso(event.at),
  reason,
});

const voidedBy = (
  { before }: Moment,
  event: RecordedOf<'change.foreign'>,
  change: (
    at: Recorded & { readonly data: { readonly step: string; readonly action: number } },
    by: (gate: GateRecord) => GateRecord,
  ) => void,
): void => {
  const { workload, by, what } = event.data;
  for (const frame of before.frames)
    for (const { id, actions } of Object.values(frame.steps))
      for (const [action, { kind, status }] of actions.entries()) {
        const gate = kind === 'gate' && status === 'running' ? gateIn(frame, id, action) : null;
        if (gate === null || !checksOf(frame, gate).some((check) => judgesWorkload(check, workload))) continue;
        const because = `${workload} was changed by ${by}: ${what}`;
        const at = { ...event, frame: frame.number, data: { ...event.data, step: id, action } };
        change(at, (known) => ({ ...known, voided: [...known.voided, { at: iso(event.at), because }] }));
      }
};

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
