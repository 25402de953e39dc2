import type { Command, Input, Runbook } from '../runbook/model.ts';
import { variableOf } from '../runbook/variables.ts';
import { type ExecSpec, sha256 } from './exec-spec.ts';
import type { FrameState, SessionState } from './state.ts';
import { places } from './walk.ts';

const known = new WeakMap<Runbook, readonly Input[]>();

/** Every input of a runbook: the declared ones, and those of its questions. */
export const inputsOf = (runbook: Runbook): readonly Input[] => {
  const before = known.get(runbook);
  if (before !== undefined) return before;
  const asked = places(runbook).flatMap(({ step }) =>
    step.actions.flatMap((action) => (action.kind === 'ask' ? action.inputs : [])),
  );
  const declared = new Set(runbook.inputs.map(({ name }) => name));
  const inputs = [...runbook.inputs, ...asked.filter(({ name }) => !declared.has(name))];
  known.set(runbook, inputs);
  return inputs;
};

/** An input as this run has to treat it: one whose value holds a secret (W506) is a secret input from then on. */
export const inputIn = (frame: FrameState, input: Input): Input =>
  frame.concealed.includes(input.name) ? { ...input, type: 'secret', default: null } : input;

export const frameInputs = (frame: FrameState): readonly Input[] =>
  frame.concealed.length === 0
    ? inputsOf(frame.runbook)
    : inputsOf(frame.runbook).map((input) => inputIn(frame, input));

/** Variables of non-secret values that a command of this frame gets, by name. */
export const frameValues = (state: SessionState, frame: FrameState): Readonly<Record<string, string>> => {
  const values: Record<string, string> = { ...frame.captures };
  for (const [name, value] of Object.entries(frame.inputs)) {
    const declared = frameInputs(frame).find((input) => input.name === name);
    values[declared?.variable ?? variableOf(name)] = value;
  }
  const target = state.run?.target;
  if (target?.namespace) values.NAMESPACE = target.namespace;
  if (target?.context) values.CONTEXT = target.context;
  return values;
};

/** Secret inputs that a script uses. */
export const secretsUsed = (frame: FrameState, command: Command): readonly Input[] =>
  frameInputs(frame).filter((input) => input.type === 'secret' && command.uses.includes(input.variable));

/** Inputs without a value that a command needs before it can be confirmed. */
export const missingInputs = (frame: FrameState, command: Command): readonly Input[] =>
  frameInputs(frame).filter((input) => {
    if (!command.uses.includes(input.variable)) return false;
    if (input.type === 'secret') return input.from === null && !frame.secrets.includes(input.name);
    return frame.inputs[input.name] === undefined && frame.captures[input.variable] === undefined;
  });

const posixShells = new Set(['bash', 'sh', 'shell', 'zsh', 'console', 'shell-session', 'terminal', 'ksh', 'dash']);

const prelude = (frame: FrameState, command: Command): ExecSpec['prelude'] => {
  if (!posixShells.has(command.shell)) return 'none';
  return frame.runbook.plain ? 'plain' : 'strict';
};

const interpreter = (command: Command): string =>
  posixShells.has(command.shell) && command.shell !== 'zsh' ? 'bash' : command.shell;

/** The spec of one execution. `script` replaces the runbook's when the operator changed it. */
export const specOf = (
  state: SessionState,
  frame: FrameState,
  command: Command,
  stdin: string | null,
  script: string | null,
): ExecSpec => {
  const values = frameValues(state, frame);
  const env = Object.entries(values).map(([name, value]): { name: string; sha256: string | null } => ({
    name,
    sha256: sha256(value),
  }));
  for (const input of secretsUsed(frame, command)) env.push({ name: input.variable, sha256: null });
  env.sort((a, b) => (a.name < b.name ? -1 : 1));
  const { options } = command;
  return {
    v: 1,
    shell: interpreter(command),
    prelude: prelude(frame, command),
    script: script ?? command.script,
    env,
    cwd: options.cwd,
    timeoutMs: options.timeoutMs,
    onTimeout: options.onTimeout,
    attempts: options.attempts,
    everyMs: options.everyMs,
    risk: command.risk,
    target: { context: state.run?.target.context ?? null, namespace: state.run?.target.namespace ?? null },
    runbook: frame.reference.sha256,
    stdin: stdin === null ? null : sha256(stdin),
    tty: options.tty,
    background: options.background,
    capture: options.capture,
    expect: options.expect,
    endsInMatch: command.endsInMatch,
    watcher: command.watcher,
  };
};

/** The secret input that a variable carries; null when there is none. */
export const secretInputOf = (frame: FrameState, variable: string): Input | null =>
  frameInputs(frame).find((input) => input.type === 'secret' && input.variable === variable) ?? null;
