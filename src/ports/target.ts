import type { TargetIdentity } from '../session/events.ts';

export type TargetCheck =
  | { readonly kind: 'same' }
  /** E602 or E608: a hard stop without override. */
  | {
      readonly kind: 'mismatch';
      readonly code: 'E602' | 'E608';
      readonly expected: string;
      readonly found: string;
    }
  /** Blocks, with an override. */
  | { readonly kind: 'unreachable'; readonly because: string; readonly nextStep: string | null };

/** The pin of one run, asked again and again. */
export interface TargetPin {
  /** A cluster that could not be asked at the start is in it once it has answered. */
  readonly identity: TargetIdentity;
  /** Asks the cluster again unless an answer is younger than `maxAgeMs` (0 = always); other tools always. Never rejects. */
  check(maxAgeMs: number): Promise<TargetCheck>;
  /** The next `check` asks again: the clock jumped, or a connection was lost. */
  doubt(): void;
  close(): Promise<void>;
}

/** SelfSubjectAccessReview of one permission of the runbook: `patch deployments`. */
export interface PermissionAnswer {
  readonly permission: string;
  readonly allowed: boolean | null;
  /** Why it is denied or unknown; null when allowed. */
  readonly because: string | null;
}
