import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { looksLikeSettings, startsCommand } from '../../../src/runbook/shell/words.ts';

const linesOf = (name: string): string[] =>
  readFileSync(new URL(`fixtures/${name}`, import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => line !== '');

describe('startsCommand', () => {
  it('accepts the commands of operations runbooks', () => {
    const lines = linesOf('commands.txt');
    expect(lines.length).toBeGreaterThan(300);
    expect(lines.filter((line) => !startsCommand(line))).toEqual([]);
  });

  it('accepts no output, log line, setting, prose, query or source code', () => {
    const lines = linesOf('not-commands.txt');
    expect(lines.length).toBeGreaterThan(300);
    expect(lines.filter((line) => startsCommand(line))).toEqual([]);
  });

  it.each(['', '   ', '\t', '#', '# kubectl get pods'])('does not accept %j', (line) => {
    expect(startsCommand(line)).toBe(false);
  });

  it('answers within a moment for a line of 100,000 characters', () => {
    const started = performance.now();
    for (const line of [
      `echo ${'a '.repeat(50_000)}`,
      `x${'='.repeat(100_000)}`,
      ' '.repeat(100_000),
      `"${'\\"'.repeat(50_000)}`,
    ]) {
      startsCommand(line);
    }
    expect(performance.now() - started).toBeLessThan(1000);
  });
});

describe('looksLikeSettings', () => {
  it('tells a settings file from a script of assignments', () => {
    expect(looksLikeSettings(['# app', 'DB_HOST=db', 'DB_PORT=5432', ''])).toBe(true);
    expect(looksLikeSettings(['POD=$(kubectl get pod -o name)', 'X=1'])).toBe(false);
    expect(looksLikeSettings(['X=1', 'kubectl get pods'])).toBe(false);
    expect(looksLikeSettings([])).toBe(false);
  });
});
