import { lateBaselines } from '../session/baseline-state.ts';
import { criteriaOf } from '../session/criterion-state.ts';
import type { Recorded } from '../session/events.ts';
import { foreignWorkload } from '../session/foreign.ts';
import { stateWords } from '../session/overview.ts';
import type { SessionState } from '../session/state.ts';
import { isSettled } from '../session/walk.ts';
import { timeOfDay } from '../text/duration.ts';
import { resultWords } from './commands.ts';
import { passedInstead } from './gate-check-records.ts';
import { type Collector, type Moment, stepKey, stepTitle } from './moments.ts';
import type { Deviation } from './record.ts';
import { iso } from './times.ts';

type Found = Pick<Deviation, 'kind' | 'text' | 'reason'> & { readonly step?: string | null; readonly frame?: number };

/** Everything that was not done as the runbook has it: overrides, skips, failures, further tries, changed commands. */
export const deviations = (): Collector<readonly Deviation[]> => {
  const log: Deviation[] = [];
  const reopenedBy = new Map<string, string>();
  let jump: { readonly seq: number; readonly index: number; readonly count: number } | null = null;
  const auto: Recorded[] = [];

  const add = (event: Recorded, found: Found): void => {
    log.push({
      at: iso(event.at),
      by: event.actor,
      frame: found.frame ?? event.frame,
      step: found.step ?? null,
      kind: found.kind,
      text: found.text,
      reason: found.reason,
    });
  };

  const reopened = ({ event, before }: Moment): void => {
    if (event.type !== 'step.reopened') return;
    const { step, why } = event.data;
    reopenedBy.set(stepKey(event.frame, step), why);
    const status = before.frames[event.frame]?.steps[step]?.status;
    if ((why !== 'back' && why !== 'jump') || status === undefined || !(isSettled(status) || status === 'failed'))
      return;
    const continues = jump !== null && jump.seq === event.seq - 1;
    const count = continues && jump !== null ? jump.count + 1 : 1;
    const index = continues && jump !== null ? jump.index : log.length;
    jump = { seq: event.seq, index, count };
    if (!continues) add(event, { kind: 'went back', step, text: stepTitle(before, event.frame, step), reason: null });
    else log[index] = { ...(log[index] as Deviation), reason: `${count} steps done again` };
  };

  return {
    see: (moment) => {
      const { event } = moment;
      reopened(moment);
      if (event.type === 'command.confirmed' && event.data.how === 'auto' && event.data.risk !== 'read')
        auto.push(event);
      const found = byEvent(moment, reopenedBy);
      if (found !== null) add(event, found);
    },
    result: () => {
      const first = auto[0];
      const text = `${auto.length} changing ${auto.length === 1 ? 'command was' : 'commands were'} confirmed by --auto, not by a person`;
      if (first !== undefined) add(first, { kind: 'auto', text, reason: null });
      return log;
    },
  };
};

const byEvent = ({ event, before, after }: Moment, reopenedBy: ReadonlyMap<string, string>): Found | null => {
  switch (event.type) {
    case 'override.given': {
      const check = before.preflight.find(({ id }) => id === event.data.what);
      const text = check === undefined ? event.data.what : `${check.title}: ${check.message}`;
      return { kind: 'override', text, reason: event.data.reason };
    }
    case 'step.failed':
      return { kind: 'failed', ...stepOf(before, event), reason: event.data.reason };
    case 'step.skipped':
      return { kind: 'skipped', ...stepOf(before, event), reason: event.data.reason };
    case 'step.passed':
      return passed(after, event, reopenedBy);
    case 'command.confirmed':
      return event.data.edited
        ? { kind: 'edited', ...stepOf(before, event), reason: 'the command was changed before it ran' }
        : null;
    case 'command.unknown':
    case 'command.resolved':
      return attemptFound(before, event);
    case 'approval.refused':
      return { kind: 'approval refused', ...stepOf(before, event), reason: event.data.reason };
    case 'approval.voided':
      return { kind: 'approval voided', ...stepOf(before, event), reason: event.data.because };
    case 'lock.unlocked':
      return { kind: 'UNLOCKED', text: `deploy lock "${event.data.scope}"`, reason: event.data.because };
    case 'lock.lost':
      return { kind: 'lock lost', text: `deploy lock "${event.data.scope}"`, reason: event.data.because };
    case 'gate.verdict':
    case 'gate.overridden':
    case 'gate.by-eye':
      return gateFound(before, event);
    case 'baseline.captured':
      return lateBaseline(before, event);
    case 'baseline.accepted':
      return { kind: 'no full baseline', ...stepOf(before, event), reason: event.data.reason };
    case 'source.acknowledged': {
      const changed = foreignWorkload(event.data.source);
      if (changed !== null) return { kind: 'change by others acknowledged', text: changed, reason: event.data.reason };
      return { kind: 'source known to be away', text: event.data.source, reason: event.data.reason };
    }
    case 'criterion.breached':
    case 'criterion.acknowledged':
      return criterionFound(before, event);
    case 'change.foreign':
      return {
        kind: 'changed by others',
        text: `${event.data.workload}, by ${event.data.by}`,
        reason: event.data.what,
      };
    case 'target.mismatch':
      return { kind: 'wrong target', text: `expected ${event.data.expected}, found ${event.data.found}`, reason: null };
    default:
      return null;
  }
};

/** One that cannot be compared with is listed when somebody goes on with it. */
const lateBaseline = (before: SessionState, event: Extract<Recorded, { type: 'baseline.captured' }>): Found | null => {
  const late = lateBaselines(before, event.data.metrics).filter(({ problem }) => problem === null);
  const [first] = late;
  if (first === undefined) return null;
  const titles = late.map(({ title }) => title).join(', ');
  const reason = `at ${timeOfDay(first.to)}, the change was at ${timeOfDay(before.firstChangeAt ?? first.to)}: ${titles}`;
  return { kind: 'baseline captured after the first change', ...stepOf(before, event), reason };
};

const gateFound = (
  before: SessionState,
  event: Extract<Recorded, { type: 'gate.verdict' | 'gate.overridden' | 'gate.by-eye' }>,
): Found | null => {
  const place = stepOf(before, event);
  const gate = before.frames[event.frame]?.steps[event.data.step]?.actions[event.data.action]?.gate;
  switch (event.type) {
    case 'gate.verdict':
      if (event.data.verdict === 'FAIL') return { kind: 'gate FAIL', ...place, reason: event.data.because };
      return event.data.verdict === 'PASS' && passedInstead(before, event).length > 0
        ? { kind: 'judged by other checks', ...place, reason: event.data.because }
        : null;
    case 'gate.overridden':
      return {
        kind: 'override',
        step: place.step ?? null,
        text: `${place.text} (${gate?.because ?? 'not judged'})`,
        reason: event.data.reason,
      };
    case 'gate.by-eye':
      return {
        kind: 'by eye',
        step: place.step ?? null,
        text: `${place.text} (${gate?.because ?? 'not judged'})`,
        reason: event.data.seen,
      };
  }
};

const criterionFound = (
  before: SessionState,
  event: Extract<Recorded, { type: 'criterion.breached' | 'criterion.acknowledged' }>,
): Found => {
  const text = criteriaOf(before)[event.data.criterion]?.title ?? `criterion ${event.data.criterion + 1}`;
  return event.type === 'criterion.breached'
    ? { kind: 'BREACHED', text, reason: event.data.value }
    : { kind: 'breach acknowledged', text, reason: event.data.reason };
};

const stepOf = (
  state: SessionState,
  event: Recorded & { readonly data: { readonly step: string } },
): Pick<Found, 'step' | 'text'> => ({ step: event.data.step, text: stepTitle(state, event.frame, event.data.step) });

const passed = (
  after: SessionState,
  event: Extract<Recorded, { type: 'step.passed' }>,
  reopenedBy: ReadonlyMap<string, string>,
): Found | null => {
  const { step, how, reason } = event.data;
  const place = stepOf(after, event);
  const gates = after.frames[event.frame]?.steps[step]?.actions ?? [];
  // Told by the gate itself, which knows what was gone past.
  if (gates.some(({ result }) => result?.kind === 'gate' && result.how !== 'passed')) return null;
  if (how === 'override') return { kind: 'override', ...place, reason };
  if (how === 'accepted') return { kind: 'accepted', ...place, reason };
  if (how === 'by-eye') return { kind: 'by eye', ...place, reason };
  const state = after.frames[event.frame]?.steps[step];
  const again = reopenedBy.get(stepKey(event.frame, step)) === 'again';
  if (!again || state === undefined || state.tries < 2) return null;
  return { kind: stateWords(state), ...place, reason: reason ?? firstTry(after, event.frame, step) };
};

/** How the first command of a step that was tried again ended; null when it ran none. */
const firstTry = (state: SessionState, frame: number, step: string): string | null => {
  const attempts = Object.values(state.attempts).filter((a) => a.frame === frame && a.step === step);
  const first = attempts.toSorted((a, b) => a.attempt - b.attempt)[0];
  return first === undefined || attempts.length < 2 ? null : `the first ended with ${resultWords(first)}`;
};

const attemptFound = (
  before: SessionState,
  event: Extract<Recorded, { type: 'command.unknown' | 'command.resolved' }>,
): Found | null => {
  const attempt = before.attempts[event.data.attempt];
  if (attempt === undefined) return null;
  const place = { frame: attempt.frame, step: attempt.step, text: stepTitle(before, attempt.frame, attempt.step) };
  // The same again says only what still lives.
  if (event.type === 'command.unknown' && attempt.status === 'unknown') return null;
  if (event.type === 'command.unknown')
    return { kind: 'UNKNOWN', ...place, reason: 'the command was started, no result was recorded' };
  const { as, evidence } = event.data;
  if (as === 'not-started' || as === 'accepted') return null;
  return { kind: `said to be ${as === 'not-applied' ? 'not applied' : as}`, ...place, reason: evidence };
};
