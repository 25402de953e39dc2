import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeLine, encodeLine, type LineFields, zeroHash } from '../../src/journal/line.ts';

const fields: LineFields = {
  seq: 0,
  at: Date.UTC(2026, 2, 1, 14, 51, 38, 7),
  mono: 123_456,
  boot: 'boot-a',
  session: 'session-a',
  actor: 'alice',
  frame: 0,
  type: 'note.added',
  data: { step: '2.4', text: 'grün — "ok"\n' },
};

const withoutNewline = (bytes: Buffer): Buffer => bytes.subarray(0, -1);

test('a line is written in the documented order of keys and ends with its hash and a newline', () => {
  const { bytes, h } = encodeLine(zeroHash, fields);
  expect(bytes.toString()).toBe(
    `{"v":1,"seq":0,"at":"2026-03-01T14:51:38.007Z","mono":123456,"boot":"boot-a","session":"session-a","actor":"alice","frame":0,"type":"note.added","data":{"step":"2.4","text":"grün — \\"ok\\"\\n"},"h":"${h}"}\n`,
  );
});

test('the hash is SHA-256 over the previous hash and the line without its own', () => {
  const first = encodeLine(zeroHash, fields);
  const second = encodeLine(first.h, { ...fields, seq: 1 });
  const text = second.bytes.toString().trimEnd();
  const body = text.replace(/,"h":"[0-9a-f]{64}"\}$/, '}');
  expect(createHash('sha256').update(first.h).update(body).digest('hex')).toBe(second.h);
  expect(text.endsWith(`,"h":"${second.h}"}`)).toBe(true);
});

test('what was encoded is read back, whatever the data', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue()), fc.nat(), (data, seq) => {
      const { bytes, h } = encodeLine(zeroHash, { ...fields, seq, data });
      const decoded = decodeLine(withoutNewline(bytes), zeroHash, seq);
      expect(decoded).toMatchObject({ kind: 'good', h, version: 1 });
      if (decoded.kind !== 'good') return;
      expect(decoded.fields.at).toBe(fields.at);
      expect(JSON.stringify(decoded.fields.data)).toBe(JSON.stringify(data));
    }),
    { numRuns: 40 },
  );
});

test('no change of a byte goes unnoticed', () => {
  const line = withoutNewline(encodeLine(zeroHash, fields).bytes);
  fc.assert(
    fc.property(fc.nat(line.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const changed = Buffer.from(line);
      changed[at] = (changed[at] as number) ^ change;
      expect(decodeLine(changed, zeroHash, 0).kind).not.toBe('good');
    }),
    { numRuns: 2000 },
  );
});

test('a line does not fit a chain or a place that is not its own', () => {
  const line = withoutNewline(encodeLine(zeroHash, fields).bytes);
  expect(decodeLine(line, 'f'.repeat(64), 0)).toMatchObject({ kind: 'bad', because: 'hash does not match' });
  expect(decodeLine(line, zeroHash, 3)).toMatchObject({ kind: 'bad', because: 'has number 0 where 3 belongs' });
});
