import type { OutputTail } from '../ports/commands.ts';
import type { AttemptPaths } from './attempt-files.ts';
import { linesOf } from './output-meter.ts';
import { openOrNull } from './output-summary.ts';
import { createLineTail, isMostlyBinary } from './output-text.ts';
import type { SpoolHeader, SpoolReader } from './spool.ts';

export interface OutputFollower {
  /** Reads what is new and tells it; `last` tells the end even when nothing is new. */
  look(last: boolean): void;
  onOutput(listener: (tail: OutputTail) => void): () => void;
  onTimeout(listener: () => void): () => void;
  close(): void;
}

/** Falling further behind than this, the middle is left out: the screen keeps 2,000 lines only. */
const mostAtOnce = 2 << 20;

/** The last lines of a spool that grows. */
const createSpoolTail = (paths: AttemptPaths) => {
  let spool: SpoolReader | null = null;
  let seen: SpoolHeader | null = null;
  let position = 0;
  let binary = false;
  const lines = createLineTail();
  const advance = (header: SpoolHeader): void => {
    const from = Math.max(position, header.written - mostAtOnce);
    const read = (spool as SpoolReader).read(from, header.written);
    if (read.from > position) lines.restart();
    lines.push(skipTornLine(read.bytes, read.from > position));
    binary = isMostlyBinary(read.bytes.subarray(-65_536));
    position = read.from + read.bytes.length;
    seen = header;
  };
  return {
    /** True when there was something new. */
    look(): boolean {
      spool ??= openOrNull(paths.spool);
      const header = spool?.header() ?? null;
      if (header === null || (seen !== null && seen.raw === header.raw && seen.written === header.written))
        return false;
      if (header.written === position && seen !== null) seen = header;
      else advance(header);
      return true;
    },
    timedOut: () => spool?.header()?.timedOut ?? false,
    tail: (): OutputTail => ({
      bytes: seen?.raw ?? 0,
      lines: seen === null ? 0 : linesOf(seen),
      tail: binary ? [] : lines.lines(),
      binary,
    }),
    close() {
      spool?.close();
      spool = null;
    },
  };
};

/** Where bytes were skipped the first line is only the end of one. */
const skipTornLine = (bytes: Buffer, torn: boolean): Buffer => {
  const newline = torn ? bytes.indexOf(10) : -1;
  return newline === -1 ? bytes : bytes.subarray(newline + 1);
};

const subscribe = <T>(listeners: Set<T>, listener: T): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/** Follows the output of an attempt by its spool, for any number of listeners. */
export const followOutput = (paths: AttemptPaths): OutputFollower => {
  const outputListeners = new Set<(tail: OutputTail) => void>();
  const timeoutListeners = new Set<() => void>();
  const output = createSpoolTail(paths);
  let timedOut = false;
  return {
    look(last) {
      if (output.look() || last) for (const listener of outputListeners) listener(output.tail());
      if (timedOut || !output.timedOut()) return;
      timedOut = true;
      for (const listener of timeoutListeners) listener();
    },
    onOutput(listener) {
      // A short command may have said everything before anybody listens.
      if (output.tail().bytes > 0) queueMicrotask(() => listener(output.tail()));
      return subscribe(outputListeners, listener);
    },
    onTimeout(listener) {
      if (timedOut) queueMicrotask(listener);
      return subscribe(timeoutListeners, listener);
    },
    close: output.close,
  };
};
