import { hash } from 'node:crypto';
import type { EventType } from '../session/events.ts';

/** `v` of the lines this program writes. */
export const formatVersion = 1;
/** Longest line, newline included. */
export const maxLineBytes = 64 * 1024;
/** What stands for the hash before the first line. */
export const zeroHash = '0'.repeat(64);

/** What a journal line says, without its version and hash. `at` is UTC ms, `mono` ms since `boot`. */
export interface LineFields {
  readonly seq: number;
  readonly at: number;
  readonly mono: number;
  readonly boot: string;
  readonly session: string;
  readonly actor: string;
  readonly frame: number;
  readonly type: EventType;
  readonly data: unknown;
}

export interface EncodedLine {
  /** With its newline. */
  readonly bytes: Buffer;
  readonly h: string;
}

/** `previous` is the hash of the line before, 64 hex characters. Source: 20-runs, "Journal line". */
export const encodeLine = (previous: string, fields: LineFields): EncodedLine => {
  const body = JSON.stringify({
    v: formatVersion,
    seq: fields.seq,
    at: new Date(fields.at).toISOString(),
    mono: fields.mono,
    boot: fields.boot,
    session: fields.session,
    actor: fields.actor,
    frame: fields.frame,
    type: fields.type,
    data: fields.data,
  });
  const h = hash('sha256', previous + body, 'hex');
  return { bytes: Buffer.from(`${body.slice(0, -1)},"h":"${h}"}\n`, 'utf8'), h };
};

export type DecodedLine =
  | { readonly kind: 'good'; readonly version: number; readonly fields: LineFields; readonly h: string }
  /** `wellFormed`: an entire entry stands there, so no interrupted write can have left it. */
  | { readonly kind: 'bad'; readonly because: string; readonly wellFormed: boolean }
  | { readonly kind: 'newer'; readonly version: number };

/** `,"h":"` + 64 hex characters + `"}`. */
const hashSuffixBytes = 72;
const hashSuffix = /,"h":"[0-9a-f]{64}"\}$/;
const closingBrace = 0x7d;

const bad = (because: string, wellFormed: boolean): DecodedLine => ({ kind: 'bad', because, wellFormed });

/** Room for what is hashed of one line, used again for each: a new buffer for every line would be half of the work. */
const scratch = Buffer.alloc(zeroHash.length + maxLineBytes);

/** The hash a line should carry. `line` is without its newline. */
const expectedHash = (previous: string, line: Buffer): string => {
  const body = line.length - hashSuffixBytes;
  const length = previous.length + body + 1;
  const hashed = length <= scratch.length ? scratch.subarray(0, length) : Buffer.alloc(length);
  hashed.write(previous, 0, 'latin1');
  line.copy(hashed, previous.length, 0, body);
  hashed[length - 1] = closingBrace;
  return hash('sha256', hashed, 'hex');
};

/**
 * Checks one line against its place in the chain: JSON, version, sequence, hash.
 * `line` is without its newline; the hash is taken over the bytes as they stand, not over decoded text.
 */
export const decodeLine = (line: Buffer, previous: string, seq: number): DecodedLine => {
  const text = line.toString('utf8');
  const parsed = parseObject(text);
  if (parsed === null) return bad('not JSON', false);
  const version = parsed.v;
  if (typeof version === 'number' && Number.isInteger(version) && version > formatVersion) {
    return { kind: 'newer', version };
  }
  if (typeof version !== 'number') return bad('no version', false);
  const fields = fieldsOf(parsed);
  const h = line.length > hashSuffixBytes ? expectedHash(previous, line) : '';
  if (fields !== null && fields.seq === seq && text.endsWith(`,"h":"${h}"}`))
    return { kind: 'good', version, fields, h };
  return reasonAgainst(text, fields, seq);
};

const reasonAgainst = (text: string, fields: LineFields | null, seq: number): DecodedLine => {
  if (!hashSuffix.test(text)) return bad('no hash at its end', false);
  if (fields === null) return bad('fields are missing or of the wrong type', true);
  return bad(fields.seq === seq ? 'hash does not match' : `has number ${fields.seq} where ${seq} belongs`, true);
};

/** A line read without its chain, for listings; null when it is not an entry. */
export const peekLine = (line: string): LineFields | null => {
  const parsed = parseObject(line);
  return parsed === null ? null : fieldsOf(parsed);
};

const parseObject = (text: string): Record<string, unknown> | null => {
  try {
    const value: unknown = JSON.parse(text);
    return value !== null && typeof value === 'object' && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
};

/** The parsed line itself with its time as a number: copying a hundred thousand of them is felt. */
const fieldsOf = (line: Record<string, unknown>): LineFields | null => {
  const at = typeof line.at === 'string' ? Date.parse(line.at) : Number.NaN;
  const whole =
    Number.isInteger(line.seq) &&
    !Number.isNaN(at) &&
    typeof line.mono === 'number' &&
    typeof line.boot === 'string' &&
    typeof line.session === 'string' &&
    typeof line.actor === 'string' &&
    Number.isInteger(line.frame) &&
    typeof line.type === 'string' &&
    line.data !== null &&
    typeof line.data === 'object';
  if (!whole) return null;
  line.at = at;
  return line as unknown as LineFields;
};
