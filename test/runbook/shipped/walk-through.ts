import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { GateCheck } from '../../../src/gates/check.ts';
import { loadRunbook } from '../../../src/runbook/load.ts';
import type { Command, Condition, Phase, Runbook, Step } from '../../../src/runbook/model.ts';
import { judgeGate } from './judge-gate.ts';
import type { Outcome, PracticeWorld } from './practice-world.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** Every runbook that is shipped: `canary`, `incidents/image-pull`. */
export const shippedNames: readonly string[] = readdirSync(`${root}runbooks`, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.md'))
  .map((path) => path.replace(/\.md$/, ''))
  .sort();

export const shippedPath = (name: string): string => `${root}runbooks/${name}.md`;

export const loadFile = (path: string) => loadRunbook(readFileSync(path), { path, offPath: 'auto' });

const loaded = new Map<string, Runbook>();

/** The model of a shipped runbook, read once. */
export const shipped = (name: string): Runbook => {
  const known = loaded.get(name);
  if (known !== undefined) return known;
  const { runbook } = loadFile(shippedPath(name));
  if (runbook === null) throw new Error(`${name}.md gives no model`);
  loaded.set(name, runbook);
  return runbook;
};

/** A step with the phases it stands in. */
export interface Standing {
  readonly step: Step;
  readonly phases: readonly Phase[];
}

export const standings = (runbook: Runbook): readonly Standing[] => {
  const out: Standing[] = [];
  const visitStep = (step: Step, phases: readonly Phase[]): void => {
    out.push({ step, phases });
    for (const child of step.steps) visitStep(child, phases);
  };
  const visit = (phase: Phase, above: readonly Phase[]): void => {
    const phases = [...above, phase];
    for (const step of phase.steps) visitStep(step, phases);
    for (const child of phase.phases) visit(child, phases);
  };
  for (const phase of runbook.phases) visit(phase, []);
  return out;
};

/** Commands of the path of a step: what it runs itself, not what reverses it. */
export const ownCommands = (step: Step): readonly Command[] =>
  step.actions.flatMap((action) => (action.kind === 'command' ? [action.command] : []));

const holds = (condition: Condition | null, inputs: Readonly<Record<string, string>>): boolean => {
  if (condition === null) return true;
  const value = inputs[condition.input] ?? '';
  if (condition.op === 'set') return value !== '' && value !== 'false';
  return (value === condition.value) === (condition.op === '==');
};

export interface Ran {
  readonly phase: string;
  readonly step: Step;
  /** Of a command or of one check of a gate. */
  readonly outcome: Outcome;
  /** Null: a command. */
  readonly check: GateCheck | null;
}

export interface WalkOptions {
  /** Inputs by name, for conditions. */
  readonly inputs?: Readonly<Record<string, string>>;
  /** Only phases for which this is true. */
  readonly phases?: (title: string) => boolean;
  /** Steps that are left out: not applicable. */
  readonly without?: (step: Step) => boolean;
}

/** Runs the commands and asks the gates of the path in their order; stops at the first that is not as expected. */
export const walkThrough = (runbook: Runbook, world: PracticeWorld, options: WalkOptions = {}): readonly Ran[] => {
  const inputs = options.inputs ?? {};
  const ran: Ran[] = [];
  for (const { step, phases } of standings(runbook)) {
    const phase = phases.at(-1)?.title ?? '';
    const isOff = phases.some((p) => p.offPath !== null || !holds(p.when, inputs)) || !holds(step.when, inputs);
    if (isOff || options.phases?.(phase) === false || options.without?.(step) === true) continue;
    for (const action of step.actions) {
      if (action.kind === 'command') ran.push({ phase, step, outcome: world.run(action.command), check: null });
      if (action.kind === 'gate')
        for (const judged of judgeGate(action.gate, world, inputs)) ran.push({ phase, step, ...judged });
      const { outcome } = ran.at(-1) ?? { outcome: { exit: 0, expected: true } };
      if (outcome.exit !== 0 || outcome.expected === false) return ran;
    }
  }
  return ran;
};

/** Environment of a runbook's inputs: the values given, else the defaults. */
export const environmentOf = (runbook: Runbook, given: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    runbook.inputs.flatMap(({ name, variable, default: usual }) => {
      const value = given[name] ?? usual;
      return value === null ? [] : [[variable, value]];
    }),
  );
