import { parseDuration } from '../text/duration.ts';
import { diagnosticAt } from './diagnostic.ts';
import type { Action, Baseline, Diagnostic, Gate, GateTime, Input, Phase, Runbook, Step } from './model.ts';
import type { DurationOf } from './schema-parts.ts';
import { listed } from './suggest.ts';
import { stepsOf } from './walk.ts';
import { childOf, type YamlNode } from './yaml/tree.ts';

/** What the value of an input that is used as a duration must look like. */
const durationPattern = '([1-9][0-9]*(ms|s|m|h|d))+';

/** A time of a gate or baseline as far as the file alone says it. */
export interface WrittenTime {
  /** Null when it is not given. */
  readonly ms: number | null;
  readonly input: string | null;
  readonly diagnostics: readonly Diagnostic[];
}

/** `for: 10m`, or `for: ${soak}` with the default of that input. E217 where the input cannot be a duration. */
export const writtenTime = (
  value: number | DurationOf | undefined,
  key: string,
  node: YamlNode,
  inputs: readonly Input[],
): WrittenTime => {
  if (value === undefined || typeof value === 'number') return { ms: value ?? null, input: null, diagnostics: [] };
  const input = inputs.find(({ name }) => name === value.input);
  const ms = input?.default == null ? null : durationOf(input.default);
  const because = problemOf(input, ms);
  if (because === null) return { ms, input: value.input, diagnostics: [] };
  const place = childOf(node, key)?.place ?? node.place;
  const found = diagnosticAt('E217', place, `"${key}": ${because.message}`, because.hint);
  return { ms: null, input: null, diagnostics: [found] };
};

const problemOf = (input: Input | undefined, ms: number | null): { message: string; hint: string } | null => {
  if (input === undefined) return { message: 'that is not an input', hint: 'declare it under "inputs:" at the top' };
  const about = (message: string, hint: string) => ({ message: `the input "${input.name}" ${message}`, hint });
  if (ms === null) return about('has no duration as its default', 'add for example "default: 5m"');
  if (input.type === 'choice') {
    const wrong = input.choices.filter((choice) => durationOf(choice) === null);
    return wrong.length === 0 ? null : about(`offers ${listed(wrong)}`, 'offer durations only, for example [5m, 10m]');
  }
  if (input.type !== 'string' || input.pattern !== null)
    return about('must be a string without a pattern: its values are durations', 'leave out "type" and "pattern"');
  return null;
};

const durationOf = (text: string): number | null => {
  const ms = parseDuration(text);
  return ms === null || ms === 0 ? null : ms;
};

/** The runbook with a rule for the values of inputs that are used as durations. */
export const withDurationRules = (runbook: Runbook): Runbook => {
  const names = new Set(stepsOf(runbook).flatMap(({ actions }) => actions.flatMap(inputsOf)));
  if (names.size === 0) return runbook;
  const inputs = runbook.inputs.map((input) =>
    names.has(input.name) && input.type === 'string'
      ? { ...input, pattern: durationPattern, example: input.example ?? '5m' }
      : input,
  );
  return { ...runbook, inputs };
};

const inputsOf = (action: Action): readonly string[] => {
  if (action.kind === 'gate') return Object.values(action.gate.given ?? {});
  return action.kind === 'baseline' && action.baseline.windowInput !== undefined ? [action.baseline.windowInput] : [];
};

/** The runbook as a run walks it: times that inputs give have the run's values. The same object when there are none. */
export const withDurations = (runbook: Runbook, inputs: Readonly<Record<string, string>>): Runbook => {
  const isGiven = stepsOf(runbook).some(({ actions }) => actions.some((action) => inputsOf(action).length > 0));
  if (!isGiven) return runbook;
  const valueOf = (name: string): number | null => {
    const text = Object.hasOwn(inputs, name) ? inputs[name] : undefined;
    return text === undefined ? null : durationOf(text);
  };
  return { ...runbook, phases: runbook.phases.map((phase) => filledPhase(phase, valueOf)) };
};

type ValueOf = (name: string) => number | null;

const filledPhase = (phase: Phase, valueOf: ValueOf): Phase => ({
  ...phase,
  steps: phase.steps.map((step) => filledStep(step, valueOf)),
  phases: phase.phases.map((inner) => filledPhase(inner, valueOf)),
});

const filledStep = (step: Step, valueOf: ValueOf): Step => ({
  ...step,
  steps: step.steps.map((inner) => filledStep(inner, valueOf)),
  actions: step.actions.map((action) => {
    if (action.kind === 'gate') return { ...action, gate: filledGate(action.gate, valueOf) };
    return action.kind === 'baseline' ? { ...action, baseline: filledBaseline(action.baseline, valueOf) } : action;
  }),
});

const filledGate = (gate: Gate, valueOf: ValueOf): Gate => {
  const times = Object.entries(gate.given ?? {}) as readonly [GateTime, string][];
  return { ...gate, ...Object.fromEntries(times.map(([time, name]) => [time, valueOf(name) ?? gate[time]])) };
};

const filledBaseline = (baseline: Baseline, valueOf: ValueOf): Baseline =>
  baseline.windowInput === undefined
    ? baseline
    : { ...baseline, windowMs: valueOf(baseline.windowInput) ?? baseline.windowMs };
