import { numberOf, type Raw } from './raw.ts';

export interface SeenJob {
  readonly active: number;
  readonly succeeded: number;
  readonly failed: number;
  /** Failed tries allowed. */
  readonly backoffLimit: number;
}

export const jobStatus = (spec: Raw, status: Raw): SeenJob => ({
  active: numberOf(status.active) ?? 0,
  succeeded: numberOf(status.succeeded) ?? 0,
  failed: numberOf(status.failed) ?? 0,
  backoffLimit: numberOf(spec.backoffLimit) ?? 6,
});
