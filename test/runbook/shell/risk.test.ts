import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Analysis, analyse } from '../../../src/runbook/shell/analyse.ts';

const of = (script: string): Analysis => analyse(script, { shell: 'bash', plain: false, inputs: [], context: null });

const sections = readFileSync(new URL('fixtures/risks.txt', import.meta.url), 'utf8')
  .split(/^== /m)
  .slice(1)
  .map((section) => {
    const [risk, ...lines] = section.split('\n').filter((line) => line !== '');
    return { risk: risk as string, lines };
  });

describe('risk', () => {
  it.each(sections)('$risk', ({ risk, lines }) => {
    const wrong = lines.filter((line) => of(line).risk !== risk).map((line) => `${of(line).risk}: ${line}`);
    expect(wrong).toEqual([]);
    expect(lines.length).toBeGreaterThan(90);
  });

  it('says why, the worst first', () => {
    expect(of('kubectl apply -f x\nkubectl delete ns y\nls > z').because).toEqual([
      'kubectl delete: deletes objects',
      'kubectl apply: changes objects',
      '> z: writes a file',
    ]);
    expect(of('kubectl get pods').because).toEqual([]);
    expect(of('"$X" get').because).toEqual(['a command that is not known before it runs']);
  });

  it('gives every change and destroy a reason', () => {
    for (const { risk, lines } of sections.slice(1)) {
      expect(lines.filter((line) => of(line).because.length === 0).map((line) => `${risk}: ${line}`)).toEqual([]);
    }
  });

  it('judges text in text in text', () => {
    const nest = (depth: number): string => (depth === 0 ? 'rm -rf /' : `bash -c ${JSON.stringify(nest(depth - 1))}`);
    expect(of(nest(4)).risk).toBe('destroy');
    let script = 'rm -rf /data';
    for (let i = 0; i < 60; i += 1) script = `eval '${script.replaceAll("'", "'\\''")}'`.slice(0, 200_000);
    expect(of(script).risk).not.toBe('read');
  });

  it('calls code of other interpreters a change', () => {
    expect(analyse('print(1)', { shell: 'python3', plain: true, inputs: [], context: null }).risk).toBe('change');
  });

  it('judges 250 kB within a moment', () => {
    const script = sections.flatMap(({ lines }) => lines).join('\n');
    const large = `${script}\n`.repeat(Math.ceil(250_000 / script.length)).slice(0, 250_000);
    of(large);
    const started = performance.now();
    of(large);
    expect(performance.now() - started).toBeLessThan(1500);
  });
});
