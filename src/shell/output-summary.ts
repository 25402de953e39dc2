import { createHash } from 'node:crypto';
import type { OutputText } from '../ports/commands.ts';
import type { OutputSummary } from '../session/outcome.ts';
import type { OutputMeter } from './output-meter.ts';
import { isMostlyBinary, shortTail, shownText } from './output-text.ts';
import { omittedIn, openSpool, type SpoolHeader, type SpoolReader } from './spool.ts';

/** Enough to tell text from binary, and for a short tail of cut lines. */
const sampleBytes = 65_536;

const binaryIn = (spool: SpoolReader, header: SpoolHeader): boolean => {
  const head = spool.read(0, Math.min(sampleBytes, header.written, header.head)).bytes;
  const tail = spool.read(Math.max(head.length, header.written - sampleBytes), header.written).bytes;
  return isMostlyBinary(Buffer.concat([head, tail]));
};

/** Closes the meter and describes all that went through it. */
export const summarise = (
  output: { readonly meter: OutputMeter; readonly spool: SpoolReader } | null,
): OutputSummary => {
  if (output === null) {
    const sha256 = createHash('sha256').digest('hex');
    return { bytes: 0, lines: 0, sha256, omitted: 0, binary: false, tail: '' };
  }
  const { meter, spool } = output;
  const sha256 = meter.finish();
  const header = spool.header() as SpoolHeader;
  const binary = binaryIn(spool, header);
  const tail = binary ? '' : shortTail(spool.read(Math.max(0, header.written - sampleBytes), header.written).bytes);
  return { bytes: header.raw, lines: meter.lines, sha256, omitted: omittedIn(header), binary, tail };
};

/** The output from a position on, as text; without its middle when that was not kept. */
export const textSince = (
  output: { readonly spool: SpoolReader } | null,
  from: number,
): { readonly text: string; readonly incomplete: boolean } => {
  const header = output?.spool.header() ?? null;
  if (output === null || header === null) return { text: '', incomplete: false };
  const first = output.spool.read(from, header.written);
  const end = first.from + first.bytes.length;
  const rest = Math.max(end, header.head);
  const second =
    rest < header.written ? output.spool.read(rest, header.written) : { from: end, bytes: Buffer.alloc(0) };
  const incomplete = first.from > from || second.from > end;
  return { text: Buffer.concat([first.bytes, second.bytes]).toString('utf8'), incomplete };
};

const size = (bytes: number): string =>
  bytes < 1e6
    ? `${(bytes / 1e3).toFixed(1)} kB`
    : bytes < 1e9
      ? `${(bytes / 1e6).toFixed(1)} MB`
      : `${(bytes / 1e9).toFixed(1)} GB`;

/** For the viewer; null when there is no spool. Binary output has no text: it is described by its size. */
export const readOutput = (path: string): OutputText | null => {
  const spool = openOrNull(path);
  if (spool === null) return null;
  try {
    const header = spool.header();
    if (header === null) return null;
    const omitted = omittedIn(header);
    if (binaryIn(spool, header)) return { text: '', bytes: header.raw, omitted, binary: true };
    const head = spool.read(0, Math.min(header.head, header.written)).bytes;
    const tail = spool.read(head.length, header.written);
    const gap = tail.bytes.length === 0 ? 0 : tail.from - head.length;
    const text =
      gap === 0
        ? shownText(Buffer.concat([head, tail.bytes]))
        : `${shownText(head)}\n… ${size(gap)} left out …\n${shownText(tail.bytes)}`;
    return { text, bytes: header.raw, omitted, binary: false };
  } finally {
    spool.close();
  }
};

export const openOrNull = (path: string): SpoolReader | null => {
  try {
    return openSpool(path);
  } catch {
    return null;
  }
};
