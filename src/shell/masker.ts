import type { Secret } from '../ports/secrets.ts';
import { createPatternMatcher, type PatternMatcher } from './pattern-matcher.ts';
import { secretPatterns, shortestPattern } from './secret-patterns.ts';

/** Gets `bytes[start, end)`; the bytes are overwritten after the call. */
export type ByteSink = (bytes: Buffer, start: number, end: number) => void;

export interface Masker {
  readonly matcher: PatternMatcher;
  /** What stands for each pattern: `[secret NAME]`. */
  readonly placeholders: readonly Buffer[];
  readonly names: readonly string[];
  /** Stands for a secret whose end was cut off. */
  readonly cut: Buffer;
}

const holdsAny = (matcher: PatternMatcher, bytes: Buffer): boolean => {
  let held = false;
  matcher.find(bytes, 0, bytes.length, bytes.length, () => {
    held = true;
  });
  return held;
};

/** The first of the texts that holds no secret itself: `[secret X]` would show a secret whose value is `secret`. */
const placeholder = (matcher: PatternMatcher, texts: readonly string[]): Buffer => {
  const candidates = [...texts, '[masked]', '[***]', '###', ''].map((text) => Buffer.from(text));
  return candidates.find((bytes) => !holdsAny(matcher, bytes)) as Buffer;
};

/** Null when there is nothing to mask. */
export const createMasker = (secrets: readonly Secret[]): Masker | null => {
  const patterns = secretPatterns(secrets);
  if (patterns.length === 0) return null;
  const matcher = createPatternMatcher(patterns.map((p) => p.bytes));
  const byName = new Map<string, Buffer>();
  for (const { name } of patterns) {
    const shown = name.replace(/[^A-Za-z0-9_.:-]/g, '_');
    if (!byName.has(name)) byName.set(name, placeholder(matcher, [`[secret ${shown}]`]));
  }
  return {
    matcher,
    names: patterns.map((p) => p.name),
    placeholders: patterns.map((p) => byName.get(p.name) as Buffer),
    cut: placeholder(matcher, ['[secret]']),
  };
};

export interface MaskStream {
  /** Where the next bytes are to be put. */
  readonly target: Buffer;
  /** `length` new bytes stand at the beginning of `target`. */
  received(length: number): void;
  /** Copies a chunk of any size through `target`. */
  write(chunk: Uint8Array): void;
  /** Releases what was held back; the beginning of a secret that ends here is masked too. */
  end(): void;
}

const chunkSize = 65_536;

/** Passes bytes on with every secret replaced, wherever chunks are split. Holds back only what may be the beginning of a secret. */
export const createMaskStream = (masker: Masker | null, sink: ByteSink): MaskStream => {
  const stream = masker === null ? passing(sink) : masking(masker, sink);
  return {
    ...stream,
    write(chunk) {
      for (let from = 0; from < chunk.length; from += chunkSize) {
        const part = chunk.subarray(from, from + chunkSize);
        stream.target.set(part);
        stream.received(part.length);
      }
    },
  };
};

const passing = (sink: ByteSink): Omit<MaskStream, 'write'> => {
  const target = Buffer.allocUnsafeSlow(chunkSize);
  return {
    target,
    received: (length) => sink(target, 0, length),
    end: () => undefined,
  };
};

const masking = (masker: Masker, sink: ByteSink): Omit<MaskStream, 'write'> => {
  const { matcher, placeholders } = masker;
  const buffer = Buffer.allocUnsafeSlow(matcher.longest + chunkSize);
  const origin = matcher.longest;
  /** Bytes held back, which stand right before `origin`. */
  let held = 0;
  /** How many of them belong to a match whose placeholder is out already. */
  let heldCovered = 0;

  const pass = (length: number, last: boolean): void => {
    const from = origin - held;
    const to = origin + length;
    const partial = matcher.partialFrom(buffer, from, to);
    const limit = last ? to : partial;
    /** Where a secret begins that will never be complete. */
    const cutFrom = last && to - partial >= shortestPattern ? partial : to;
    let covered = from + heldCovered;
    const pieces: Buffer[] = [];
    const cover = (start: number, end: number, shown: Buffer): void => {
      if (start >= covered) pieces.push(Buffer.from(buffer.subarray(covered, start)), shown);
      covered = Math.max(covered, end);
    };
    matcher.find(buffer, from, to, limit, (start, end, index) => {
      if (start <= cutFrom) cover(start, end, placeholders[index] as Buffer);
    });
    if (cutFrom < to) cover(cutFrom, to, masker.cut);
    if (pieces.length === 0) {
      if (covered < limit) sink(buffer, covered, limit);
    } else {
      if (covered < limit) pieces.push(buffer.subarray(covered, limit));
      const out = Buffer.concat(pieces);
      sink(out, 0, out.length);
    }
    held = last ? 0 : to - limit;
    heldCovered = Math.max(0, covered - limit);
    buffer.copyWithin(origin - held, limit, to);
  };

  return {
    target: buffer.subarray(origin),
    received: (length) => pass(length, false),
    end: () => pass(0, true),
  };
};

/** Masks a whole text at once; a secret that is cut off at its end is masked too. */
export const maskText = (masker: Masker | null, text: string): string => {
  if (masker === null) return text;
  const parts: Buffer[] = [];
  const stream = createMaskStream(masker, (bytes, start, end) => parts.push(Buffer.from(bytes.subarray(start, end))));
  stream.write(Buffer.from(text));
  stream.end();
  return Buffer.concat(parts).toString('utf8');
};

/** The name of a secret that the text holds; null when there is none. */
export const secretIn = (masker: Masker | null, text: string): string | null => {
  if (masker === null) return null;
  const bytes = Buffer.from(text);
  let name: string | null = null;
  masker.matcher.find(bytes, 0, bytes.length, bytes.length, (_start, _end, index) => {
    name ??= masker.names[index] ?? null;
  });
  return name;
};
