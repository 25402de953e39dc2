import { bounded } from './bounded.ts';

export interface FaultOptions {
  /** The server is left alone for so long. */
  readonly pauseMs?: number;
  /** The pause is for this query only: another one may be allowed. */
  readonly pauseOf?: 'query' | 'server';
  /** `login`: the credential may be read anew. `reset`: a kept connection may have been closed meanwhile. */
  readonly worthAgain?: 'login' | 'reset' | null;
  /** Nothing came within the time limit. */
  readonly isLate?: boolean;
}

/** Why there is no answer, in the words of the network table. Not yet safe text, but never long. */
export class MetricsFault extends Error {
  override readonly name = 'MetricsFault';
  readonly pauseMs: number;
  readonly pauseOf: 'query' | 'server';
  readonly worthAgain: 'login' | 'reset' | null;
  readonly isLate: boolean;

  constructor(
    message: string,
    { pauseMs = 0, pauseOf = 'server', worthAgain = null, isLate = false }: FaultOptions = {},
  ) {
    super(bounded(message));
    this.pauseMs = pauseMs;
    this.pauseOf = pauseOf;
    this.worthAgain = worthAgain;
    this.isLate = isLate;
  }
}

export const tooLarge = 'result too large, add aggregation';
