import type { Action, Phase, Runbook, Step } from '../runbook/model.ts';
import { conditionHolds } from './condition.ts';
import { selectsElsewhere } from './pin.ts';
import type { FrameState, StepState, StepStatus } from './state.ts';

/** A step of a runbook with where it stands. */
export interface Place {
  readonly phase: Phase;
  /** From the outermost phase to `phase`. */
  readonly path: readonly Phase[];
  readonly step: Step;
  readonly parents: readonly Step[];
  readonly depth: number;
  /** In a phase that Enter never reaches. */
  readonly offPath: boolean;
}

const cache = new WeakMap<Runbook, readonly Place[]>();

/** Every step in document order, those off the path included. */
export const places = (runbook: Runbook): readonly Place[] => {
  const known = cache.get(runbook);
  if (known !== undefined) return known;
  const out: Place[] = [];
  const visitStep = (
    phase: Phase,
    path: readonly Phase[],
    step: Step,
    parents: readonly Step[],
    offPath: boolean,
  ): void => {
    out.push({ phase, path, step, parents, depth: parents.length, offPath });
    for (const child of step.steps) visitStep(phase, path, child, [...parents, step], offPath);
  };
  const visitPhase = (phase: Phase, above: readonly Phase[], offAbove: boolean): void => {
    const path = [...above, phase];
    const offPath = offAbove || phase.offPath !== null;
    for (const step of phase.steps) visitStep(phase, path, step, [], offPath);
    for (const child of phase.phases) visitPhase(child, path, offPath);
  };
  for (const phase of runbook.phases) visitPhase(phase, [], false);
  cache.set(runbook, out);
  return out;
};

const byId = new WeakMap<Runbook, ReadonlyMap<string, Place>>();

export const placeOf = (runbook: Runbook, id: string): Place | undefined => {
  let map = byId.get(runbook);
  if (map === undefined) {
    map = new Map(places(runbook).map((place) => [place.step.id, place]));
    byId.set(runbook, map);
  }
  return map.get(id);
};

const settledStatuses: ReadonlySet<StepStatus> = new Set<StepStatus>(['passed', 'skipped', 'not-applicable', 'owed']);
export const isSettled = (status: StepStatus): boolean => settledStatuses.has(status);

const openSteps = new WeakMap<Step, StepState>();

const openStep = (step: Step): StepState => {
  let state = openSteps.get(step);
  if (state === undefined) {
    state = {
      id: step.id,
      status: 'open',
      tries: 1,
      how: null,
      reason: null,
      until: null,
      by: null,
      startedAt: null,
      endedAt: null,
      actions: step.actions.map((action) => ({
        kind: action.kind,
        status: 'todo',
        attempts: [],
        because: null,
        judged: false,
        result: null,
        gate: null,
      })),
    };
    openSteps.set(step, state);
  }
  return state;
};

export const stepStateOf = (frame: FrameState, step: Step): StepState => frame.steps[step.id] ?? openStep(step);

/**
 * False for what is shown and ticked but never run: `manual` fences, target steps of plain files that select what the run
 * is bound to (another target is E417), fences whose `when` is false, and all that a runbook which is not trusted
 * would run or ask.
 */
export const isDue = (frame: FrameState, action: Action): boolean => {
  if (action.kind === 'gate' || action.kind === 'baseline') return !frame.restricted;
  if (action.kind !== 'command') return true;
  if (frame.restricted) return false;
  const { command } = action;
  if (command.options.manual) return false;
  if (command.targetStep && selectsElsewhere(frame, command) === null) return false;
  return command.options.when === null || conditionHolds(frame, command.options.when);
};

/** Index of the first action that is neither done nor left out; null when all are done. */
export const nextAction = (frame: FrameState, step: Step): number | null => {
  const state = stepStateOf(frame, step);
  const index = step.actions.findIndex((action, i) => isDue(frame, action) && state.actions[i]?.status !== 'done');
  return index === -1 ? null : index;
};

/** A step left out with its parent. */
const isCovered = (frame: FrameState, place: Place): boolean =>
  place.parents.some((parent) => {
    const { status } = stepStateOf(frame, parent);
    return status === 'skipped' || status === 'not-applicable' || status === 'owed';
  });

export const isOpenPlace = (frame: FrameState, place: Place): boolean =>
  !isSettled(stepStateOf(frame, place.step).status) && !isCovered(frame, place);

export const hasOpenChildren = (frame: FrameState, step: Step): boolean =>
  step.steps.some((child) => !isSettled(stepStateOf(frame, child).status));

export type Position =
  | { readonly kind: 'step'; readonly place: Place }
  | { readonly kind: 'choose'; readonly phases: readonly Phase[] }
  | { readonly kind: 'end' };

/** A step whose gate is being judged: manual checks of its phase go on beside it. */
export const isJudging = (frame: FrameState, step: Step): boolean => {
  const index = nextAction(frame, step);
  if (index === null || step.actions[index]?.kind !== 'gate') return false;
  const state = stepStateOf(frame, step);
  return state.status !== 'failed' && state.actions[index]?.status === 'running';
};

/** What may be gone on with while a gate of the same phase is judged: manual checks, baselines and further gates. */
const goesBeside = (frame: FrameState, place: Place, gate: Place): boolean => {
  if (place.phase !== gate.phase) return false;
  const index = nextAction(frame, place.step);
  const kind = index === null ? null : place.step.actions[index]?.kind;
  return kind === null || kind === 'gate' || kind === 'baseline';
};

/** A gate that failed comes before the checks beside it. */
const failedGate = (frame: FrameState): Place | null =>
  places(frame.runbook).find((place) => {
    const state = frame.steps[place.step.id];
    if (state?.status !== 'attention' || place.offPath || !isOpenPlace(frame, place)) return false;
    return state.actions.some(({ kind, status }) => kind === 'gate' && status === 'attention');
  }) ?? null;

/** Where Enter goes on: the first step on the path that is not settled, or a choice between phases before it. */
export const position = (frame: FrameState): Position => {
  const failed = failedGate(frame);
  if (failed !== null) return { kind: 'step', place: failed };
  let judging: Place | null = null;
  for (const place of places(frame.runbook)) {
    if (place.offPath || !isOpenPlace(frame, place)) continue;
    if (judging !== null && !goesBeside(frame, place, judging)) break;
    if (isJudging(frame, place.step)) {
      judging ??= place;
      continue;
    }
    const group = undecidedGroup(frame, place);
    if (group !== null) return { kind: 'choose', phases: group };
    const state = stepStateOf(frame, place.step);
    const waitsForChildren =
      state.status !== 'failed' &&
      state.status !== 'attention' &&
      nextAction(frame, place.step) === null &&
      hasOpenChildren(frame, place.step);
    if (!waitsForChildren) return { kind: 'step', place };
  }
  return judging === null ? { kind: 'end' } : { kind: 'step', place: judging };
};

/** All steps of a phase and the phases in it. */
export const stepsWithin = (phase: Phase): readonly Step[] => {
  const out: Step[] = [];
  const visit = (step: Step): void => {
    out.push(step);
    step.steps.forEach(visit);
  };
  phase.steps.forEach(visit);
  for (const child of phase.phases) out.push(...stepsWithin(child));
  return out;
};

const siblingsOf = (runbook: Runbook, path: readonly Phase[], depth: number): readonly Phase[] =>
  depth === 0 ? runbook.phases : (path[depth - 1]?.phases ?? []);

/** The alternatives this place is one of, when none of them was begun or ruled out yet. */
const undecidedGroup = (frame: FrameState, place: Place): readonly Phase[] | null => {
  for (const [depth, phase] of place.path.entries()) {
    if (phase.choice === null) continue;
    const group = alternatives(siblingsOf(frame.runbook, place.path, depth), phase);
    if (group.length < 2) continue;
    const untouched = group.every((option) =>
      stepsWithin(option).every((step) => stepStateOf(frame, step).status === 'open'),
    );
    if (untouched) return group;
  }
  return null;
};

/** The run of neighbouring phases with a choice label that `phase` belongs to, those without steps left out. */
export const alternatives = (siblings: readonly Phase[], phase: Phase): readonly Phase[] => {
  const at = siblings.indexOf(phase);
  let from = at;
  let to = at;
  while (from > 0 && siblings[from - 1]?.choice !== null) from -= 1;
  while (to < siblings.length - 1 && siblings[to + 1]?.choice !== null) to += 1;
  return siblings.slice(from, to + 1).filter((option) => stepsWithin(option).length > 0);
};

/** The phase a choice was made for stands among these; the others are ruled out by it. */
export const groupOf = (runbook: Runbook, phaseNumber: number): readonly Phase[] => {
  const search = (siblings: readonly Phase[]): readonly Phase[] | null => {
    for (const phase of siblings) {
      if (phase.number === phaseNumber) return phase.choice === null ? [] : alternatives(siblings, phase);
      const inner = search(phase.phases);
      if (inner !== null) return inner;
    }
    return null;
  };
  return search(runbook.phases) ?? [];
};

/** Places on the path from `target` (a step's or phase's name or anchor, without `#`) on; null when it is not there. */
export const placeOfTarget = (runbook: Runbook, target: string): Place | null => {
  const name = target.replace(/^#/, '');
  const all = places(runbook);
  const named = (has: (place: Place) => boolean): Place | undefined => all.find(has);
  return (
    named((p) => p.step.name === name) ??
    named((p) => p.path.some((phase) => phase.name === name)) ??
    named((p) => p.path.some((phase) => phase.anchor === name)) ??
    named((p) => p.step.anchor === name) ??
    null
  );
};
