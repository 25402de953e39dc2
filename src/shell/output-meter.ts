import { createHash } from 'node:crypto';
import { countNewlines } from './newlines.ts';
import type { SpoolCounts, SpoolWriter } from './spool.ts';

/** Where masked output goes: counted, hashed whole, and kept in part. */
export interface OutputMeter {
  write(bytes: Buffer, start: number, end: number): void;
  /** Counts bytes as the command wrote them, and updates the spool's header. */
  received(raw: number): void;
  noteTimeout(): void;
  readonly counts: SpoolCounts;
  readonly lines: number;
  /** Of all masked bytes so far; the meter takes no more afterwards. */
  finish(): string;
}

export const createOutputMeter = (spool: SpoolWriter): OutputMeter => {
  const hash = createHash('sha256');
  let written = 0;
  let raw = 0;
  let newlines = 0;
  let endsInNewline = true;
  let timedOut = false;
  const counts = (): SpoolCounts => ({ written, raw, newlines, endsInNewline, timedOut });
  return {
    write(bytes, start, end) {
      if (end <= start) return;
      hash.update(bytes.subarray(start, end));
      newlines += countNewlines(bytes, start, end);
      endsInNewline = bytes[end - 1] === 10;
      written += end - start;
      spool.write(bytes, start, end);
    },
    received(length) {
      raw += length;
      spool.note(counts());
    },
    noteTimeout() {
      timedOut = true;
      spool.note(counts());
    },
    get counts() {
      return counts();
    },
    get lines() {
      return linesOf({ newlines, endsInNewline });
    },
    finish() {
      spool.note(counts());
      spool.close();
      return hash.digest('hex');
    },
  };
};

/** A last line without a line feed counts. */
export const linesOf = (counts: Pick<SpoolCounts, 'newlines' | 'endsInNewline'>): number =>
  counts.newlines + (counts.endsInNewline ? 0 : 1);
