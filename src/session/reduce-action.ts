import type { Action } from '../runbook/model.ts';
import { withAction, withFrame, withStep } from './change.ts';
import type { Recorded, RecordedOf } from './events.ts';
import { inputIn, inputsOf } from './spec.ts';
import type { ActionResult, FrameState, SessionState } from './state.ts';
import { placeOf } from './walk.ts';

/** Decisions, answers, approvals, messages and handoffs. */
export const reduceAction = (state: SessionState, event: Recorded): SessionState => {
  switch (event.type) {
    case 'decision.made':
      return decided(state, event);
    case 'input.given':
      return given(state, event);
    case 'secret.provided':
      return withFrame(state, event.frame, (frame) => ({
        ...frame,
        secrets: [...new Set([...frame.secrets, event.data.input])],
      }));
    case 'approval.given':
      return approved(state, event);
    case 'approval.voided':
      return voided(state, event);
    case 'message.posted':
      return done(state, event.frame, event.data.step, event.data.action, { kind: 'posted', how: event.data.how });
    case 'frame.opened':
      return handedOff(state, event);
    case 'frame.closed':
      return handedBack(state, event);
    default:
      return state;
  }
};

const done = (state: SessionState, frame: number, step: string, action: number, result: ActionResult): SessionState =>
  withAction(begun(state, frame, step), frame, step, action, (current) => ({
    ...current,
    status: 'done',
    judged: true,
    because: null,
    result,
  }));

const begun = (state: SessionState, frame: number, step: string): SessionState =>
  withStep(state, frame, step, (current) =>
    current.status === 'open' ? { ...current, status: 'active', startedAt: state.lastAt } : current,
  );

const decided = (state: SessionState, event: RecordedOf<'decision.made'>): SessionState => {
  const { step, action, label, target } = event.data;
  if (target === 'stay' || target === 'rollback' || target === 'stop') return begun(state, event.frame, step);
  return done(state, event.frame, step, action, { kind: 'decided', label, target });
};

const isAnswered = (frame: FrameState, action: Action): boolean =>
  action.kind === 'ask' &&
  action.inputs.every((input) =>
    inputIn(frame, input).type === 'secret'
      ? frame.secrets.includes(input.name)
      : frame.inputs[input.name] !== undefined,
  );

const take = (frame: FrameState, input: string, value: string): FrameState => ({
  ...frame,
  inputs: { ...frame.inputs, [input]: value },
  concealed: frame.concealed.filter((name) => name !== input),
});

/** A value that is not recorded: of a secret input, or of a plain one that holds a secret. */
const conceal = (frame: FrameState, input: string): FrameState => {
  const declared = inputsOf(frame.runbook).find(({ name }) => name === input);
  if (declared === undefined || declared.type === 'secret') return frame;
  const { [input]: _, ...inputs } = frame.inputs;
  return { ...frame, inputs, concealed: [...new Set([...frame.concealed, input])] };
};

const given = (state: SessionState, event: RecordedOf<'input.given'>): SessionState => {
  const { input, value, step } = event.data;
  let next = withFrame(state, event.frame, (frame) =>
    value === null ? conceal(frame, input) : take(frame, input, value),
  );
  const frame = next.frames[event.frame];
  const place = frame === undefined || step === null ? undefined : placeOf(frame.runbook, step);
  if (frame === undefined || place === undefined || step === null) return next;
  next = begun(next, event.frame, step);
  for (const [index, action] of place.step.actions.entries()) {
    if (isAnswered(frame, action)) next = done(next, event.frame, step, index, { kind: 'answered' });
  }
  return next;
};

const approved = (state: SessionState, event: RecordedOf<'approval.given'>): SessionState => {
  const { step, action, by, verified } = event.data;
  const approvals = [
    ...state.approvals,
    { frame: event.frame, step, action, given: event.data, at: event.at, voided: null },
  ];
  return done({ ...state, approvals }, event.frame, step, action, { kind: 'approved', by, verified });
};

const voided = (state: SessionState, event: RecordedOf<'approval.voided'>): SessionState => {
  const { step, action, because } = event.data;
  const approvals = state.approvals.map((approval) =>
    approval.frame === event.frame && approval.step === step && approval.action === action && approval.voided === null
      ? { ...approval, voided: because }
      : approval,
  );
  const open = withAction({ ...state, approvals }, event.frame, step, action, (current) => ({
    ...current,
    status: 'todo',
    judged: false,
    because,
    result: null,
  }));
  return withStep(open, event.frame, step, (current) => ({ ...current, status: 'active', how: null, endedAt: null }));
};

const handoffIndex = (state: SessionState, frame: number, step: string): number => {
  const runbook = state.frames[frame]?.runbook;
  const actions = runbook === undefined ? [] : (placeOf(runbook, step)?.step.actions ?? []);
  const states = state.frames[frame]?.steps[step]?.actions;
  return actions.findIndex((action, i) => action.kind === 'handoff' && states?.[i]?.status !== 'done');
};

const handedOff = (state: SessionState, event: RecordedOf<'frame.opened'>): SessionState => {
  const { parent } = event.data;
  if (parent === null || parent.step === null) return state;
  const index = handoffIndex(state, parent.frame, parent.step);
  return withAction(begun(state, parent.frame, parent.step), parent.frame, parent.step, index, (action) => ({
    ...action,
    status: 'running',
  }));
};

const handedBack = (state: SessionState, event: RecordedOf<'frame.closed'>): SessionState => {
  const parent = state.frames[event.frame]?.parent;
  if (parent === undefined || parent === null || parent.step === null || event.data.outcome === 'abandoned')
    return state;
  const index = handoffIndex(state, parent.frame, parent.step);
  return done(state, parent.frame, parent.step, index, { kind: 'handed-off', frame: event.frame });
};
