import { isLookDue } from '../gates/gate-rules.ts';
import { type CheckProgress, isLook, settledAt } from '../gates/progress.ts';
import type { Sample, Verdict } from '../gates/sample.ts';
import { verdictWord } from '../gates/sample.ts';
import { watchedTime } from '../gates/verdict.ts';
import { completed } from './decide.ts';
import type { RunEvent } from './events.ts';
import { dueGates } from './gate-due.ts';
import { gateVerdict, type RunningGate, runningGates } from './gate-state.ts';
import type { Decision, Effect } from './intents.ts';
import { project } from './project.ts';
import { accept } from './refusal.ts';
import type { SessionState } from './state.ts';

/** One answer of one check, as the engine got it. */
export interface GateAnswer {
  readonly frame: number;
  readonly step: string;
  readonly action: number;
  readonly try: number;
  readonly check: number;
  readonly sample: Sample;
}

/** The same answer again is worth an entry after this long. */
const sameAgainMs = 15_000;
const inARow = 3;

/**
 * What follows from the clock and from answers that came in: gates that begin, samples worth an entry, verdicts that
 * changed, steps that pass by them. Only what is recorded counts, so that the record gives the same verdicts again.
 */
export const decideGates = (state: SessionState, answers: readonly GateAnswer[], now: number): Decision => {
  const starts = dueGates(state);
  const begun = project(state, starts, now);
  const samples = runningGates(begun).flatMap((gate) => sampledEvent(gate, answers));
  const seen = project(begun, samples, now);
  const changed = runningGates(seen).flatMap((gate) => verdictEvent(seen, gate, now));
  const events = [...starts, ...samples, ...changed];
  if (events.length === 0) return accept([]);
  return completed(state, events, changed.flatMap(rings), now);
};

const sampledEvent = (gate: RunningGate, answers: readonly GateAnswer[]): readonly RunEvent[] => {
  const own = answers.filter(
    (answer) =>
      answer.frame === gate.frame.number &&
      answer.step === gate.step &&
      answer.action === gate.action &&
      answer.try === gate.state.try &&
      // An answer to a question from before the progress began anew speaks of another state.
      answer.sample.at >= gate.state.progress.startedAt,
  );
  const samples = own
    .filter(({ check, sample }) => isWorthAnEntry(gate, check, sample))
    .map(({ check, sample }) => ({ check, sample }));
  if (samples.length === 0) return [];
  const { step, action } = gate;
  return [{ type: 'gate.sampled', frame: gate.frame.number, data: { step, action, samples } }];
};

const isWorthAnEntry = ({ rules, state: { progress } }: RunningGate, index: number, sample: Sample): boolean => {
  const check: CheckProgress | undefined = progress.checks[index];
  const last = check?.last ?? null;
  if (check === undefined) return false;
  if (last === null || last.kind !== sample.kind || last.value !== sample.value) return true;
  if (last.because !== sample.because || last.pace !== sample.pace) return true;
  if (sample.at - last.at >= sameAgainMs) return true;
  if (sample.kind === 'ERROR') return check.errors < inARow;
  if (sample.kind === 'NO-DATA') return check.missing < inARow;
  const time = watchedTime(progress, sample.at);
  // The first answer that is judged, and every one that is a look.
  if (check.lastLook === null) return isLook(sample.kind) && time >= settledAt(progress, rules);
  const lookMs = rules.checks[index]?.lookMs ?? rules.everyMs;
  return progress.holdingSince !== null && isLookDue(time - check.lastLook.at, lookMs);
};

const verdictEvent = (state: SessionState, gate: RunningGate, now: number): readonly RunEvent[] => {
  const found = gateVerdict(state, gate, now);
  if (found.verdict === gate.state.verdict) return [];
  const { step, action, checks } = gate;
  const judged = checks.map(({ index, title, limit }) => {
    const progress = gate.state.progress.checks[index];
    return {
      title,
      limit,
      verdict: found.checks[index]?.verdict ?? ('PENDING' as Verdict),
      value: progress?.last?.value ?? '',
      because: found.checks[index]?.because ?? null,
      looks: progress?.looks ?? 0,
    };
  });
  const because = found.because === null ? '' : namedBecause(found.because, judged, found.verdict);
  return [
    {
      type: 'gate.verdict',
      frame: gate.frame.number,
      data: { step, action, verdict: found.verdict, because, checks: judged },
    },
  ];
};

/** With several checks it says which of them. */
const namedBecause = (
  because: string,
  checks: readonly { readonly title: string; readonly verdict: Verdict; readonly because: string | null }[],
  verdict: Verdict,
): string => {
  const worst = checks.find((check) => check.verdict === verdict && check.because === because);
  return worst === undefined || verdict === 'PASS' ? because : `${worst.title}: ${because}`;
};

const rings = (event: RunEvent): readonly Effect[] => {
  if (event.type !== 'gate.verdict') return [];
  const word = verdictWord(event.data.verdict);
  return word === 'FAIL' || word === 'BLIND' ? [{ type: 'ring', why: 'needs-you' }] : [];
};
