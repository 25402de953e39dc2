import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Secret } from '../../src/ports/secrets.ts';
import { createMasker, createMaskStream, maskText } from '../../src/shell/masker.ts';
import { secretPatterns } from '../../src/shell/secret-patterns.ts';

const masked = (secrets: readonly Secret[], chunks: readonly Uint8Array[]): string => {
  const parts: Buffer[] = [];
  const stream = createMaskStream(createMasker(secrets), (bytes, start, end) => {
    parts.push(Buffer.from(bytes.subarray(start, end)));
  });
  for (const chunk of chunks) stream.write(chunk);
  stream.end();
  return Buffer.concat(parts).toString('latin1');
};

const cutAt = (bytes: Buffer, places: readonly number[]): readonly Buffer[] => {
  const cuts = [0, ...places.map((p) => p % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return cuts.slice(1).map((to, i) => bytes.subarray(cuts[i], to));
};

/** Few letters, so that secrets overlap, repeat and begin in each other. */
const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 4, maxLength: 9 });
const secretLists = fc
  .array(letters, { minLength: 1, maxLength: 4 })
  .map((values) => values.map((value, i) => ({ name: `S${i}`, value })));

describe('masking', () => {
  it('leaves nothing of a secret, however the chunks are split, and masks nothing else', () => {
    const outputs = fc.array(fc.oneof(letters, fc.constantFrom('-', '\n', 'ab', 'x')), { maxLength: 30 });
    fc.assert(
      fc.property(secretLists, outputs, fc.array(fc.nat(), { maxLength: 12 }), (secrets, output, places) => {
        const bytes = Buffer.from(`${output.join('')}.`);
        const result = masked(secrets, cutAt(bytes, places));
        expect(result).toBe(maskedByDefinition(secrets, bytes));
        for (const { value } of secrets) expect(result.includes(value)).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  it('finds secrets of any length on both sides of a 64 KiB chunk', () => {
    const value = 'correct-horse-battery-staple-0123456789';
    for (let before = 65_536 - value.length - 2; before <= 65_538; before += 3) {
      const output = `${'.'.repeat(before)}${value}${'.'.repeat(20)}`;
      expect(maskText(createMasker([{ name: 'PASS', value }]), output)).toBe(
        `${'.'.repeat(before)}[secret PASS]${'.'.repeat(20)}`,
      );
    }
  });

  it('holds back no more than what may be the beginning of a secret', () => {
    const seen: string[] = [];
    const stream = createMaskStream(
      createMasker([{ name: 'A', value: 'swordfish-swordfish' }]),
      (bytes, start, end) => {
        seen.push(bytes.toString('latin1', start, end));
      },
    );
    stream.write(Buffer.from('Password? \n'));
    expect(seen.join('')).toBe('Password? \n');
    stream.write(Buffer.from('line with swordfish-s'));
    expect(seen.join('')).toBe('Password? \nline with ');
    stream.write(Buffer.from('ea'));
    expect(seen.join('')).toBe('Password? \nline with swordfish-sea');
  });

  it('masks a secret that the output breaks off in', () => {
    expect(maskText(createMasker([{ name: 'A', value: 'swordfish-swordfish' }]), 'key=swordfish-swo')).toBe(
      'key=[secret]',
    );
  });

  it('masks overlapping secrets as one', () => {
    const masker = createMasker([
      { name: 'ONE', value: 'abcdef' },
      { name: 'TWO', value: 'defghi' },
    ]);
    expect(maskText(masker, '<abcdefghi>')).toBe('<[secret ONE]>');
  });

  it('never shows a secret by the text that stands for it', () => {
    expect(maskText(createMasker([{ name: 'X', value: 'secret' }]), 'my secret')).toBe('my [masked]');
  });
});

/** Every byte that lies in an occurrence of any pattern is hidden; each run of hidden bytes is one placeholder a first match. */
const maskedByDefinition = (secrets: readonly Secret[], bytes: Buffer): string => {
  const patterns = secretPatterns(secrets);
  const text = bytes.toString('latin1');
  let out = '';
  let covered = 0;
  for (let at = 0; at < text.length; at++) {
    const longest = patterns
      .filter((p) => text.startsWith(p.bytes.toString('latin1'), at))
      .sort((a, b) => b.bytes.length - a.bytes.length)[0];
    if (longest !== undefined) {
      if (at >= covered) out += `[secret ${longest.name}]`;
      covered = Math.max(covered, at + longest.bytes.length);
    }
    if (at >= covered) out += text[at];
  }
  return out;
};
