import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OutputTail } from '../../src/ports/commands.ts';
import { countNewlines } from '../../src/shell/newlines.ts';
import { createLineTail, isMostlyBinary, shortTail, shownText } from '../../src/shell/output-text.ts';
import { createSpoolWriter, omittedIn, openSpool } from '../../src/shell/spool.ts';
import { createBench, until } from './support/commands.ts';

const lineFeeds = (bytes: Uint8Array): number => bytes.reduce((n, b) => n + (b === 10 ? 1 : 0), 0);

describe('counting lines', () => {
  it('agrees with looking at each byte, at every alignment', () => {
    const bytes = fc.array(fc.constantFrom(0, 9, 10, 11, 0x8a, 0x0b, 255, 65), { maxLength: 3000 });
    fc.assert(
      fc.property(bytes, fc.nat(7), (values, start) => {
        const array = Uint8Array.from(values);
        const from = Math.min(start, array.length);
        expect(countNewlines(array, from, array.length)).toBe(lineFeeds(array.subarray(from)));
      }),
    );
    const full = new Uint8Array(5000).fill(10);
    expect(countNewlines(full, 1, 4999)).toBe(4998);
  });
});

describe('the spool', () => {
  it('keeps the first and the last bytes of any output, and knows how much is missing', () => {
    const folder = mkdtempSync(join(tmpdir(), 'gonogo-spool-'));
    const path = join(folder, 'output.spool');
    try {
      fc.assert(
        fc.property(fc.array(fc.nat(90), { maxLength: 20 }), fc.integer({ min: 1, max: 70 }), (sizes, ring) => {
          const all: number[] = [];
          const writer = createSpoolWriter(path, { head: 50, ring });
          for (const size of sizes) {
            const chunk = Buffer.from(Array.from({ length: size }, (_, i) => (all.length + i) % 251));
            writer.write(chunk, 0, chunk.length);
            all.push(...chunk);
            writer.note({ written: all.length, raw: 0, newlines: 0, endsInNewline: false, timedOut: false });
          }
          writer.close();
          const reader = openSpool(path);
          const header = reader.header() as NonNullable<ReturnType<typeof reader.header>>;
          expect([...reader.read(0, Math.min(50, all.length)).bytes]).toEqual(all.slice(0, 50));
          const tail = reader.read(50, all.length);
          expect([...tail.bytes]).toEqual(all.slice(50).slice(-ring));
          if (tail.bytes.length > 0) expect(tail.from - 50).toBe(omittedIn(header));
          expect(omittedIn(header)).toBe(Math.max(0, all.length - 50 - ring));
          reader.close();
        }),
        { numRuns: 60 },
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe('output as text', () => {
  it('shows of progress the last state, of invalid UTF-8 a replacement, of a long line its beginning', () => {
    expect(shownText(Buffer.from('10%\r50%\r100%\ndone\r\n'))).toBe('100%\ndone\n');
    expect(shownText(Buffer.from([0x61, 0xff, 0x62, 0xe2, 0x82]))).toBe('a\uFFFDb\uFFFD');
    expect(shownText(Buffer.from('x'.repeat(5000)))).toBe(`${'x'.repeat(4096)}…`);
  });

  it('has the same lines however the bytes arrive', () => {
    const piece = fc.constantFrom('line', '\n', '\r', '\r\n', 'é', '🚀', '\u001b[32mok\u001b[0m', '10%\r20%', '\xff');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), fc.array(fc.nat(), { maxLength: 8 }), (pieces, places) => {
        const bytes = Buffer.from(pieces.join(''));
        const cuts = [0, ...places.map((p) => p % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
        const whole = createLineTail();
        whole.push(bytes);
        const parts = createLineTail();
        cuts.slice(1).forEach((to, i) => {
          parts.push(bytes.subarray(cuts[i], to));
        });
        expect(parts.lines()).toEqual(whole.lines());
      }),
    );
  });

  it('keeps 2,000 lines and nothing of an endless one', () => {
    const tail = createLineTail();
    for (let i = 0; i < 5_000; i++) tail.push(Buffer.from(`line ${i}\n`));
    expect([tail.lines().length, tail.lines()[0], tail.lines().at(-1)]).toEqual([2000, 'line 3000', 'line 4999']);
    for (let i = 0; i < 500; i++) tail.push(Buffer.alloc(10_000, 'y'));
    expect(tail.lines().at(-1)).toBe(`${'y'.repeat(4096)}…`);
  });

  it('gives the last whole lines within 4 KiB to the journal', () => {
    const lines = Array.from({ length: 300 }, (_, i) => `line ${i} ${'z'.repeat(30)}`);
    const tail = shortTail(Buffer.from(`${lines.join('\n')}\n`));
    expect(Buffer.byteLength(tail)).toBeLessThanOrEqual(4096);
    expect(lines.slice(-tail.split('\n').length)).toEqual(tail.split('\n'));
    expect(Buffer.byteLength(shortTail(Buffer.from('é'.repeat(9000))))).toBeLessThanOrEqual(4096);
  });

  it('tells binary output from text in any script', () => {
    expect(isMostlyBinary(Buffer.from('Ärger, 日本語, \u001b[1mbold\u001b[0m\n'))).toBe(false);
    expect(isMostlyBinary(Buffer.from(Array.from({ length: 500 }, (_, i) => (i * 37) % 256)))).toBe(true);
  });
});

describe('the output of a command', () => {
  it('is counted and hashed whole, and kept at both ends', async () => {
    const bench = createBench({ spool: { head: 4096, ring: 8192 } });
    const outcome = await bench.run('seq 1 200000; printf "no line feed at the end"');
    const all = `${Array.from({ length: 200_000 }, (_, i) => i + 1).join('\n')}\nno line feed at the end`;
    expect(outcome.output).toMatchObject({
      bytes: all.length,
      lines: 200_001,
      sha256: createHash('sha256').update(all).digest('hex'),
      omitted: all.length - 4096 - 8192,
      binary: false,
    });
    expect(outcome.output.tail.endsWith('199999\n200000\nno line feed at the end')).toBe(true);
    const text = await bench.text(1);
    expect(text.startsWith('1\n2\n3\n')).toBe(true);
    expect(text).toContain('\n… 1.3 MB left out …\n');
    expect(text.endsWith('200000\nno line feed at the end')).toBe(true);
  });

  it('may be one line of any length', async () => {
    const bench = createBench({ spool: { head: 4096, ring: 4096 } });
    const outcome = await bench.run('head -c 30000000 /dev/zero | tr "\\0" x');
    expect(outcome.output).toMatchObject({ bytes: 30_000_000, lines: 1, binary: false });
    expect(outcome.output.tail.length).toBeLessThanOrEqual(4096);
  });

  it('is described, not shown, when it is mostly binary', async () => {
    const bench = createBench();
    const outcome = await bench.run('head -c 100000 /bin/bash');
    expect(outcome.output).toMatchObject({ bytes: 100_000, binary: true, tail: '' });
    expect(await bench.commands.output(1)).toMatchObject({ text: '', bytes: 100_000, binary: true });
  });

  it('is followed while the command runs, and told once more at the end', async () => {
    const bench = createBench();
    const running = await bench.start('echo first; while [ ! -e go ]; do sleep 0.01; done; echo second');
    const seen: OutputTail[] = [];
    running.onOutput((tail) => seen.push(tail));
    await until('the first line', () => seen.some((tail) => tail.tail.includes('first')));
    expect(seen.at(-1)).toMatchObject({ bytes: 6, lines: 1, binary: false });
    await bench.run('touch go');
    await running.ended;
    expect(seen.at(-1)).toEqual({ bytes: 13, lines: 2, tail: ['first', 'second'], binary: false });
  });

  it('is told to whoever listens after a short command has ended', async () => {
    const bench = createBench();
    const running = await bench.start('echo quick');
    await running.ended;
    const seen: OutputTail[] = [];
    running.onOutput((tail) => seen.push(tail));
    await until('the output', () => seen[0]?.tail[0] === 'quick');
  });

  it('does not exist before the attempt', async () => {
    expect(await createBench().commands.output(7)).toBe(null);
  });
});
