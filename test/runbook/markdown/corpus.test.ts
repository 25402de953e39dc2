import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadRunbook } from '../../../src/runbook/load.ts';
import { commandsOf, expandRanges } from './commands-of.ts';

const folder = new URL('../fixtures/corpus/', import.meta.url);

/** Lines of the corpus by label, and those of them that are in a command (`fixtures-format.md` says what labels mean). */
const measured = (): Record<string, { all: number; run: string[]; left: string[] }> => {
  const found: Record<string, { all: number; run: string[]; left: string[] }> = {};
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.md'))) {
    const bytes = readFileSync(new URL(name, folder));
    const labels = readFileSync(new URL(name.replace(/md$/, 'labels'), folder), 'utf8').split('\n');
    const { runbook } = loadRunbook(bytes, { path: name, offPath: 'auto' });
    const run = new Set(
      (runbook === null ? [] : commandsOf(runbook.phases, true)).flatMap(({ lines }) => expandRanges(lines)),
    );
    labels.forEach((label, i) => {
      found[label] ??= { all: 0, run: [], left: [] };
      const entry = found[label] as { all: number; run: string[]; left: string[] };
      entry.all += 1;
      entry[run.has(i + 1) ? 'run' : 'left'].push(`${name}:${i + 1}`);
    });
  }
  return found;
};

describe('the labelled corpus', () => {
  const { r, o, c } = measured();

  it('has at least 98 % of the lines that a careful reader would run in commands', () => {
    expect(r?.all).toBeGreaterThan(300);
    expect((r?.run.length ?? 0) / (r?.all ?? 1), `left out: ${r?.left.join(' ')}`).toBeGreaterThanOrEqual(0.98);
  });

  it('has no line of sample output in any', () => {
    expect(o?.all).toBeGreaterThan(200);
    expect(o?.run).toEqual([]);
  });

  it('has at most 1 in 100 lines of configuration and logs in any', () => {
    expect(c?.all).toBeGreaterThan(100);
    expect((c?.run.length ?? 0) / (c?.all ?? 1), `run: ${c?.run.join(' ')}`).toBeLessThanOrEqual(0.01);
  });
});
