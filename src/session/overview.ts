import type { Phase } from '../runbook/model.ts';
import { owedSteps, rollbackWay } from './frames.ts';
import type { StepAt } from './main-action.ts';
import { shownText } from './message-text.ts';
import { stepAt } from './pending.ts';
import { commandsOfStep, rollbackParts, rollbackPreview } from './run-end.ts';
import { currentFrame, currentStep } from './select.ts';
import { missingInputs } from './spec.ts';
import type { FrameState, SessionState, StepState } from './state.ts';
import { isSettled, type Place, places } from './walk.ts';

/** One entry of the way (line 2) and of the checklist. */
export interface PhaseRow {
  readonly phase: Phase;
  readonly depth: number;
  readonly done: number;
  readonly total: number;
  readonly state: 'done' | 'now' | 'todo' | 'failed' | 'not-applicable';
  /** Due time relative to now in ms, negative = overdue; null = no due time or T-0 unknown. */
  readonly dueInMs: number | null;
  readonly offPath: boolean;
  readonly steps: readonly StepAt[];
}

/** Phases of the current frame that have steps, in document order, those off the path at their place. */
export const phaseRows = (state: SessionState, now: number): readonly PhaseRow[] => {
  const frame = currentFrame(state);
  if (frame === null) return [];
  const current = currentStep(state)?.phase.number ?? null;
  const rows = new Map<Phase, { depth: number; offPath: boolean; steps: StepAt[] }>();
  for (const place of places(frame.runbook)) {
    const row = rows.get(place.phase) ?? { depth: place.path.length - 1, offPath: place.offPath, steps: [] };
    row.steps.push(stepAt(frame, place));
    rows.set(place.phase, row);
  }
  return [...rows].map(([own, { depth, offPath, steps }]): PhaseRow => {
    const phase = { ...own, title: shownText(frame, own.title) };
    const done = steps.filter((at) => isSettled(at.state.status) && at.state.status !== 'owed').length;
    return {
      phase,
      depth,
      done,
      total: steps.length,
      state: rowState(steps, phase.number === current),
      dueInMs: dueIn(state, phase, now),
      offPath,
      steps,
    };
  });
};

/** The phase that starts the clock is not overdue once it has. */
const dueIn = (state: SessionState, { atMs }: Phase, now: number): number | null =>
  atMs === null || state.zeroAt === null || (atMs === 0 && state.zeroIsReal) ? null : state.zeroAt + atMs - now;

const rowState = (steps: readonly StepAt[], isCurrent: boolean): PhaseRow['state'] => {
  if (steps.some((at) => at.state.status === 'failed')) return 'failed';
  if (isCurrent) return 'now';
  if (steps.every((at) => at.state.status === 'not-applicable')) return 'not-applicable';
  return steps.every((at) => isSettled(at.state.status)) ? 'done' : 'todo';
};

/** `step 7 of 19`: position of the current step among those on the path, 1-based. */
export interface Progress {
  readonly index: number;
  readonly total: number;
  readonly owed: number;
}

export const progress = (state: SessionState): Progress => {
  const frame = currentFrame(state);
  if (frame === null) return { index: 0, total: 0, owed: 0 };
  const path = places(frame.runbook).filter((place) => !place.offPath);
  const at = currentStep(state);
  const index = at === null ? path.length : path.findIndex((place) => place.step.id === at.step.id) + 1;
  return { index, total: path.length, owed: owedSteps(state).length };
};

/** Everything owed, with its frame. */
export const owed = (state: SessionState): readonly StepAt[] =>
  owedSteps(state).flatMap(({ frame, step }) =>
    places(frame.runbook)
      .filter((place) => place.step === step)
      .map((place) => stepAt(frame, place)),
  );

/** `passed (2nd try)`, `owed`, `n/a`: the state of a step in words. */
export const stateWords = (step: StepState): string => {
  switch (step.status) {
    case 'passed': {
      const how =
        step.how === 'override'
          ? ' (override)'
          : step.how === 'by-eye'
            ? ' (by eye)'
            : step.how === 'accepted'
              ? ' (accepted)'
              : '';
      return `passed${how}${step.tries > 1 ? ` (${ordinal(step.tries)} try)` : ''}`;
    }
    case 'not-applicable':
      return 'n/a';
    case 'attention':
      return 'needs you';
    default:
      return step.status;
  }
};

const ordinal = (n: number): string => {
  const tens = n % 100;
  const suffix = tens >= 11 && tens <= 13 ? 'th' : (['th', 'st', 'nd', 'rd'][n % 10] ?? 'th');
  return `${n}${suffix}`;
};

/** Line 4: where R leads and whether it is ready. */
export interface RollbackLine {
  /** `runbook` … `shipped`; null = nothing to offer yet. */
  readonly source: 'runbook' | 'phases' | 'undo' | 'stored' | 'shipped' | null;
  readonly title: string;
  readonly commands: number;
  readonly checks: number;
  /** What it begins with: the first line of its first command, or the title of that one's step; null without any. */
  readonly first: string | null;
  /** Inputs that would have to be asked. */
  readonly missing: readonly string[];
  readonly ready: boolean;
  readonly running: boolean;
}

export const rollbackLine = (state: SessionState, now: number): RollbackLine => {
  const running = currentFrame(state)?.purpose === 'rollback';
  const way = rollbackWay(state);
  const preview = way === null ? null : rollbackPreview(state, now);
  if (way === null || preview === null)
    return { source: null, title: '', commands: 0, checks: 0, first: null, missing: [], ready: false, running };
  const { due, ...counts } = rollbackParts(preview);
  const commands = due.flatMap(({ step }) => commandsOfStep(step));
  const missing = [
    ...new Set(commands.flatMap((command) => missingInputs(preview.frame, command).map((input) => input.name))),
  ];
  const titles = {
    runbook: way.opened.runbook.title,
    phases: `${way.opened.runbook.title}: its rollback section`,
    undo: 'undo what ran',
    stored: 'stored specs',
    shipped: way.opened.runbook.title,
  };
  return {
    source: way.source,
    title: titles[way.source],
    ...counts,
    first: firstWords(preview.frame, due),
    missing,
    ready: missing.length === 0 && !commands.some((command) => command.blocked !== null),
    running,
  };
};

/** A script that begins with anything but a plain command is told by what its step is called. */
const firstWords = (frame: FrameState, due: readonly Place[]): string | null => {
  const first = due.find(({ step }) => commandsOfStep(step).length > 0);
  const [command] = first === undefined ? [] : commandsOfStep(first.step);
  if (first === undefined || command === undefined) return null;
  const said = command.script
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^(#|set [-+])/.test(line));
  const [line] = said;
  if (line === undefined || !isPlainCommand(line)) return shownText(frame, first.step.title);
  return said.length > 1 ? `${line.replace(/ *\\$/, '')} …` : line;
};

/** A condition, a loop, a group, a function or an assignment is no command that tells what is done. */
const isPlainCommand = (line: string): boolean =>
  !/^(if|for|while|until|case|select|function|time|export|local|readonly|declare|test|trap)\b|^[[({!:]|^\w+(\[\w*\])?\+?=|^[\w-]+ *\(\)/.test(
    line,
  );

/** The next status update; null when the runbook asks for none. Due since the first change or the last update. */
export const statusDue = (
  state: SessionState,
  now: number,
): { readonly message: string; readonly inMs: number } | null => {
  const updates = state.frames[0]?.runbook.statusUpdates ?? null;
  if (updates === null || state.firstChangeAt === null || state.finished !== null) return null;
  return { message: updates.message, inMs: (state.lastStatusAt ?? state.firstChangeAt) + updates.everyMs - now };
};
