import { withDurations } from '../runbook/duration-inputs.ts';
import { interpolate, lookupIn, referencesIn } from '../runbook/interpolate.ts';
import type { Command, Phase, Runbook, Step } from '../runbook/model.ts';
import type { EventData, RollbackSource } from './events.ts';
import type { FrameState, SessionState } from './state.ts';
import { restorable, storedRunbook } from './stored-rollback.ts';
import { placeOf, places } from './walk.ts';

/**
 * The model that a frame walks, with the times that its inputs give. A rollback without a runbook of its own is made of the file's rollback phases,
 * of the undo commands of what ran, the last first, or of the stored specs. Source: 20-runs, "Frames". Null when the snapshot is unknown.
 */
export const frameRunbook = (state: SessionState, opened: EventData['frame.opened']): Runbook | null => {
  const walked = walkedRunbook(state, opened);
  return walked === null ? null : withDurations(walked, opened.inputs);
};

const walkedRunbook = (state: SessionState, opened: EventData['frame.opened']): Runbook | null => {
  const own = state.library[opened.runbook.sha256];
  if (own === undefined) return null;
  if (opened.source === 'phases') return phasesRunbook(own);
  if (opened.source === 'undo') return undoRunbook(own, state, opened.parent?.frame ?? 0);
  if (opened.source === 'stored') return storedRunbook(own, state);
  return own;
};

const onPath = (phase: Phase): Phase => ({
  ...phase,
  offPath: null,
  choice: phase.choice,
  phases: phase.phases.map(onPath),
});

/** Off-path phases about rolling back, outermost ones only. */
export const rollbackPhases = (runbook: Runbook): readonly Phase[] => {
  const found: Phase[] = [];
  const visit = (phase: Phase): void => {
    if (phase.offPath === 'rollback') found.push(phase);
    else phase.phases.forEach(visit);
  };
  runbook.phases.forEach(visit);
  return found;
};

const phasesRunbook = (runbook: Runbook): Runbook => ({
  ...runbook,
  kind: 'rollback',
  rollback: null,
  phases: rollbackPhases(runbook).map(onPath),
});

/** Steps of the frame whose command ran and that say how to undo it, the last first. */
export const undoneSteps = (state: SessionState, frame: FrameState): readonly Step[] => {
  const last = new Map<string, number>();
  for (const attempt of Object.values(state.attempts)) {
    const ran =
      attempt.status === 'finished' ||
      attempt.status === 'unknown' ||
      attempt.status === 'running' ||
      attempt.resolved?.as === 'succeeded';
    if (attempt.frame === frame.number && ran) last.set(attempt.step, attempt.attempt);
  }
  return [...last]
    .sort(([, a], [, b]) => b - a)
    .flatMap(([id]) => {
      const step = placeOf(frame.runbook, id)?.step;
      return step === undefined || step.undo.length === 0 ? [] : [step];
    });
};

const undoStep = (step: Step, index: number): Step => ({
  ...step,
  id: `1.${index + 1}`,
  name: null,
  title: `Undo: ${step.title}`,
  kind: 'command',
  optional: false,
  when: null,
  owe: null,
  prose: '',
  steps: [],
  actions: step.undo.map((command: Command) => ({
    kind: 'command',
    command,
    line: command.lines[0]?.[0] ?? step.line,
  })),
  undo: [],
});

const undoRunbook = (runbook: Runbook, state: SessionState, parent: number): Runbook => {
  const frame = state.frames[parent];
  const steps = frame === undefined ? [] : undoneSteps(state, frame).map(undoStep);
  const first = runbook.phases[0];
  const phase: Phase = {
    number: 1,
    title: 'Undo what ran',
    name: null,
    anchor: 'undo-what-ran',
    line: first?.line ?? 1,
    offPath: null,
    choice: null,
    at: null,
    atMs: null,
    when: null,
    owe: null,
    critical: false,
    prose: '',
    steps,
    phases: [],
  };
  return { ...runbook, kind: 'rollback', rollback: null, phases: [phase] };
};

/** What `R` would open from the current frame, in the order of the design; null when nothing can be offered. */
export interface RollbackWay {
  readonly source: RollbackSource;
  readonly opened: EventData['frame.opened'];
}

export const shippedReference = '@shipped';

export const rollbackWay = (state: SessionState): RollbackWay | null => {
  const chain = frameChain(state);
  const main = chain.at(-1);
  const current = chain[0];
  if (main === undefined || current === undefined) return null;
  const parent = { frame: current.number, step: null };
  for (const frame of chain) {
    const named = state.reachable.find(
      (r) => r.purpose === 'rollback' && r.from === frame.reference.sha256 && r.reference !== shippedReference,
    );
    if (named !== undefined)
      return {
        source: 'runbook',
        opened: openingOf(state, frame, named.runbook, named.with, 'rollback', parent, 'runbook'),
      };
    const phases = rollbackPhases(frame.runbook);
    if (phases.length > 0)
      return { source: 'phases', opened: ofItself(frame, { frame: frame.number, step: null }, 'phases') };
    if (undoneSteps(state, frame).length > 0)
      return { source: 'undo', opened: ofItself(frame, { frame: frame.number, step: null }, 'undo') };
  }
  if (state.firstChangeAt !== null && restorable(state).length > 0)
    return { source: 'stored', opened: ofItself(main, parent, 'stored') };
  const shipped = state.reachable.find((r) => r.reference === shippedReference);
  if (shipped === undefined) return null;
  return {
    source: 'shipped',
    opened: openingOf(state, main, shipped.runbook, shipped.with, 'rollback', parent, 'shipped'),
  };
};

/** The current frame, its parent and so on. */
export const frameChain = (state: SessionState): readonly FrameState[] => {
  const out: FrameState[] = [];
  let frame = state.frames[state.frame];
  while (frame !== undefined && out.length <= state.frames.length) {
    out.push(frame);
    frame = frame.parent === null ? undefined : state.frames[frame.parent.frame];
  }
  return out;
};

const ofItself = (
  frame: FrameState,
  parent: FrameState['parent'],
  source: RollbackSource,
): EventData['frame.opened'] => ({
  purpose: 'rollback',
  runbook: frame.reference,
  inputs: frame.inputs,
  parent,
  source,
  reachable: [],
});

/**
 * Fills the inputs of a runbook that is opened from `frame`: by `with`; those it does not name by inputs of the same
 * name, then captures of the same variable, then defaults.
 */
export const openingOf = (
  state: SessionState,
  frame: FrameState,
  runbook: EventData['frame.opened']['runbook'],
  given: Readonly<Record<string, string>>,
  purpose: 'rollback' | 'handoff',
  parent: FrameState['parent'],
  source: RollbackSource | null,
): EventData['frame.opened'] => {
  const model = state.library[runbook.sha256];
  const inputs: Record<string, string> = {};
  for (const input of model?.inputs ?? []) {
    const text = given[input.name];
    // What was concealed is held under its name, or asked for; a default would be another value.
    const hidden = text === undefined ? frame.concealed.includes(input.name) : namesConcealed(frame, text);
    if (input.type === 'secret' || hidden) continue;
    // What `with` speaks of and nobody knows yet is asked for: a default would be a guess.
    const value =
      text === undefined
        ? (frame.inputs[input.name] ?? frame.captures[input.variable] ?? input.default)
        : filled(frame, text);
    if (value !== null && value !== undefined) inputs[input.name] = value;
  }
  return { purpose, runbook, inputs, parent, source, reachable: [] };
};

const namesConcealed = (frame: FrameState, text: string): boolean =>
  referencesIn(text).some(({ name }) => frame.concealed.includes(name));

/** Null when a `${name}` in it has no value yet. */
const filled = (frame: FrameState, text: string): string | null => {
  const { text: out, unknown } = interpolate(text, lookupIn(frame.inputs, frame.captures, frame.builtIns), 'plain');
  return unknown.length === 0 ? out : null;
};

export const isInRollback = (state: SessionState): boolean =>
  frameChain(state).some((frame) => frame.purpose === 'rollback');

/** Steps anywhere in the run that are still owed. */
export const owedSteps = (state: SessionState): readonly { readonly frame: FrameState; readonly step: Step }[] =>
  state.frames.flatMap((frame) =>
    places(frame.runbook).flatMap(({ step }) => (frame.steps[step.id]?.status === 'owed' ? [{ frame, step }] : [])),
  );
