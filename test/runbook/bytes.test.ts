import { describe, expect, it } from 'vitest';
import { decodeText, maximumBytes } from '../../src/runbook/bytes.ts';

const bytes = (...parts: (string | number[])[]): Uint8Array =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from(part))));

const refusal = (file: Uint8Array): string => {
  const { text, diagnostics } = decodeText(file);
  expect(text).toBeNull();
  const [only] = diagnostics;
  return `${only?.line}: ${only?.code} ${only?.message}`;
};

describe('decodeText refuses', () => {
  it('an empty file, and one of blank lines', () => {
    expect(refusal(bytes(''))).toBe('1: E101 runbook is empty');
    expect(refusal(bytes(' \n\t\r\n'))).toBe('1: E101 runbook is empty');
  });

  it('more than 1 MiB, by size alone', () => {
    expect(refusal(new Uint8Array(5 * 1024 * 1024))).toBe('1: E103 file is 5.0 MB, limit 1 MB');
    expect(refusal(new Uint8Array(maximumBytes + 1))).toBe('1: E103 file is 1.1 MB, limit 1 MB');
  });

  it('invalid UTF-8, with byte and line', () => {
    expect(refusal(bytes('# a\n\nok ', [0xff], ' b\n'))).toBe('3: E104 not UTF-8 at byte 8 (line 3)');
    expect(refusal(bytes('# é\n', [0xe2, 0x82], 'x'))).toBe('2: E104 not UTF-8 at byte 5 (line 2)');
    expect(refusal(bytes('# a\n', [0xf0, 0x9f, 0x98]))).toBe('2: E104 not UTF-8 at byte 4 (line 2)');
    expect(refusal(bytes('caf', [0xe9], '\n'))).toBe('1: E104 not UTF-8 at byte 3 (line 1)');
  });

  it('UTF-16 in both byte orders', () => {
    expect(refusal(bytes([0xff, 0xfe], '#\0 \0'))).toContain('E105');
    expect(refusal(bytes([0xfe, 0xff], '\0#'))).toContain('E105');
  });

  it('NUL and bare CR, with their line', () => {
    expect(refusal(bytes('# a\n\nb\n\0'))).toBe('4: E106 NUL at line 4');
    expect(refusal(bytes('# a\r\n\r\nsafe\rrm -rf /\r\n'))).toBe('3: E111 bare CR hides text at line 3');
  });
});

describe('decodeText accepts', () => {
  it('CRLF, as LF with the same lines', () => {
    expect(decodeText(bytes('# a\r\n\r\nb\r\n'))).toEqual({ text: '# a\n\nb\n', diagnostics: [] });
  });

  it('a UTF-8 byte order mark, with a note', () => {
    const { text, diagnostics } = decodeText(bytes([0xef, 0xbb, 0xbf], '# a\n'));
    expect(text).toBe('# a\n');
    expect(diagnostics.map(({ severity }) => severity)).toEqual(['info']);
  });

  it('exactly 1 MiB', () => {
    expect(decodeText(Buffer.alloc(maximumBytes, 'a')).text).toHaveLength(maximumBytes);
  });
});
