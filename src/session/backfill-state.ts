import type { GateRules } from '../gates/gate-rules.ts';
import { type GateProgress, isLook } from '../gates/progress.ts';
import type { Sample } from '../gates/sample.ts';
import { type Judged, takeSamples } from '../gates/verdict.ts';
import { timeOfDay } from '../text/duration.ts';
import { withAction } from './change.ts';
import type { RecordedOf } from './events.ts';
import { checksOf } from './gate-checks.ts';
import { rulesOf } from './gate-rules-of.ts';
import { gateIn, judgedChecks } from './gate-state.ts';
import type { SessionState } from './state.ts';

/** Time that nobody watched, UTC ms. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

interface Answer {
  readonly check: number;
  readonly sample: Sample;
}

const coverageNeeded = 0.8;

/** Looks among some answers, of those due in a span: 0 to 1; 1 where none was due. */
export const spanCoverage = (samples: readonly Sample[], { from, to }: Span, everyMs: number): number => {
  const due = Math.floor((to - from) / everyMs);
  const looks = samples.filter(({ kind, at }) => isLook(kind) && at >= from && at <= to).length;
  return due <= 0 ? 1 : Math.min(1, looks / due);
};

/**
 * The gate as if somebody had watched in a gap: its time counts when every check that is judged has answers for it.
 * Where some have none it stays unwatched, and only a FAIL that the others show in it counts. What was answered since
 * the gap is not judged anew.
 */
export const backfilledProgress = (
  gate: GateProgress,
  rules: GateRules,
  gap: Span,
  answers: readonly Answer[],
  judged: Judged,
): GateProgress => {
  if (answers.length === 0 || gate.checks.some(({ last }) => last !== null)) return gate;
  const span = { from: Math.max(gap.from, gate.startedAt), to: gap.to };
  const inOrder = answers
    .filter(({ sample }) => sample.at >= span.from && sample.at <= span.to)
    .toSorted((left, right) => left.sample.at - right.sample.at || left.check - right.check);
  const watched = takeSamples(
    { ...gate, awayMs: gate.awayMs - Math.max(0, span.to - span.from) },
    rules,
    inOrder,
    judged,
  );
  const isCovered = gate.checks.every((_, index) => {
    const own = inOrder.flatMap(({ check, sample }) => (check === index ? [sample] : []));
    return !judged(index) || spanCoverage(own, span, rules.checks[index]?.lookMs ?? rules.everyMs) >= coverageNeeded;
  });
  const whole = isCovered ? watched : gate;
  return {
    ...whole,
    checks: whole.checks.map((check, index) => {
      const before = gate.checks[index]?.failed ?? null;
      const found = watched.checks[index]?.failed ?? null;
      if (before !== null || found === null) return check;
      const last = inOrder.findLast((answer) => answer.check === index && answer.sample.kind === 'BAD');
      const at = last === undefined ? '' : `, at ${timeOfDay(last.sample.at)}`;
      return { ...check, failed: `${found}${at} while nobody watched` };
    }),
  };
};

/** What a gap's backfill says of the gates that run on. */
export const reduceBackfill = (state: SessionState, event: RecordedOf<'gap.backfilled'>): SessionState => {
  const { from, to, gates } = event.data;
  return gates.reduce((next, { step, action, samples }) => {
    const frame = next.frames[event.frame];
    const gate = frame === undefined ? null : gateIn(frame, step, action);
    if (frame === undefined || gate === null) return next;
    const checks = checksOf(frame, gate);
    const judged = judgedChecks(next, checks);
    const rules = rulesOf(next, gate, checks);
    return withAction(next, event.frame, step, action, (own) =>
      own.status !== 'running' || own.gate === null
        ? own
        : {
            ...own,
            gate: {
              ...own.gate,
              progress: backfilledProgress(own.gate.progress, rules, { from, to }, samples, judged),
            },
          },
    );
  }, state);
};
