import type { MetricCheck, MetricQuestion } from '../gates/metric.ts';
import { type CriterionOf, criteriaOf } from '../session/criterion-state.ts';
import { type RunningGate, runningGates } from '../session/gate-state.ts';
import { type MetricOf, metricsOf } from '../session/metric-of.ts';
import type { SessionState } from '../session/state.ts';

/** Something that a metric is judged by now. */
export interface MetricRule {
  readonly check: MetricCheck;
  /** `115 % of stable`. */
  readonly rule: string;
  readonly for: 'gate' | 'criterion';
  /** Answers from before this moment say nothing to it, UTC ms. */
  readonly since: number;
}

/** A metric that is watched, and what it is watched for. */
export interface MetricInUse {
  readonly metric: MetricOf;
  readonly question: MetricQuestion;
  readonly rules: readonly MetricRule[];
}

/**
 * Metrics of the frame the operator is in, in its runbook's order, then those of criteria that other frames brought.
 * Nothing of a runbook that is not trusted, of a run that was left or is over.
 */
export const metricsInUse = (session: SessionState): readonly MetricInUse[] => {
  if (session.left || session.finished !== null) return [];
  const current = session.frames[session.frame];
  const own = current === undefined || current.restricted ? [] : metricsOf(current);
  const criteria = criteriaOf(session).filter(({ frame }) => !frame.restricted);
  const others = criteria.flatMap(({ frame, check }) =>
    check?.kind === 'metric' ? metricsOf(frame).filter(({ name }) => name === check.name) : [],
  );
  const rules = [...runningGates(session).flatMap(gateRulesOf), ...criteria.flatMap(criterionRules)];
  const seen = new Set<string>();
  return [...own, ...others].flatMap((metric) => {
    const key = `${metric.name} ${metric.hash}`;
    if (seen.has(key)) return [];
    seen.add(key);
    const mine = rules.filter(({ check }) => check.name === metric.name && check.hash === metric.hash);
    return [{ metric, question: questionOf(metric), rules: mine }];
  });
};

const gateRulesOf = ({ checks, state }: RunningGate): readonly MetricRule[] =>
  checks.flatMap(({ check, limit }): readonly MetricRule[] =>
    check?.kind === 'metric' ? [{ check, rule: limit, for: 'gate', since: state.progress.startedAt }] : [],
  );

const criterionRules = ({ check, limit }: CriterionOf): readonly MetricRule[] =>
  check?.kind === 'metric' ? [{ check, rule: limit, for: 'criterion', since: 0 }] : [];

const questionOf = ({ query, stable, traffic, freshness, scrapeMs }: MetricOf): MetricQuestion => ({
  query,
  stable,
  traffic,
  freshness,
  scrapeMs,
  counts: false,
});
