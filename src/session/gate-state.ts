import type { GateRules } from '../gates/gate-rules.ts';
import { worstVerdict } from '../gates/sample.ts';
import type { Judged } from '../gates/verdict.ts';
import { type GateVerdict, judge } from '../gates/verdict.ts';
import type { Gate } from '../runbook/model.ts';
import { type UnownedChange, unownedChanges, unownedWords } from './foreign.ts';
import { type CheckOf, checksOf, judgesWorkload } from './gate-checks.ts';
import { rulesOf } from './gate-rules-of.ts';
import type { FrameState, GateState, SessionState } from './state.ts';
import { isSettled, placeOf, places, stepStateOf } from './walk.ts';

/** A gate of the current frame that is being judged. */
export interface RunningGate {
  readonly frame: FrameState;
  readonly step: string;
  readonly action: number;
  readonly gate: Gate;
  readonly state: GateState;
  readonly checks: readonly CheckOf[];
  readonly rules: GateRules;
}

const waitingMs = 5_000;
const clusterEveryMs = 1_000;

/** How long after a question the next one comes, ms; what is watched anyway is looked at more often. */
export const askEveryMs = ({ rules }: RunningGate, index: number, isCluster: boolean, state: GateState): number => {
  const last = state.progress.checks[index]?.last;
  const every = isCluster ? Math.min(clusterEveryMs, rules.everyMs) : rules.everyMs;
  return last?.kind === 'ERROR' || last?.kind === 'NO-DATA' ? Math.min(waitingMs, rules.everyMs) : every;
};

export const gateIn = (frame: FrameState, step: string, action: number): Gate | null => {
  const found = placeOf(frame.runbook, step)?.step.actions[action];
  return found?.kind === 'gate' ? found.gate : null;
};

/** Gates of the frame the operator is in; nothing of a run that was left, ended or is not trusted. */
export const runningGates = (state: SessionState): readonly RunningGate[] => {
  const frame = state.frames[state.frame];
  if (frame === undefined || frame.restricted || state.finished !== null || state.left) return [];
  return places(frame.runbook).flatMap(({ step }): readonly RunningGate[] => {
    const own = frame.steps[step.id];
    if (own === undefined || isSettled(own.status) || own.status === 'failed') return [];
    return step.actions.flatMap((action, index): readonly RunningGate[] => {
      const known = own.actions[index];
      if (action.kind !== 'gate' || known?.status !== 'running' || known.gate === null) return [];
      const checks = checksOf(frame, action.gate);
      return [
        {
          frame,
          step: step.id,
          action: index,
          gate: action.gate,
          state: known.gate,
          checks,
          rules: rulesOf(state, action.gate, checks),
        },
      ];
    });
  });
};

/** While a dead source is acknowledged, the checks that ask it are not judged. */
export const judgedChecks =
  (state: SessionState, checks: readonly CheckOf[]): Judged =>
  (index) =>
    !state.acknowledged.some(({ source }) => source === checks[index]?.source);

/** The change by others that a check judges instead of this run's; null when there is none. */
export const unownedFor = (session: SessionState, checks: readonly CheckOf[]): UnownedChange | null =>
  unownedChanges(session).find(({ workload }) => checks.some((check) => judgesWorkload(check, workload))) ?? null;

/** The verdict of a gate now: never better than INCONCLUSIVE over a workload as somebody else left it. */
export const gateVerdict = (
  session: SessionState,
  gate: Pick<RunningGate, 'gate' | 'checks' | 'rules' | 'state'>,
  now: number,
): GateVerdict => {
  const found = ownVerdict(session, gate, now);
  const unowned = unownedFor(session, gate.checks);
  if (unowned === null) return found;
  const because = unownedWords(unowned);
  const verdict = worstVerdict([found.verdict, 'INCONCLUSIVE']);
  const checks = found.checks.map((own, index) => {
    const check = gate.checks[index];
    if (check === undefined || !judgesWorkload(check, unowned.workload)) return own;
    const worst = worstVerdict([own.verdict, 'INCONCLUSIVE']);
    return { verdict: worst, because: worst === 'INCONCLUSIVE' ? because : own.because };
  });
  return { verdict, because: verdict === 'INCONCLUSIVE' ? because : found.because, checks };
};

/** Where a source is dead, only the gate's own `else` checks can pass it; that it is still dead, this try has seen. */
const ownVerdict = (
  session: SessionState,
  { gate, checks, rules, state }: Pick<RunningGate, 'gate' | 'checks' | 'rules' | 'state'>,
  now: number,
): GateVerdict => {
  const judged = judgedChecks(session, checks);
  const found = judge(state.progress, rules, now, judged);
  const out = checks.filter(({ index }) => !judged(index));
  if (out.length === 0 || found.verdict !== 'PASS') return found;
  const instead = checks.filter(({ index, name }) => judged(index) && gate.else.includes(name));
  const dead = [...new Set(out.map(({ source }) => source))].join(', ');
  if (instead.length === 0)
    return { ...found, verdict: 'INCONCLUSIVE', because: `${dead} does not answer, and nothing is judged instead` };
  const isSeenDead = ({ index }: CheckOf): boolean => {
    const kind = state.progress.checks[index]?.last?.kind;
    return kind === 'ERROR' || kind === 'NO-DATA';
  };
  if (!out.every(isSeenDead)) return { ...found, verdict: 'PENDING', because: `whether ${dead} answers now is asked` };
  return {
    ...found,
    because: `judged by ${instead.map(({ title }) => title).join(', ')} instead: ${dead} does not answer`,
  };
};

/** The gate of an action that may be acted on: it runs, or has failed. */
export const openGate = (frame: FrameState, step: string, action: number): GateState | null => {
  const place = placeOf(frame.runbook, step);
  if (place === undefined) return null;
  const own = stepStateOf(frame, place.step).actions[action];
  return own?.kind === 'gate' && (own.status === 'running' || own.status === 'attention') ? own.gate : null;
};
