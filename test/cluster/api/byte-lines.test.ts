import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ByteLines, textOf } from '../../../src/cluster/api/byte-lines.ts';

/** The bytes in pieces that end at these places. */
const cutAt = (bytes: Uint8Array, places: readonly number[]): readonly Uint8Array[] => {
  const ends = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b);
  return [...ends, bytes.length].map((end, i) => bytes.subarray(i === 0 ? 0 : ends[i - 1], end));
};

const linesOf = (chunks: readonly Uint8Array[], maxBytes: number) => {
  const lines = new ByteLines(maxBytes);
  const ended = chunks.flatMap((chunk) => [...lines.push(chunk)]);
  return { ended, lines };
};

describe('lines of a stream of bytes', () => {
  test('do not depend on where the stream was cut, also within a character', () => {
    const line = fc.string({ unit: 'grapheme', maxLength: 40 }).map((text) => text.replaceAll('\n', ''));
    fc.assert(
      fc.property(fc.array(line), line, fc.array(fc.nat()), (texts, last, places) => {
        const bytes = Buffer.from(`${texts.map((text) => `${text}\n`).join('')}${last}`);
        const { ended, lines } = linesOf(cutAt(bytes, places), 1024);
        expect(ended.map(textOf)).toEqual(texts);
        const rest = lines.rest();
        expect(rest === null ? '' : textOf(rest)).toBe(last);
      }),
    );
  });

  test('are bounded, and what was left off is counted', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(60)), fc.array(fc.nat()), (lengths, places) => {
        const bytes = Buffer.from(lengths.map((length) => `${'x'.repeat(length)}\n`).join(''));
        const { ended, lines } = linesOf(cutAt(bytes, places), 16);
        expect(ended.map(({ bytes: kept, dropped }) => [kept.length, dropped])).toEqual(
          lengths.map((length) => [Math.min(16, length), Math.max(0, length - 16)]),
        );
        expect(lines.pending).toBe(0);
      }),
    );
  });
});
