import { describe, expect, it } from 'vitest';
import { buildCommand, type CommandSource } from '../../../src/runbook/command.ts';

const build = (script: string, more: Partial<CommandSource> = {}) =>
  buildCommand({
    script,
    shell: 'bash',
    lines: [[10, 10]],
    attributes: {},
    sample: null,
    plain: false,
    inputs: [],
    place: (offset) => {
      const before = script.slice(0, offset).split('\n');
      return { line: 9 + before.length, column: 3 + (before.at(-1) as string).length };
    },
    ...more,
  });

const codes = (script: string, more: Partial<CommandSource> = {}): string[] =>
  build(script, more).diagnostics.map(({ code, line, column }) => `${code}@${line}:${column}`);

describe('buildCommand', () => {
  it('gives a gonogo runbook errors and a plain file warnings of the same number', () => {
    const script = 'ls\nkub\u0435ctl get pods';
    expect(build(script).diagnostics).toMatchObject([{ code: 'E403', severity: 'error', line: 11, column: 6 }]);
    const plain = build(script, { plain: true });
    expect(plain.diagnostics).toMatchObject([{ code: 'W403', severity: 'warning', line: 11, column: 6 }]);
    expect(plain.command).toMatchObject({ blocked: 'E403', blockedBecause: expect.stringContaining('mixed scripts') });
  });

  it('does not block for what is only a warning', () => {
    const { command, diagnostics } = build('ls | grep x', { plain: true });
    expect(command).toMatchObject({ blocked: null, exitSaysNothing: true, endsInMatch: 'grep' });
    expect(diagnostics).toMatchObject([{ code: 'W327', severity: 'warning' }]);
  });

  it('leaves W327 out when the expectation is stated', () => {
    expect(codes('ls | grep x', { attributes: { expect: 'none' } })).toEqual([]);
    expect(codes('ls | grep x', { attributes: { exit: '1' } })).toEqual(['W327@10:8']);
  });

  it.each([
    ['if true; then', 'E413'],
    ['', 'E412'],
    ['cat \u201Cx\u201D', 'E405'],
    ["cat <<'EOF'\n<x>\nEOF", 'E418'],
    [`echo ${'x'.repeat(70_000)}`, 'E414'],
    ['kubectl config use-context x; kubectl apply -f y', 'E417'],
  ])('%j is blocked in a plain file', (script, code) => {
    expect(build(script, { plain: true }).command.blocked).toBe(code);
  });

  it('rewrites placeholders of plain files only, and asks for them at the step', () => {
    const script = 'kubectl logs <pod> -n <ns> && kubectl describe pod <pod>';
    const { command, inputs } = build(script, { plain: true });
    expect(command.original).toBe(script);
    expect(command.script).toBe('kubectl logs "${P_POD}" -n "${P_NS}" && kubectl describe pod "${P_POD}"');
    expect(command.placeholders).toEqual([
      { text: '<pod>', variable: 'P_POD' },
      { text: '<ns>', variable: 'P_NS' },
    ]);
    expect(command.uses).toEqual(['P_POD', 'P_NS']);
    expect(inputs).toMatchObject([
      { name: 'P_POD', variable: 'P_POD', type: 'text', prompt: '<pod>', askedAtStep: true, line: 10 },
      { name: 'P_NS' },
    ]);
    expect(build(script).command.script).toBe(script);
    expect(build(script).inputs).toEqual([]);
  });

  it('places findings after a placeholder where they stand in the source', () => {
    expect(codes('kubectl logs <pod> &', { plain: true })).toEqual(['W415@10:3']);
    expect(codes('echo <pod>\nnohup x', { plain: true })).toEqual(['W415@11:3']);
    expect(codes('echo <pod> | grep x', { plain: true })).toEqual(['W327@10:16']);
  });

  it('takes the stated risk', () => {
    const { command } = build('./report.sh', { attributes: { risk: 'read' } });
    expect(command.risk).toBe('read');
    expect(command.riskBecause).toEqual([
      'stated by the runbook: risk=read',
      './report.sh: a program that is not known',
    ]);
  });

  it('wants retry-safe for a retry of what is not a read', () => {
    expect(codes('kubectl apply -f x', { attributes: { retry: '3' } })).toEqual(['E423@10:3']);
    expect(codes('kubectl apply -f x', { attributes: { retry: '3', 'retry-safe': 'true' } })).toEqual([]);
    expect(codes('kubectl get pods', { attributes: { retry: '3' } })).toEqual([]);
  });

  it('wants reads in gates and panels', () => {
    expect(codes('kubectl apply -f x', { probe: 'gate' })).toEqual(['E419@10:3']);
    expect(codes('./queue.sh', { probe: 'panel', attributes: { risk: 'read' } })).toEqual([]);
    expect(codes('kubectl get pods -o json', { probe: 'gate' })).toEqual([]);
  });

  it('passes over attributes of other tools in a plain file', () => {
    const { command, diagnostics } = build('ls', { plain: true, attributes: { copyme: 'true', title: 'x' } });
    expect(command.blocked).toBeNull();
    expect(diagnostics.map(({ code }) => code)).toEqual(['W212']);
    expect(codes('ls', { attributes: { copyme: 'true' } })).toEqual(['E212@10:3']);
    expect(build('ls', { plain: true, attributes: { timeout: 'soon' } }).command.blocked).toBe('E217');
  });

  it('gives commands that ask a person the terminal, unless told otherwise', () => {
    expect(build('ssh host').command.options.tty).toBe(true);
    expect(build('kubectl get pods').command.options.tty).toBe(false);
    expect(build('ssh host', { attributes: { tty: 'false' } }).command.options.tty).toBe(false);
  });

  it('compares contexts with the target', () => {
    expect(codes('kubectl --context dev get ns', { context: 'prod' })).toEqual(['E416@10:3']);
  });

  it('lets gates and panels ask nothing but the pinned target', () => {
    for (const script of [
      'kubectl --kubeconfig x get ns',
      'KUBECONFIG=x kubectl get ns',
      'HELM_KUBEAPISERVER=https://x helm ls',
      'kubectl -s https://x get ns',
    ])
      for (const probe of ['gate', 'panel'] as const) expect(codes(script, { probe })).toEqual(['E416@10:3']);
    expect(codes('kubectl --kubeconfig "$KUBECONFIG" get ns', { probe: 'gate' })).toEqual([]);
  });

  it('knows a target step in a plain file, and refuses it in a gonogo runbook', () => {
    expect(build('kubectl config use-context x', { plain: true }).command).toMatchObject({
      targetStep: true,
      blocked: null,
    });
    expect(build('kubectl config use-context x').command).toMatchObject({ targetStep: false, blocked: 'E417' });
  });
});
