import { secretInValue } from '../runbook/inputs.ts';
import type { Input } from '../runbook/model.ts';
import type { InputSource, PreflightCheck, RunEvent, RunTarget } from '../session/events.ts';
import { inputsOf } from '../session/spec.ts';
import type { SessionState } from '../session/state.ts';
import type { GivenInput } from './start-inputs.ts';

/** The name of a secret that a text holds; null when there is none. */
export type HeldIn = (text: string) => string | null;

export interface Concealed {
  /** What may be recorded. */
  readonly given: Readonly<Record<string, GivenInput>>;
  /** Values that hold a secret, by input; from here on they are secrets themselves. */
  readonly values: Readonly<Record<string, string>>;
  /** Where each of those came from. */
  readonly sources: Readonly<Record<string, InputSource>>;
  /** W506, one for each. */
  readonly checks: readonly PreflightCheck[];
}

/** Takes out of the values of a run those that hold a secret: a plain value would be written into the journal. */
export const conceal = (
  declared: readonly Input[],
  given: Readonly<Record<string, GivenInput>>,
  heldIn: HeldIn,
): Concealed => {
  const values: Record<string, string> = {};
  const sources: Record<string, InputSource> = {};
  const rest: Record<string, GivenInput> = {};
  const checks: PreflightCheck[] = [];
  for (const [name, known] of Object.entries(given)) {
    const input = declared.find((one) => one.name === name);
    const found = input === undefined ? null : secretInValue(input, known.value, heldIn);
    if (found === null) {
      rest[name] = known;
      continue;
    }
    values[name] = known.value;
    sources[name] = known.source;
    const message = `${found.code} ${found.message}`;
    checks.push({ id: `value-${name}`, title: 'Value', level: 'warn', message, nextStep: found.nextStep });
  }
  return { given: rest, values, sources, checks };
};

/** The same events that a secret input has: that there is a value, and that this process holds it. */
export const concealedEvents = ({ sources }: Pick<Concealed, 'sources'>): readonly RunEvent[] =>
  Object.entries(sources).flatMap(([input, source]): readonly RunEvent[] => [
    { type: 'input.given', frame: 0, data: { input, value: null, source, step: null } },
    {
      type: 'secret.provided',
      frame: 0,
      data: { input, source: source === 'environment' ? 'reference' : 'typed' },
    },
  ]);

/** Names that came out of such a value are not shown either. */
export const maskedTarget = (target: RunTarget, mask: (text: string) => string): RunTarget => ({
  ...target,
  context: target.context === null ? null : mask(target.context),
  namespace: target.namespace === null ? null : mask(target.namespace),
  workloads: target.workloads.map(mask),
});

/**
 * Values of a run that goes on which were concealed and came from the environment: they are there again, by name. What
 * was typed or given as an option is asked for when a command needs it.
 */
export const concealedAgain = (
  state: SessionState,
  events: readonly RunEvent[],
  environment: Readonly<Record<string, string | undefined>>,
): { readonly values: Readonly<Record<string, string>>; readonly events: readonly RunEvent[] } => {
  const values: Record<string, string> = {};
  const found: RunEvent[] = [];
  for (const frame of state.frames) {
    for (const name of frame.concealed) {
      const variable = inputsOf(frame.runbook).find((input) => input.name === name)?.variable;
      const value = environment[`GONOGO_INPUT_${variable}`];
      if (value === undefined || value === '' || sourceOf(events, name) !== 'environment') continue;
      values[name] = value;
      found.push({ type: 'secret.provided', frame: frame.number, data: { input: name, source: 'reference' } });
    }
  }
  return { values, events: found };
};

const sourceOf = (events: readonly RunEvent[], input: string): InputSource | null => {
  const last = events.findLast((event) => event.type === 'input.given' && event.data.input === input);
  return last?.type === 'input.given' ? last.data.source : null;
};
