import { closeSync, fsyncSync, openSync, readSync, writeSync } from 'node:fs';

/**
 * `output.spool`: a header, the first bytes of the output, and behind them a ring with the last ones.
 * The header is rewritten with every chunk, so that whoever follows the file, or finds it after a crash, knows
 * how much was written and where the ring begins.
 */
export interface SpoolSizes {
  readonly head: number;
  readonly ring: number;
}

export const spoolSizes: SpoolSizes = { head: 8 << 20, ring: 8 << 20 };

export interface SpoolCounts {
  /** Masked bytes. */
  readonly written: number;
  /** Bytes before masking. */
  readonly raw: number;
  readonly newlines: number;
  readonly endsInNewline: boolean;
  readonly timedOut: boolean;
}

export interface SpoolHeader extends SpoolCounts, SpoolSizes {}

const magic = 'gonogo-1';
const headerBytes = 64;

const encodeHeader = (into: Buffer, counts: SpoolCounts, sizes: SpoolSizes): void => {
  const flags = (counts.endsInNewline ? 1 : 0) | (counts.timedOut ? 2 : 0);
  [counts.written, counts.raw, counts.newlines, sizes.head, sizes.ring, flags].forEach((value, i) => {
    into.writeDoubleLE(value, magic.length + i * 8);
  });
};

const decodeHeader = (bytes: Buffer): SpoolHeader | null => {
  if (bytes.toString('latin1', 0, magic.length) !== magic) return null;
  const value = (i: number): number => bytes.readDoubleLE(magic.length + i * 8);
  const flags = value(5);
  return {
    written: value(0),
    raw: value(1),
    newlines: value(2),
    head: value(3),
    ring: value(4),
    endsInNewline: (flags & 1) !== 0,
    timedOut: (flags & 2) !== 0,
  };
};

export interface SpoolWriter {
  write(bytes: Buffer, start: number, end: number): void;
  /** To be called after each chunk. */
  note(counts: SpoolCounts): void;
  close(): void;
}

export const createSpoolWriter = (path: string, sizes: SpoolSizes = spoolSizes): SpoolWriter => {
  const fd = openSync(path, 'w', 0o600);
  const header = Buffer.alloc(headerBytes);
  header.write(magic, 'latin1');
  let written = 0;
  let full = false;
  const put = (bytes: Buffer, start: number, end: number, at: number): void => {
    for (let done = start; done < end; )
      done += writeSync(fd, bytes, done, end - done, headerBytes + at + done - start);
  };
  /** A full disk must not end the command: its output is counted on and no longer kept. */
  const unlessFull = (write: () => void): void => {
    if (full) return;
    try {
      write();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
      full = true;
    }
  };
  const note = (counts: SpoolCounts): void => {
    encodeHeader(header, counts, sizes);
    // These bytes exist already: rewriting them needs no room.
    writeSync(fd, header, 0, headerBytes, 0);
  };
  note({ written: 0, raw: 0, newlines: 0, endsInNewline: true, timedOut: false });
  return {
    write(bytes, start, end) {
      let from = start;
      while (from < end) {
        const inHead = written < sizes.head;
        const offset = inHead ? written : sizes.head + ((written - sizes.head) % sizes.ring);
        const room = (inHead ? sizes.head : sizes.head + sizes.ring) - offset;
        const to = Math.min(end, from + room);
        unlessFull(() => put(bytes, from, to, offset));
        written += to - from;
        from = to;
      }
    },
    note,
    close() {
      fsyncSync(fd);
      closeSync(fd);
    },
  };
};

export interface SpoolReader {
  /** Null while the file has no header. */
  header(): SpoolHeader | null;
  /**
   * Bytes at a position of the masked output. What the ring no longer holds is left out at the front: `from` says
   * where the bytes really begin. A range that begins in the first part ends with it once something was left out.
   */
  read(from: number, to: number): { readonly from: number; readonly bytes: Buffer };
  close(): void;
}

/** A writer may be as much as this ahead of its header. */
const inFlight = 1 << 18;

export const openSpool = (path: string): SpoolReader => {
  const fd = openSync(path, 'r');
  const header = (): SpoolHeader | null => {
    const bytes = Buffer.alloc(headerBytes);
    return readSync(fd, bytes, 0, headerBytes, 0) < headerBytes ? null : decodeHeader(bytes);
  };
  const fetch = (sizes: SpoolSizes, from: number, to: number): Buffer => {
    const parts: Buffer[] = [];
    for (let at = from; at < to; ) {
      const inHead = at < sizes.head;
      const offset = inHead ? at : sizes.head + ((at - sizes.head) % sizes.ring);
      const room = (inHead ? sizes.head : sizes.head + sizes.ring) - offset;
      const part = Buffer.alloc(Math.min(to - at, room));
      const got = readSync(fd, part, 0, part.length, headerBytes + offset);
      parts.push(part.subarray(0, got));
      if (got < part.length) break;
      at += got;
    }
    return Buffer.concat(parts);
  };
  return {
    header,
    read(from, to) {
      const before = header();
      if (before === null || from >= to) return { from, bytes: Buffer.alloc(0) };
      const first = from < before.head ? from : Math.max(from, oldestIn(before, 0));
      const end = first < before.head && omittedIn(before) > 0 ? before.head : before.written;
      const bytes = fetch(before, first, Math.min(to, end));
      const after = header() ?? before;
      // The writer goes on while we read: drop what it may have written over.
      const oldest = after.written === before.written ? first : oldestIn(after, inFlight);
      const lost = first < before.head ? 0 : Math.min(bytes.length, Math.max(0, oldest - first));
      return { from: first + lost, bytes: bytes.subarray(lost) };
    },
    close: () => closeSync(fd),
  };
};

/** Position of the oldest byte that the ring still holds. */
const oldestIn = (header: SpoolHeader, ahead: number): number =>
  Math.max(header.head, header.written + ahead - header.ring);

/** Bytes between the first and the last part that were not kept. */
export const omittedIn = (header: SpoolHeader): number => Math.max(0, header.written - header.head - header.ring);
