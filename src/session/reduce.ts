import type { Runbook } from '../runbook/model.ts';
import { dateTime } from '../text/duration.ts';
import { reduceBackfill } from './backfill-state.ts';
import { reduceBaseline } from './baseline-state.ts';
import { reduceCriterion } from './criterion-state.ts';
import type { Recorded, RecordedOf } from './events.ts';
import { withSeen } from './foreign.ts';
import { frameRunbook, isInRollback } from './frames.ts';
import { reduceGate, withGap } from './gate-reduce.ts';
import { reduceLock, reduceTenure } from './lock-state.ts';
import { withAnswered } from './metric-track.ts';
import { bindingOf } from './pin.ts';
import { reduceAction } from './reduce-action.ts';
import { reduceCommand } from './reduce-command.ts';
import { reduceStep } from './reduce-step.ts';
import { inputsOf } from './spec.ts';
import { type FrameState, initialState, type RunbookLibrary, type SessionState } from './state.ts';
import { reduceTarget } from './target.ts';
import { reduceWatch } from './watch-state.ts';

/** Total: every event is accepted in every state; one that does not apply leaves the state as it was (but for its head). */
export const reduce = (state: SessionState, event: Recorded): SessionState => {
  const next = apply(state, event);
  return { ...next, head: event.h, lastAt: event.at, seq: event.seq };
};

export const fold = (library: RunbookLibrary, events: readonly Recorded[]): SessionState =>
  events.reduce(reduce, initialState(library));

const apply = (state: SessionState, event: Recorded): SessionState => {
  if (event.type.startsWith('step.')) return reduceStep(state, event);
  if (event.type.startsWith('command.')) return reduceCommand(state, event);
  if (event.type.startsWith('run.')) return reduceRun(state, event);
  if (event.type.startsWith('gate.')) return reduceGate(state, event);
  if (event.type.startsWith('baseline.')) return reduceBaseline(state, event);
  if (event.type.startsWith('criterion.')) return reduceCriterion(state, event);
  if (event.type.startsWith('lock.'))
    return { ...state, lock: reduceLock(state.lock, event), lockTenure: reduceTenure(state.lockTenure, event) };
  switch (event.type) {
    case 'operator.changed':
      return { ...state, operator: event.data.to };
    case 'preflight.checked':
      return { ...state, preflight: event.data.checks };
    case 'override.given':
      return { ...state, overrides: [...state.overrides, { ...event.data, at: event.at }] };
    case 'workload.seen':
      return withSeen(state, event);
    case 'workload.stored':
      return { ...state, stored: [...state.stored, event.data] };
    case 'target.pinned':
    case 'target.mismatch':
      return reduceTarget(state, event);
    case 'frame.opened':
      return reduceCriterion(openFrame(state, event), event);
    case 'frame.closed':
      return closeFrame(state, event);
    case 'rollback.started':
      return { ...state, rollback: { startedAt: event.at, frame: null, from: event.data.from } };
    case 'note.added':
      return {
        ...state,
        notes: [...state.notes, { at: event.at, by: event.actor, frame: event.frame, ...event.data }],
      };
    case 'status.posted':
      return { ...state, lastStatusAt: event.at };
    case 'metric.sampled':
      return withAnswered(state, event);
    case 'gap.backfilled':
      return reduceBackfill(state, event);
    case 'source.acknowledged':
    case 'change.foreign':
      return reduceGate(state, event);
    case 'watch.reported':
      return reduceWatch(state, event);
    default:
      return reduceAction(state, event);
  }
};

const reduceRun = (state: SessionState, event: Recorded): SessionState => {
  switch (event.type) {
    case 'run.started':
      return {
        ...state,
        run: event.data,
        startedAt: event.at,
        mode: event.data.mode,
        operator: event.data.operator,
        zeroAt: event.data.plannedAt,
        left: false,
      };
    case 'run.resumed':
      return {
        ...state,
        left: false,
        mode: event.data.mode,
        frames: state.frames.map((frame) => ({ ...frame, secrets: [] })),
      };
    case 'run.left':
      return { ...state, left: true };
    case 'run.finished':
      return { ...state, finished: { ...event.data, at: event.at } };
    case 'run.gap':
      return reduceGate({ ...state, gaps: [...state.gaps, event.data] }, event);
    case 'run.paused':
      return { ...state, paused: event.data.reason };
    case 'run.unpaused':
      return { ...state, paused: null };
    default:
      return state;
  }
};

const openFrame = (state: SessionState, event: RecordedOf<'frame.opened'>): SessionState => {
  const runbook = frameRunbook(state, event.data);
  if (runbook === null || event.frame !== state.frames.length) return state;
  const frame: FrameState = {
    number: event.frame,
    purpose: event.data.purpose,
    reference: event.data.runbook,
    runbook,
    parent: event.data.parent,
    source: event.data.source,
    inputs: event.data.inputs,
    captures: inheritedCaptures(state, event),
    withheld: [],
    builtIns: builtInsOf(state),
    restricted: state.run?.restricted.includes(event.data.runbook.sha256) ?? false,
    production: state.run?.target.production ?? false,
    binding: bindingOf(state),
    ...inheritedSecrets(state, event, runbook),
    steps: {},
    closed: null,
    openedAt: event.at,
  };
  const opened: SessionState = {
    ...state,
    frames: [...state.frames, frame],
    frame: frame.number,
    reachable: event.data.purpose === 'main' ? event.data.reachable : state.reachable,
  };
  if (event.data.purpose === 'rollback') {
    const rollback = state.rollback ?? { startedAt: event.at, frame: null, from: null };
    return { ...opened, rollback: { ...rollback, frame: frame.number } };
  }
  return event.data.purpose === 'handoff' ? reduceAction(opened, event) : opened;
};

/** A frame of the same file sees what its parent captured. */
const inheritedCaptures = (state: SessionState, event: RecordedOf<'frame.opened'>): FrameState['captures'] => {
  const parent = event.data.parent === null ? undefined : state.frames[event.data.parent.frame];
  return parent?.captures ?? {};
};

const builtInsOf = (state: SessionState): FrameState['builtIns'] => ({
  'run.id': state.run?.run ?? '',
  namespace: state.run?.target.namespace ?? '',
  context: state.run?.target.context ?? '',
  operator: state.operator,
  started: state.startedAt === null ? '' : `${dateTime(state.startedAt)} UTC`,
});

/** Secrets of the same name are held already, and what was concealed in the parent stays so. */
const inheritedSecrets = (
  state: SessionState,
  event: RecordedOf<'frame.opened'>,
  runbook: Runbook,
): Pick<FrameState, 'secrets' | 'concealed'> => {
  const parent = event.data.parent === null ? undefined : state.frames[event.data.parent.frame];
  const inputs = inputsOf(runbook);
  const concealed = (parent?.concealed ?? []).filter((name) => inputs.some((input) => input.name === name));
  const secrets = (parent?.secrets ?? []).filter(
    (name) => concealed.includes(name) || inputs.some((input) => input.name === name && input.type === 'secret'),
  );
  return { secrets, concealed };
};

const closeFrame = (state: SessionState, event: RecordedOf<'frame.closed'>): SessionState => {
  const frame = state.frames[event.frame];
  if (frame === undefined || frame.closed !== null) return state;
  const frames = state.frames.with(event.frame, { ...frame, closed: event.data.outcome });
  const returns = state.frame === event.frame && frame.parent !== null;
  const next = { ...state, frames, frame: returns ? frame.parent.frame : state.frame };
  // The gates of the frame that is gone back to were not asked meanwhile.
  const closed = returns ? withGap(next, next.frame, frame.openedAt, event.at) : next;
  return frame.purpose === 'handoff' && !isInRollback(closed) ? reduceAction(closed, event) : closed;
};
