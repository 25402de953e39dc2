import { createHash } from 'node:crypto';
import type { Expectation, Risk } from '../runbook/model.ts';

/**
 * Everything that decides what one confirmed execution does. The confirmation renders this object,
 * `command.confirmed` stores its hash, and the runner recomputes the hash from the bytes it is about to run.
 * Source: 20-runs, "Commands".
 */
export interface ExecSpec {
  readonly v: 1;
  /** Absolute path or name of the shell or interpreter: `bash`. */
  readonly shell: string;
  /** `plain`: set -e; `strict`: set -euo pipefail; `none`: another interpreter, nothing is added. */
  readonly prelude: 'plain' | 'strict' | 'none';
  readonly script: string;
  /** Additions to the environment, sorted by name. Of a secret only the name (`sha256` is null). */
  readonly env: readonly { readonly name: string; readonly sha256: string | null }[];
  /** Working directory from the fence; null = the one carried over. */
  readonly cwd: string | null;
  readonly timeoutMs: number | null;
  readonly onTimeout: 'warn' | 'stop';
  /** Executions this confirmation allows, at least 1. */
  readonly attempts: number;
  readonly everyMs: number;
  readonly risk: Risk;
  readonly target: { readonly context: string | null; readonly namespace: string | null };
  /** SHA-256 of the runbook's bytes. */
  readonly runbook: string;
  /** SHA-256 of what stdin gets; null = stdin is closed. */
  readonly stdin: string | null;
  readonly tty: boolean;
  readonly background: boolean;
  readonly capture: string | null;
  readonly expect: Expectation | null;
  /** Exit 1 is information: `grep` or `diff` at the end of a plain file's command, else null. */
  readonly endsInMatch: 'grep' | 'diff' | null;
  readonly watcher: boolean;
}

export const sha256 = (bytes: string | Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** JSON with sorted keys and no white space. */
export const canonicalJson = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (value !== null && typeof value === 'object') {
    const entries = Object.entries(value).filter(([, v]) => v !== undefined);
    entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    return `{${entries.map(([k, v]) => `${JSON.stringify(k)}:${canonicalJson(v)}`).join(',')}}`;
  }
  return JSON.stringify(value);
};

/** SHA-256 of the canonical spec, 64 hex characters. */
export const specHash = (spec: ExecSpec): string => sha256(canonicalJson(spec));
