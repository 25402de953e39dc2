import type { Dated } from './connection.ts';

/** How far the server's clock is ahead of ours, as of its last answer. */
export interface ClockSkew {
  note(dated: Dated): void;
  /** Rounded; null = no answer told. */
  seconds(): number | null;
  /** Added to our time to get the server's: what it is asked about is neither its future nor long past. */
  correctionMs(): number;
}

/** Below it, it cannot be told from the way of the answer and the whole seconds of `Date`. */
const noiseMs = 2000;

export const createClockSkew = (): ClockSkew => {
  let skewMs: number | null = null;
  return {
    note: ({ sentAt, receivedAt, date }) => {
      // `Date` has no milliseconds: half a second more is its middle.
      skewMs = date + 500 - (sentAt + receivedAt) / 2;
    },
    seconds: () => (skewMs === null ? null : Math.abs(skewMs) < noiseMs ? 0 : Math.round(skewMs / 1000)),
    correctionMs: () => (skewMs === null || Math.abs(skewMs) < noiseMs ? 0 : Math.round(skewMs)),
  };
};
