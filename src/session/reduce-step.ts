import { withStep } from './change.ts';
import type { Recorded, RecordedOf } from './events.ts';
import { reopenGates } from './gate-reduce.ts';
import type { ActionState, SessionState, StepState } from './state.ts';

type Settled = Pick<StepState, 'status' | 'reason'> & Partial<StepState>;

const settle = (
  state: SessionState,
  event: Recorded & { readonly data: { readonly step: string } },
  to: Settled,
): SessionState =>
  withStep(state, event.frame, event.data.step, (step) => ({
    ...step,
    how: null,
    until: null,
    by: event.actor,
    startedAt: step.startedAt ?? event.at,
    endedAt: event.at,
    ...to,
  }));

export const reduceStep = (state: SessionState, event: Recorded): SessionState => {
  switch (event.type) {
    case 'step.started':
      return withStep(state, event.frame, event.data.step, (step) =>
        step.status === 'open' ? { ...step, status: 'active', startedAt: event.at } : step,
      );
    case 'step.passed':
      return settle(state, event, { status: 'passed', how: event.data.how, reason: event.data.reason });
    case 'step.failed':
      return settle(state, event, { status: 'failed', reason: event.data.reason });
    case 'step.skipped':
      return settle(state, event, { status: 'skipped', reason: event.data.reason });
    case 'step.not-applicable':
      return settle(state, event, { status: 'not-applicable', reason: event.data.reason });
    case 'step.owed':
      return settle(state, event, { status: 'owed', reason: event.data.reason, until: event.data.until });
    case 'step.reopened':
      return reopenGates(
        withStep(state, event.frame, event.data.step, (step) => reopened(step, event)),
        event.frame,
        event.data.step,
      );
    default:
      return state;
  }
};

const fresh = (action: ActionState): ActionState => ({
  ...action,
  status: 'todo',
  because: null,
  judged: false,
  result: null,
});

/** `again` repeats what needs attention only; the others start the step anew. Attempts stay. */
const reopened = (step: StepState, event: RecordedOf<'step.reopened'>): StepState => {
  const { why } = event.data;
  const kept = { ...step, how: null, reason: null, until: null, by: null, endedAt: null };
  if (why === 'undo')
    return {
      ...kept,
      status: step.actions.length === 0 ? 'open' : 'active',
      startedAt: step.actions.length === 0 ? null : step.startedAt,
    };
  const touched = step.startedAt !== null;
  if (why === 'again') {
    const actions = step.actions.map((action, i) =>
      action.status === 'attention' || (step.status === 'failed' && i === lastBegun(step)) ? fresh(action) : action,
    );
    return { ...kept, status: 'active', tries: step.tries + 1, actions };
  }
  return {
    ...kept,
    status: 'open',
    startedAt: null,
    tries: touched ? step.tries + 1 : step.tries,
    actions: step.actions.map(fresh),
  };
};

const lastBegun = (step: StepState): number => step.actions.findLastIndex((action) => action.status !== 'todo');
