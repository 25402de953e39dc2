import { existsSync } from 'node:fs';
import type { ExecSpec } from '../session/exec-spec.ts';
import type { AttemptOutcome } from '../session/outcome.ts';
import type { CarriedEnvironment } from './attempt-files.ts';
import { captureLimit } from './child-run.ts';
import { changeBetween, type Environment } from './environment.ts';
import type { Handover } from './handover.ts';
import { type Masker, secretIn } from './masker.ts';
import { isNamedLikeSecret } from './secrets-registry.ts';
import type { CapturedEnvironment } from './shell-wrapper.ts';

/** What a command leaves to the next one. */
export interface HandedOn {
  readonly captures: AttemptOutcome['captures'];
  readonly withheld: readonly string[];
  readonly carried: AttemptOutcome['carried'];
  /** For `env.json`. */
  readonly environment: CarriedEnvironment | null;
  /** Values that hold a secret; they are told over the pipe and written nowhere. Null when nothing is carried. */
  readonly memory: Environment | null;
  readonly notes: readonly string[];
}

export interface Ended {
  readonly spec: ExecSpec;
  readonly handover: Handover;
  readonly masker: Masker | null;
  readonly succeeded: boolean;
  /** Raw stdout, with `capture`. */
  readonly stdout: Buffer;
  readonly environment: CapturedEnvironment | null;
}

const isSecret = (masker: Masker | null, name: string, value: string): boolean =>
  isNamedLikeSecret(name) || secretIn(masker, value) !== null;

const readCapture = (name: string, stdout: Buffer, notes: string[]): string | null => {
  if (stdout.length > captureLimit) {
    notes.push(`${name} was not captured: its output is longer than 32 KiB`);
    return null;
  }
  const value = stdout
    .toString('utf8')
    .replaceAll('\0', '')
    .replace(/\r?\n$/, '');
  if (value === '') notes.push(`${name} is empty: the command wrote nothing to stdout`);
  return value;
};

/** Confirmed values come again with each command: they are not carried, and what they covered comes back. */
const withoutAdditions = (variables: Environment, handover: Handover): Environment => {
  const result: Record<string, string> = { ...variables };
  for (const [name, value] of Object.entries(handover.values)) {
    if (result[name] !== value) continue;
    const before = handover.current[name];
    if (before === undefined) delete result[name];
    else result[name] = before;
  }
  return result;
};

const withEntry = (variables: Environment, name: string | null, value: string | null): Environment =>
  name === null || value === null ? variables : { ...variables, [name]: value };

export const handOn = (ended: Ended): HandedOn => {
  const { spec, handover, masker } = ended;
  const notes: string[] = [];
  const captured = spec.capture === null ? null : readCapture(spec.capture, ended.stdout, notes);
  const captureHidden = spec.capture !== null && captured !== null && isSecret(masker, spec.capture, captured);
  const captures = spec.capture === null || captured === null || captureHidden ? {} : { [spec.capture]: captured };
  const hidden = captureHidden ? [spec.capture as string] : [];
  const before: Environment = { ...handover.current, ...handover.values };
  const end = ended.environment ?? (captured === null ? null : { variables: before, cwd: handover.cwd });
  if (!ended.succeeded || end === null || spec.background) {
    return { captures, withheld: hidden, carried: null, environment: null, memory: null, notes };
  }
  if (end.variables.KUBECONFIG !== before.KUBECONFIG) notes.push('W420 the command changed its kubeconfig; dropped');
  let cwd = end.cwd;
  if (!existsSync(cwd)) {
    notes.push(`the command's folder is gone: the next one starts in ${handover.cwd}`);
    cwd = handover.cwd;
  }
  const variables = withEntry(end.variables, spec.capture, captured);
  const changed = changeBetween(before, variables);
  const total = changeBetween(handover.start, withoutAdditions(variables, handover));
  const set: Record<string, string> = {};
  const memory: Record<string, string> = {};
  for (const [name, value] of Object.entries(total.set)) {
    if (isSecret(masker, name, value)) memory[name] = value;
    else set[name] = value;
  }
  return {
    captures,
    withheld: [...new Set([...hidden, ...Object.keys(changed.set).filter((name) => name in memory)])].sort(),
    carried: { set: Object.keys(changed.set).sort(), unset: changed.unset, cwd },
    environment: { attempt: handover.attempt, set, unset: total.unset, cwd },
    memory,
    notes,
  };
};
