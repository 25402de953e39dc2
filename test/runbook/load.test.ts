import { describe, expect, it } from 'vitest';
import { loadRunbook } from '../../src/runbook/load.ts';
import type { LoadResult } from '../../src/runbook/model.ts';

const load = (text: string, path: string, environment: readonly string[] = []): LoadResult =>
  loadRunbook(new TextEncoder().encode(text), { path, offPath: 'auto', environment });

const yaml = 'gonogo: 1\ntitle: From YAML\nphases:\n  - title: A\n    steps:\n      - { title: look, run: ls }\n';

describe('loadRunbook', () => {
  it('picks the notation by the ending of the path', () => {
    expect(load(yaml, 'a.yaml').runbook?.title).toBe('From YAML');
    expect(load(yaml, 'dir/b.YML').runbook?.title).toBe('From YAML');
    expect(load('- [ ] x\n', 'dir/notes').runbook?.title).toBe('notes');
    expect(load('- [ ] x\n', 'C:\\dir\\deploy.v2.md').runbook?.title).toBe('deploy.v2');
  });

  it('hands out no model with an error, whatever found it', () => {
    const twice = `${yaml}      - { title: again, name: look, run: ls }\n      - { title: more, name: look, run: ls }\n`;
    const { runbook, diagnostics } = load(twice, 'a.yaml');
    expect(runbook).toBeNull();
    expect(diagnostics.map(({ code }) => code)).toContain('E213');
  });

  it('warns of the same in a plain file, which can still be run', () => {
    const { runbook, diagnostics } = load('# T\n\n## A {#x}\n\n- [ ] a\n\n## B {#x}\n\n- [ ] b {owe=soon}\n', 'a.md');
    expect(runbook).not.toBeNull();
    expect(diagnostics.map(({ code, severity }) => [code, severity])).toEqual([
      ['W213', 'warning'],
      ['W217', 'warning'],
    ]);
  });

  it('reports in reading order', () => {
    const text = '# T\n\n- [X ] a\n\n```sh\necho "$NOBODY"\n```\n\n```sh\nls\n';
    expect(load(text, 'a.md').diagnostics.map(({ line, code }) => [line, code])).toEqual([
      [3, 'W302'],
      [6, 'W411'],
      [9, 'W301'],
    ]);
  });

  it('asks for variables that neither the document nor the environment sets', () => {
    const text = '# T\n\n```sh\nexport A=1\necho "$A" "$B" "$C"\n```\n';
    expect(load(text, 'a.md', ['B']).runbook?.inputs.map(({ variable }) => variable)).toEqual(['C']);
  });
});
