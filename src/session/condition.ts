import type { Condition, Phase, Step } from '../runbook/model.ts';
import { variableOf } from '../runbook/variables.ts';
import type { FrameState } from './state.ts';

/** Text value of an input or capture of a frame; null when there is none. */
export const textValueOf = (frame: FrameState, name: string): string | null => {
  const direct = frame.inputs[name];
  if (direct !== undefined) return direct;
  const variable = variableOf(name);
  return frame.captures[variable] ?? frame.captures[name] ?? null;
};

const empty = new Set(['', 'false', 'no', '0']);

/** `when=INPUT` holds for every value but an empty one, `false`, `no` and `0`. */
export const conditionHolds = (frame: FrameState, condition: Condition): boolean => {
  // What it is may not be told, not even by the way that is taken; that it is set may.
  if (frame.concealed.includes(condition.input)) return condition.op !== '==';
  const value = textValueOf(frame, condition.input);
  if (condition.op === 'set') return value !== null && !empty.has(value.toLowerCase());
  const same = value === condition.value;
  return condition.op === '==' ? same : !same;
};

/** The first condition of a step and its phases that does not hold; `phase` is set when it is a phase's. */
export const falseCondition = (
  frame: FrameState,
  place: { readonly step: Pick<Step, 'when'>; readonly path: readonly Pick<Phase, 'when' | 'number'>[] },
): { readonly rule: string; readonly phase: number | null } | null => {
  const phase = place.path.find(({ when }) => when !== null && !conditionHolds(frame, when));
  if (phase?.when) return { rule: ruleText(phase.when), phase: phase.number };
  const { when } = place.step;
  return when === null || conditionHolds(frame, when) ? null : { rule: ruleText(when), phase: null };
};

const ruleText = ({ input, op, value }: Condition): string => (op === 'set' ? input : `${input}${op}${value ?? ''}`);
