import { afterGap, gateProgress, isLook } from '../gates/progress.ts';
import { takeSamples } from '../gates/verdict.ts';
import { withAction, withFrame, withStep } from './change.ts';
import { changedAt } from './change-moment.ts';
import type { Recorded, RecordedOf } from './events.ts';
import { foreignWorkload, withForeign, withoutUnowned } from './foreign.ts';
import { checksOf } from './gate-checks.ts';
import { rulesOf } from './gate-rules-of.ts';
import { gateIn, judgedChecks } from './gate-state.ts';
import type { ActionState, GateState, SessionState } from './state.ts';
import { placeOf, places } from './walk.ts';

/** Gates, and what other people and gaps do to them. */
export const reduceGate = (state: SessionState, event: Recorded): SessionState => {
  switch (event.type) {
    case 'gate.started':
      return started(state, event);
    case 'gate.sampled':
      return sampled(state, event);
    case 'gate.verdict':
      return judged(state, event);
    case 'gate.overridden':
      return ended(state, event, 'override', event.data.reason);
    case 'gate.by-eye':
      return ended(state, event, 'by-eye', event.data.seen);
    case 'source.acknowledged':
      return acknowledged(state, event);
    case 'change.foreign':
      return changedByOthers(withForeign(state, event), event);
    case 'run.gap':
      return withGap(state, state.frame, event.data.from, event.data.to);
    default:
      return state;
  }
};

const started = (state: SessionState, event: RecordedOf<'gate.started'>): SessionState => {
  const { step, action, try: number, checks } = event.data;
  const frame = state.frames[event.frame];
  if (frame === undefined || gateIn(frame, step, action) === null) return state;
  const gate: GateState = {
    try: number,
    progress: gateProgress(event.at, checks.length, lastChangeAt(state, event.at)),
    verdict: 'PENDING',
    because: null,
    judgedAt: null,
    voided: null,
  };
  const active = withStep(state, event.frame, step, (own) => ({
    ...own,
    status: 'active',
    startedAt: own.startedAt ?? event.at,
  }));
  return withAction(active, event.frame, step, action, (own) => ({
    ...own,
    status: 'running',
    because: null,
    judged: false,
    result: null,
    gate,
  }));
};

/** When the last change ended, by this run or by others, UTC ms; now while one runs, null when there was none. */
const lastChangeAt = (state: SessionState, now: number): number | null => {
  const at = changedAt(state);
  if (at === 'running') return now;
  const others = state.foreignChanges.map((change) => Math.min(change.at, now));
  const times = at === null ? others : [at, ...others];
  return times.length === 0 ? null : Math.max(...times);
};

const onGate = (
  state: SessionState,
  event: RecordedOf<'gate.sampled' | 'gate.verdict' | 'gate.overridden' | 'gate.by-eye'>,
  change: (action: ActionState, gate: GateState) => ActionState,
): SessionState =>
  withAction(state, event.frame, event.data.step, event.data.action, (action) =>
    action.gate === null ? action : change(action, action.gate),
  );

const sampled = (state: SessionState, event: RecordedOf<'gate.sampled'>): SessionState => {
  const frame = state.frames[event.frame];
  const gate = frame === undefined ? null : gateIn(frame, event.data.step, event.data.action);
  if (frame === undefined || gate === null) return state;
  const checks = checksOf(frame, gate);
  const rules = rulesOf(state, gate, checks);
  const { samples } = event.data;
  const next = onGate(state, event, (action, own) => ({
    ...action,
    gate: { ...own, progress: takeSamples(own.progress, rules, samples, judgedChecks(state, checks)) },
  }));
  const answers = new Set(samples.flatMap(({ check, sample }) => (isLook(sample.kind) ? [checks[check]?.source] : [])));
  const silent = state.acknowledged.filter(({ source }) => !answers.has(source));
  return silent.length === state.acknowledged.length ? next : { ...next, acknowledged: silent };
};

const judged = (state: SessionState, event: RecordedOf<'gate.verdict'>): SessionState => {
  const { step, verdict, because } = event.data;
  const failed = verdict === 'FAIL';
  const next = onGate(state, event, (action, own) => ({
    ...action,
    ...(verdict === 'PASS'
      ? {
          status: 'done',
          judged: true,
          because: null,
          result: { kind: 'gate', how: 'passed', reason: because === '' ? null : because },
        }
      : failed
        ? { status: 'attention', because }
        : { because: null }),
    gate: { ...own, verdict, because: because === '' ? null : because, judgedAt: event.at },
  }));
  return failed
    ? withStep(next, event.frame, step, (own) => (own.status === 'active' ? { ...own, status: 'attention' } : own))
    : next;
};

/** Passed for the outcome, and listed under deviations. */
const ended = (
  state: SessionState,
  event: RecordedOf<'gate.overridden' | 'gate.by-eye'>,
  how: 'override' | 'by-eye',
  reason: string,
): SessionState => {
  const next = onGate(state, event, (action) => ({
    ...action,
    status: 'done',
    judged: true,
    because: null,
    result: { kind: 'gate', how, reason },
  }));
  return withStep(next, event.frame, event.data.step, (own) =>
    own.status === 'attention' ? { ...own, status: 'active' } : own,
  );
};

const acknowledged = (state: SessionState, event: RecordedOf<'source.acknowledged'>): SessionState => {
  const workload = foreignWorkload(event.data.source);
  if (workload !== null) return withoutUnowned(state, workload);
  return { ...state, acknowledged: [...state.acknowledged, { ...event.data, by: event.actor, at: event.at }] };
};

/**
 * Nobody asked the gates of a frame for some time. Those of the frames below it are not asked until it is closed: their
 * gap is told then, as a whole.
 */
export const withGap = (state: SessionState, frame: number, from: number, to: number): SessionState =>
  eachRunning(
    state,
    (gate) => ({ ...gate, progress: afterGap(gate.progress, from, to) }),
    (number) => number === frame,
  );

/** What was seen before somebody else changed a workload says nothing about it as it is now, whoever was asked. */
const changedByOthers = (state: SessionState, event: RecordedOf<'change.foreign'>): SessionState => {
  const { workload, by, what } = event.data;
  return eachRunning(state, (gate, checks) => ({
    ...gate,
    progress: gateProgress(event.at, checks.length, event.at),
    verdict: 'PENDING',
    because: null,
    voided: `${workload} was changed outside this run by ${by}: ${what}`,
  }));
};

type AttemptEvent = RecordedOf<'command.confirmed' | 'command.finished' | 'command.unknown' | 'command.resolved'>;

/**
 * A change by this run beside its gates, as by a step off the path or a handoff: what was seen before it, or while it
 * ran, says nothing about what it left. A way back leaves the gates that it was taken for as they are.
 */
export const changedByUs = (state: SessionState, event: AttemptEvent): SessionState => {
  const attempt = state.attempts[event.data.attempt];
  if (attempt === undefined || attempt.spec.risk === 'read' || attempt.part === 'send') return state;
  // Something that ran all along beside the gates has ended.
  if (attempt.spec.background && event.type !== 'command.confirmed') return state;
  const frame = state.frames[attempt.frame];
  const title = (frame === undefined ? undefined : placeOf(frame.runbook, attempt.step)?.step.title) ?? attempt.step;
  const verb = event.type === 'command.confirmed' ? 'began' : 'made';
  return eachRunning(
    state,
    (gate, checks) => ({
      ...gate,
      progress: gateProgress(event.at, checks.length, event.at),
      verdict: 'PENDING',
      because: null,
      voided: `this run ${verb} a change: ${title}`,
    }),
    (number) => state.rollback === null || number >= (state.rollback.frame ?? state.frames.length),
  );
};

/** Gates after a step whose commands are done again: they begin anew once those have ended. */
export const reopenGates = (state: SessionState, number: number, step: string): SessionState => {
  const frame = state.frames[number];
  const from = frame === undefined ? undefined : placeOf(frame.runbook, step);
  if (frame === undefined || from === undefined || from.step.actions.every(({ kind }) => kind === 'gate')) return state;
  const all = places(frame.runbook);
  const later = all.slice(all.indexOf(from) + 1).filter(({ phase }) => phase === from.phase);
  const running = later.flatMap(({ step: { id } }) =>
    (frame.steps[id]?.actions ?? []).flatMap(({ kind, status }, index) =>
      kind === 'gate' && status === 'running' ? [{ id, index }] : [],
    ),
  );
  return running.reduce(
    (next, { id, index }) => withAction(next, number, id, index, (action) => ({ ...action, status: 'todo' })),
    state,
  );
};

const eachRunning = (
  state: SessionState,
  change: (gate: GateState, checks: ReturnType<typeof checksOf>) => GateState,
  isMeant: (frame: number) => boolean = () => true,
): SessionState =>
  state.frames.reduce((current, frame) => {
    if (!isMeant(frame.number)) return current;
    const running = Object.values(frame.steps).filter((step) =>
      step.actions.some(({ kind, status }) => kind === 'gate' && status === 'running'),
    );
    if (running.length === 0) return current;
    const steps = running.map((step) => {
      const actions = step.actions.map((action, index) => {
        const gate = gateIn(frame, step.id, index);
        if (action.status !== 'running' || action.gate === null || gate === null) return action;
        return { ...action, gate: change(action.gate, checksOf(frame, gate)) };
      });
      return [step.id, { ...step, actions }] as const;
    });
    return withFrame(current, frame.number, (own) => ({
      ...own,
      steps: { ...own.steps, ...Object.fromEntries(steps) },
    }));
  }, state);
