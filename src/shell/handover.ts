import type { Secret } from '../ports/secrets.ts';
import type { ExecSpec } from '../session/exec-spec.ts';
import { sha256, specHash } from '../session/exec-spec.ts';
import type { Environment } from './environment.ts';
import type { SpoolSizes } from './spool.ts';

/** What the runner gets on its inherited pipe, as one line of JSON: all that must not be on disk or in an argument list. */
export interface Handover {
  readonly attempt: number;
  /** `RUN/ATTEMPT`, the value of the marker variable. */
  readonly marker: string;
  /** The confirmed hash. */
  readonly hash: string;
  /** Values of `spec.env`, secrets included. */
  readonly values: Environment;
  readonly stdin: string | null;
  /** The operator's environment as every command of the run starts from it. */
  readonly start: Environment;
  /** The same with what earlier commands handed on. */
  readonly current: Environment;
  /** Folder the command starts in unless the spec names one. */
  readonly cwd: string;
  /** Where a relative `spec.cwd` begins. */
  readonly startCwd: string;
  readonly secrets: readonly Secret[];
  readonly spool: SpoolSizes;
}

/** What the runner says on the same pipe, one JSON object a line. Nobody may be listening. */
export type RunnerMessage =
  | { readonly type: 'changed' }
  /** Values of variables and captures that hold a secret: they live in memory only. */
  | { readonly type: 'memory'; readonly values: Environment };

/** Why these values must not run under this confirmation; null when all hashes agree. */
export const reasonToRefuse = (spec: ExecSpec, handover: Handover): string | null => {
  if (specHash(spec) !== handover.hash) return 'the command on disk is not the one that was confirmed';
  for (const { name, sha256: expected } of spec.env) {
    const value = handover.values[name];
    if (value === undefined) return `the value of ${name} is not known here`;
    if (expected !== null && sha256(value) !== expected) return `the value of ${name} is not the confirmed one`;
  }
  const named = new Set(spec.env.map((entry) => entry.name));
  const extra = Object.keys(handover.values).find((name) => !named.has(name));
  if (extra !== undefined) return `${extra} was not part of the confirmation`;
  if ((handover.stdin === null ? null : sha256(handover.stdin)) !== spec.stdin) {
    return 'the text for its input is not the confirmed one';
  }
  return null;
};

/** The handover; null when the pipe ended before the whole of it was there, which means that the sender is gone. */
export const parseHandover = (line: string | null): Handover | null => {
  if (line === null) return null;
  try {
    return JSON.parse(line) as Handover;
  } catch {
    // The parser's message would quote the text, and with it a secret.
    return null;
  }
};
