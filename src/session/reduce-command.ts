import type { Command } from '../runbook/model.ts';
import { withAction, withFrame, withStep } from './change.ts';
import type { Recorded, RecordedOf } from './events.ts';
import { changedByUs } from './gate-reduce.ts';
import { exitWords, judgeOutcome } from './outcome-judgement.ts';
import type { ActionState, AttemptState, FrameState, SessionState, StepState } from './state.ts';
import { placeOf, places } from './walk.ts';

export const reduceCommand = (state: SessionState, event: Recorded): SessionState => {
  switch (event.type) {
    case 'command.confirmed':
      return changedByUs(confirmed(state, event), event);
    case 'command.started':
      return started(state, event);
    case 'command.stop-requested':
      return withAttempt(state, event.data.attempt, () => ({ stopRequested: true }));
    case 'command.finished':
      return changedByUs(finished(state, event), event);
    case 'command.output-noted':
      return steady(state, event);
    case 'command.unknown':
      return changedByUs(unknown(state, event), event);
    case 'command.resolved':
      return changedByUs(resolved(state, event), event);
    default:
      return state;
  }
};

const withAttempt = (
  state: SessionState,
  number: number,
  change: (attempt: AttemptState) => Partial<AttemptState>,
): SessionState => {
  const attempt = state.attempts[number];
  return attempt === undefined
    ? state
    : { ...state, attempts: { ...state.attempts, [number]: { ...attempt, ...change(attempt) } } };
};

const onAction = (
  state: SessionState,
  attempt: AttemptState,
  change: (action: ActionState) => ActionState,
): SessionState => (attempt.forStatus ? state : withAction(state, attempt.frame, attempt.step, attempt.action, change));

const onStep = (state: SessionState, attempt: AttemptState, change: (step: StepState) => StepState): SessionState =>
  attempt.forStatus ? state : withStep(state, attempt.frame, attempt.step, change);

const confirmed = (state: SessionState, event: RecordedOf<'command.confirmed'>): SessionState => {
  const { data } = event;
  const frame = state.frames[event.frame];
  if (
    frame === undefined ||
    state.attempts[data.attempt] !== undefined ||
    placeOf(frame.runbook, data.step) === undefined
  )
    return state;
  const attempt: AttemptState = {
    attempt: data.attempt,
    frame: event.frame,
    step: data.step,
    action: data.action,
    part: data.part,
    forStatus: data.forStatus === true,
    spec: data.spec,
    hash: data.hash,
    edited: data.edited,
    stdin: data.stdin,
    by: event.actor,
    how: data.how,
    status: 'confirmed',
    confirmedAt: event.at,
    startedAt: null,
    pid: null,
    outcome: null,
    recovered: false,
    stopRequested: false,
    survivors: [],
    resolved: null,
  };
  const next: SessionState = {
    ...state,
    attempts: { ...state.attempts, [data.attempt]: attempt },
    nextAttempt: Math.max(state.nextAttempt, data.attempt + 1),
    typedFor:
      data.how === 'typed' ? [...state.typedFor, changeKind(commandOf(frame, attempt), data.risk)] : state.typedFor,
  };
  const active = onStep(next, attempt, (step) => ({
    ...step,
    status: 'active',
    startedAt: step.startedAt ?? event.at,
  }));
  return onAction(active, attempt, (action) => ({
    ...action,
    status: 'running',
    because: null,
    attempts: [...action.attempts, data.attempt],
  }));
};

/** The command of the runbook an attempt ran; null when the model does not have it. */
export const commandOf = (
  frame: FrameState | undefined,
  attempt: Pick<AttemptState, 'step' | 'action' | 'part'>,
): Command | null => {
  if (frame === undefined) return null;
  const action = placeOf(frame.runbook, attempt.step)?.step.actions[attempt.action];
  if (action?.kind === 'command') return action.command;
  return action?.kind === 'message' && attempt.part === 'send' ? action.message.send : null;
};

/** What has to be typed only once in a run: a change of the same kind on the same target. */
export const changeKind = (command: Command | null, risk: string): string =>
  `${risk}: ${command?.riskBecause[0] ?? 'unknown'}`;

const started = (state: SessionState, event: RecordedOf<'command.started'>): SessionState => {
  const attempt = state.attempts[event.data.attempt];
  if (attempt === undefined) return state;
  const next = withAttempt(state, attempt.attempt, () => ({
    status: 'running',
    startedAt: event.data.startedAt,
    pid: event.data.pid,
  }));
  // A message that is sent changes nothing that is deployed.
  if (attempt.spec.risk === 'read' || attempt.part === 'send') return next;
  const firstChangeAt = state.firstChangeAt ?? event.data.startedAt;
  return startsTheClock(state, attempt)
    ? { ...next, firstChangeAt, zeroAt: event.data.startedAt, zeroIsReal: true }
    : { ...next, firstChangeAt };
};

/** T-0 is the first change of the phase marked `(T-0)`, else of the first phase without a T mark that changes anything. */
const startsTheClock = (state: SessionState, attempt: AttemptState): boolean => {
  if (state.zeroIsReal) return false;
  const frame = state.frames[attempt.frame];
  const place = frame === undefined ? undefined : placeOf(frame.runbook, attempt.step);
  if (frame === undefined || place === undefined) return false;
  const marked = places(frame.runbook).some(({ path }) => path.some((phase) => phase.atMs === 0));
  return marked ? place.path.some((phase) => phase.atMs === 0) : place.path.every((phase) => phase.at === null);
};

const finished = (state: SessionState, event: RecordedOf<'command.finished'>): SessionState => {
  const attempt = state.attempts[event.data.attempt];
  const frame = attempt === undefined ? undefined : state.frames[attempt.frame];
  if (attempt === undefined || frame === undefined) return state;
  const { outcome, recovered } = event.data;
  const command = commandOf(frame, attempt);
  let next = withAttempt(state, attempt.attempt, () => ({
    status: 'finished',
    outcome,
    recovered,
    startedAt: outcome.startedAt,
    survivors: outcome.survivors,
  }));
  next = withFrame(next, attempt.frame, (current) => ({
    ...current,
    captures: { ...current.captures, ...outcome.captures },
    withheld: [...new Set([...current.withheld, ...outcome.withheld])],
  }));
  if (command === null)
    return onAction(next, attempt, (action) => ({
      ...action,
      status: 'done',
      result: { kind: 'command', summary: exitWords(outcome, null) },
    }));
  const judgement = backgroundEnd(attempt) ?? judgeOutcome(command, outcome, frame.runbook.plain);
  next = onAction(next, attempt, (action) => ({
    ...action,
    status: judgement.status,
    judged: judgement.judged,
    because: judgement.status === 'attention' ? judgement.summary : null,
    result: { kind: 'command', summary: judgement.summary },
  }));
  const sent = attempt.part === 'send' && judgement.status === 'done';
  if (sent)
    next = onAction(next, attempt, (action) => ({ ...action, judged: true, result: { kind: 'posted', how: 'sent' } }));
  return onStep(next, attempt, (step) =>
    judgement.status === 'attention' && step.status === 'active' ? { ...step, status: 'attention' } : step,
  );
};

/** A background command that keeps running has done its part: the walk goes on beside it. */
const steady = (state: SessionState, event: RecordedOf<'command.output-noted'>): SessionState => {
  const attempt = state.attempts[event.data.attempt];
  if (attempt?.status !== 'running' || !attempt.spec.background) return state;
  return onAction(state, attempt, (action) => ({
    ...action,
    status: 'done',
    judged: true,
    result: { kind: 'command', summary: 'runs in the background' },
  }));
};

/** A background command that was told to end did what it should. */
const backgroundEnd = (attempt: AttemptState): ReturnType<typeof judgeOutcome> | null =>
  attempt.spec.background && attempt.stopRequested
    ? { status: 'done', judged: true, summary: 'stopped at the end of its phase' }
    : null;

const unknown = (state: SessionState, event: RecordedOf<'command.unknown'>): SessionState => {
  const attempt = state.attempts[event.data.attempt];
  if (attempt === undefined) return state;
  const next = withAttempt(state, attempt.attempt, () => ({
    status: 'unknown',
    startedAt: event.data.startedAt,
    survivors: event.data.survivors,
  }));
  const marked = onAction(next, attempt, (action) => ({
    ...action,
    status: 'unknown',
    because: 'started, no result recorded',
  }));
  return onStep(marked, attempt, (step) => ({ ...step, status: 'attention' }));
};

const resolved = (state: SessionState, event: RecordedOf<'command.resolved'>): SessionState => {
  const attempt = state.attempts[event.data.attempt];
  if (attempt === undefined) return state;
  const { as, evidence } = event.data;
  const status = as === 'not-started' ? 'not-started' : as === 'accepted' ? attempt.status : 'resolved';
  const next = withAttempt(state, attempt.attempt, () => ({ status, resolved: event.data }));
  const done = onAction(next, attempt, (action): ActionState => {
    if (as === 'succeeded')
      return {
        ...action,
        status: 'done',
        judged: true,
        because: null,
        result: { kind: 'command', summary: `said to have succeeded: ${evidence}` },
      };
    if (as === 'accepted') return { ...action, status: 'done', because: null };
    if (as === 'failed') return { ...action, status: 'attention', because: `said to have failed: ${evidence}` };
    return { ...action, status: 'todo', because: null };
  });
  return onStep(done, attempt, (step) => ({
    ...step,
    status: as === 'failed' ? 'attention' : 'active',
  }));
};
