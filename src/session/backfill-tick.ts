import { type CriterionSample, criterionWatch, watchSample } from '../gates/criterion.ts';
import type { Sample } from '../gates/sample.ts';
import { type Span, spanCoverage } from './backfill-state.ts';
import { criterionRules } from './criterion-rules.ts';
import { type CriterionOf, criteriaOf, criterionPhase } from './criterion-state.ts';
import type { EventOf, RunEvent } from './events.ts';
import { runningGates } from './gate-state.ts';
import type { Decision, Effect } from './intents.ts';
import { accept } from './refusal.ts';
import type { SessionState } from './state.ts';

/** What metrics were in a gap, read afterwards by range query and judged like the answers of those who watch. */
export interface BackfillAnswer extends Span {
  /** Of the frame the operator is in; `try` keeps an answer from another try. */
  readonly gates: readonly {
    readonly step: string;
    readonly action: number;
    readonly try: number;
    readonly samples: readonly { readonly check: number; readonly sample: Sample }[];
  }[];
  /** In the order of their times. A criterion that is left out was not watched. */
  readonly criteria: readonly { readonly criterion: number; readonly samples: readonly CriterionSample[] }[];
}

/**
 * The events of a backfill: what was seen in the gap, and the breaches in it, dated when they happened. It comes right
 * after the `run.gap`, before gates and criteria are asked again.
 */
export const decideBackfill = (state: SessionState, answer: BackfillAnswer): Decision => {
  const { from, to } = answer;
  const gates = runningGates(state).flatMap(({ step, action, state: { try: number } }) => {
    const own = answer.gates.find((each) => each.step === step && each.action === action && each.try === number);
    return own === undefined || own.samples.length === 0 ? [] : [{ step, action, samples: own.samples }];
  });
  const criteria = criteriaOf(state).flatMap((own) => {
    const found = answer.criteria.find(({ criterion }) => criterion === own.index);
    return found === undefined ? [] : [backfilledCriterion(state, own, found.samples, answer)];
  });
  if (gates.length === 0 && criteria.length === 0) return accept([]);
  const told: EventOf<'gap.backfilled'> = {
    type: 'gap.backfilled',
    frame: Math.max(0, state.frame),
    data: { from, to, gates, criteria: criteria.map(({ criterion, coverage }) => ({ criterion, coverage })) },
  };
  const breaches = criteria.flatMap(({ events }) => events);
  const rings: readonly Effect[] = breaches.some(({ type }) => type === 'criterion.breached')
    ? [{ type: 'ring', why: 'breach' }]
    : [];
  return accept([told, ...breaches], rings);
};

const backfilledCriterion = (
  state: SessionState,
  own: CriterionOf,
  answers: readonly CriterionSample[],
  gap: Span,
): { readonly criterion: number; readonly coverage: number; readonly events: readonly RunEvent[] } => {
  const criterion = own.index;
  const rules = criterionRules(state, own, gap.to);
  const samples = answers.map(({ sample }) => sample);
  const seen = { criterion, coverage: spanCoverage(samples, gap, rules.everyMs) };
  const known = state.criteria[criterion];
  const isWatched = known !== undefined && known.phase !== 'OVER' && criterionPhase(state) !== 'RECOVERING';
  if (!isWatched || known.status === 'breached' || known.status === 'recovered') return { ...seen, events: [] };
  let watch = criterionWatch(known.status, null, known.acknowledged !== null && known.status === 'ok');
  let breach: Sample | null = null;
  for (const answer of answers) {
    watch = watchSample(watch, answer, criterionRules(state, own, answer.sample.at));
    if (watch.status === 'breached') breach ??= answer.sample;
  }
  if (breach === null) return { ...seen, events: [] };
  const value = breach.because ?? breach.value;
  const events: RunEvent[] = [
    { type: 'criterion.breached', frame: 0, data: { criterion, value, happenedAt: breach.at } },
  ];
  const last = answers.findLast(({ sample }) => sample.kind === 'GOOD');
  if (watch.status === 'recovered' && last !== undefined)
    events.push({ type: 'criterion.recovered', frame: 0, data: { criterion, value: last.sample.value } });
  return { ...seen, events };
};
