import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildRecord } from '../../src/record/build.ts';
import { renderJson } from '../../src/record/json.ts';
import { renderMarkdown } from '../../src/record/markdown.ts';
import { checkSeal, sealText } from '../../src/record/seal.ts';
import { sha256 } from '../../src/session/exec-spec.ts';
import { library, succeeded } from './hotfix-runs.ts';

const record = buildRecord(succeeded().events, library);
const texts = { 'record.md': renderMarkdown(record), 'record.json': renderJson(record) };
const { head } = record.journal;

describe('seal', () => {
  it('is the last line and holds over every text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (body) => {
        const text = sealText(`${body}\n`, head);
        expect(text.split('\n').at(-2)).toMatch(new RegExp(`^seal: ${head} [0-9a-f]{64}$`));
        expect(checkSeal(text)).toEqual({ kind: 'intact', head });
        expect(checkSeal(new TextEncoder().encode(text.toWellFormed()))).toEqual({ kind: 'intact', head });
      }),
      { numRuns: 100 },
    );
  });

  it.each(Object.entries(texts))('of %s holds, and breaks with any byte that is changed', (_, text) => {
    const bytes = new TextEncoder().encode(text);
    expect(checkSeal(bytes)).toEqual({ kind: 'intact', head });
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const changed = bytes.slice();
        changed[at] = (changed[at] as number) ^ change;
        expect(['broken', 'missing']).toContain(checkSeal(changed).kind);
      }),
      { numRuns: 500 },
    );
  });

  it.each(Object.entries(texts))('of %s breaks when a byte is added or taken away', (_, text) => {
    fc.assert(
      fc.property(fc.nat(text.length - 2), (at) => {
        expect(checkSeal(`${text.slice(0, at)}${text.slice(at + 1)}`).kind).not.toBe('intact');
        expect(checkSeal(`${text.slice(0, at)}x${text.slice(at)}`).kind).not.toBe('intact');
      }),
      { numRuns: 200 },
    );
  });

  it('tells changed line ends from a changed text', () => {
    const pasted = texts['record.md'].replaceAll('\n', '\r\n');
    expect(checkSeal(pasted)).toEqual({ kind: 'intact-line-ends', head });
    expect(checkSeal(texts['record.md'].trimEnd())).toEqual({ kind: 'intact-line-ends', head });
    expect(checkSeal(pasted.replace('alice', 'mallory')).kind).toBe('broken');
  });

  it('is missing where a text was cut, and where something follows it', () => {
    expect(checkSeal('')).toEqual({ kind: 'missing' });
    expect(checkSeal(texts['record.md'].split('\n').slice(0, 20).join('\n'))).toEqual({ kind: 'missing' });
    expect(checkSeal(`${texts['record.md']}and one more line\n`)).toEqual({ kind: 'missing' });
    expect(checkSeal(texts['record.json'].replace('"\n}\n', '",\n  "extra": 1\n}\n'))).toEqual({ kind: 'missing' });
  });
});

describe('seal by hand', () => {
  let dir = '';
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), 'gonogo-seal-'));
    for (const [name, text] of Object.entries(texts)) writeFileSync(join(dir, name), text);
  });
  afterAll(() => rmSync(dir, { recursive: true }));

  const shell = (script: string): string => execFileSync('bash', ['-c', script], { cwd: dir, encoding: 'utf8' }).trim();

  it('can be checked in Markdown with the documented commands', () => {
    const found = shell(
      `head=$(tail -n 1 record.md | cut -d ' ' -f 2); { head -n -1 record.md; printf %s "$head"; } | sha256sum`,
    );
    expect(found.slice(0, 64)).toBe(texts['record.md'].trimEnd().split(' ').at(-1));
    expect(found.slice(0, 64)).toBe(sha256(`${texts['record.md'].split('\n').slice(0, -2).join('\n')}\n${head}`));
  });

  it('can be checked in JSON with the documented commands', () => {
    const found = shell(
      `head=$(tail -n 2 record.json | head -n 1 | cut -d '"' -f 4 | cut -d ' ' -f 1); { head -n -2 record.json; printf %s "$head"; } | sha256sum`,
    );
    expect(found.slice(0, 64)).toBe((JSON.parse(texts['record.json']) as { seal: string }).seal.split(' ')[1]);
  });
});
