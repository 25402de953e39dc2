import type { Recorded } from '../session/events.ts';
import { type DecodedLine, decodeLine, type LineFields, peekLine } from './line.ts';
import type { ResolvedData } from './stored-data.ts';
import { toCurrent, type Upcast, upcasts } from './upcast.ts';

/** How the bytes of a journal end. Entries are counted as their `seq`, lines in the file from 1. */
export type JournalEnd =
  | { readonly kind: 'whole' }
  /** An interrupted write: `bytes` from offset `from` to the end are no entry, and none follows. */
  | { readonly kind: 'torn'; readonly from: number; readonly bytes: number }
  | { readonly kind: 'damaged'; readonly entry: number; readonly line: number; readonly because: string }
  | { readonly kind: 'newer'; readonly version: number; readonly line: number };

export interface CheckedLines {
  /** Everything before the first bad line. */
  readonly events: readonly Recorded[];
  readonly head: string;
  /** `seq` of the next line. */
  readonly next: number;
  /** Length of the good part in bytes. */
  readonly goodBytes: number;
  readonly end: JournalEnd;
}

export interface CheckOptions {
  readonly head: string;
  readonly seq: number;
  readonly resolve: (data: unknown) => ResolvedData;
  readonly steps?: Readonly<Record<number, Upcast>>;
}

const newline = 0x0a;

/**
 * Walks the lines of a journal: newline, JSON, version, sequence, hash. Stops at the first bad one and judges what follows:
 * where no entire entry stands any more it is a torn tail, else the journal was damaged.
 */
export const checkLines = (bytes: Buffer, options: CheckOptions): CheckedLines => {
  const events: Recorded[] = [];
  let { head, seq } = options;
  let from = 0;
  const stopped = (end: JournalEnd): CheckedLines => ({ events, head, next: seq, goodBytes: from, end });
  while (from < bytes.length) {
    const to = bytes.indexOf(newline, from);
    const line = to === -1 ? null : decodeLine(bytes.subarray(from, to), head, seq);
    if (line === null || line.kind !== 'good') return stopped(judgeRest(bytes, from, line, seq, events.length + 1));
    const event = eventOf(line, options);
    if (typeof event === 'string') {
      return stopped({ kind: 'damaged', entry: seq, line: events.length + 1, because: event });
    }
    events.push(event);
    head = line.h;
    seq += 1;
    from = to + 1;
  }
  return stopped({ kind: 'whole' });
};

/** The event of a good line, or why it cannot be had. */
const eventOf = (line: DecodedLine & { kind: 'good' }, options: CheckOptions): Recorded | string => {
  const fields = toCurrent(line.fields, line.version, options.steps ?? upcasts);
  if (fields === null) return `version ${line.version} is not known`;
  const resolved = options.resolve(fields.data);
  return resolved.kind === 'bad' ? resolved.because : recorded(fields, resolved.data, line.h);
};

/** A journal line as the event it stands for. The union's types are trusted: only gonogo writes into the chain. */
export const recorded = (fields: LineFields, data: unknown, h: string): Recorded =>
  ({
    seq: fields.seq,
    at: fields.at,
    mono: fields.mono,
    boot: fields.boot,
    session: fields.session,
    actor: fields.actor,
    frame: fields.frame,
    type: fields.type,
    data,
    h,
  }) as Recorded;

const judgeRest = (
  bytes: Buffer,
  from: number,
  first: DecodedLine | null,
  seq: number,
  lineNumber: number,
): JournalEnd => {
  const torn: JournalEnd = { kind: 'torn', from, bytes: bytes.length - from };
  if (first === null || first.kind === 'good') return torn;
  const after = laterEntries(bytes, bytes.indexOf(newline, from) + 1);
  if (first.kind === 'newer' && after.every((version) => version >= first.version)) {
    return { kind: 'newer', version: first.version, line: lineNumber };
  }
  const because = first.kind === 'newer' ? `claims version ${first.version} among older entries` : first.because;
  const entire = first.kind === 'newer' || first.wellFormed || after.length > 0;
  return entire ? { kind: 'damaged', entry: seq, line: lineNumber, because } : torn;
};

/** Versions of the entire entries from `from` on, whatever their chain. */
const laterEntries = (bytes: Buffer, from: number): number[] => {
  const versions: number[] = [];
  for (let start = from; start < bytes.length; ) {
    const to = bytes.indexOf(newline, start);
    if (to === -1) break;
    const line = peekLine(bytes.toString('utf8', start, to));
    if (line !== null) versions.push((line as LineFields & { v?: number }).v ?? 0);
    start = to + 1;
  }
  return versions;
};

/** Where the chain of a file begins that goes on from another folder: at the hash and number its first event names. */
export const continuedFrom = (bytes: Buffer): { readonly head: string; readonly seq: number } | null => {
  const to = bytes.indexOf(newline);
  const first = to === -1 ? null : peekLine(bytes.toString('utf8', 0, to));
  if (first?.type !== 'journal.continued') return null;
  const { head } = first.data as { head?: unknown };
  return typeof head === 'string' ? { head, seq: first.seq } : null;
};
