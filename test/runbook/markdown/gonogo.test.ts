import { describe, expect, it } from 'vitest';
import { codes, load, model, outline } from './load-text.ts';

const front = '---\ngonogo: 1\ntitle: T\ninputs:\n  service: { prompt: Service }\n---\n';

describe('front matter', () => {
  it('of another tool gives its title and I112', () => {
    const { runbook, diagnostics } = load('---\ntitle: Hugo\ndate: 2024-01-01\nweird: [\n---\n\n- [ ] x\n');
    expect(runbook?.plain).toBe(true);
    expect(runbook?.title).toBe('Hugo');
    expect(codes(diagnostics).map((code) => code.slice(-4))).toEqual(['I112']);
  });

  it('that lacks "gonogo: 1" is W113', () => {
    expect(load('---\ninputs: {}\n---\n\n- [ ] x\n').diagnostics.map(({ code }) => code)).toEqual(['W113']);
  });

  it('that is never closed is E215', () => {
    expect(load('---\ngonogo: 1\n\n# T\n\n- [ ] x\n').diagnostics.map(({ code }) => code)).toEqual(['E215']);
  });

  it('is not what stands between two rules', () => {
    const text = '---\n\nRead this first.\n\n- [ ] and this\n\n---\n\n- [ ] x\n';
    expect(outline(model(text))).toEqual(['# 0 example', '0.1 and this (manual)', '0.2 x (manual)']);
  });

  it('keeps the numbers of the lines below it', () => {
    expect(model(`${front}\n- [ ] x\n`).phases[0]?.steps[0]?.line).toBe(8);
  });

  it('alone is E102', () => {
    expect(load(front).diagnostics.map(({ code }) => code)).toEqual(['E102']);
  });
});

describe('fences of gonogo', () => {
  it('of a shell are commands whatever tool they call, where a plain file takes an unknown word for output', () => {
    const step = '# T\n\n## A\n\n1. Do it\n\n   ```sh\n   frobnicate\n   ```\n';
    const commands = (text: string) => model(text).phases[0]?.steps[0]?.actions.length;
    expect(commands(`---\ngonogo: 1\ntitle: T\n---\n${step}`)).toBe(1);
    expect(commands(step)).toBe(0);
  });

  const fence = (kind: string, body: string): string => `\`\`\`${kind}\n${body}\n\`\`\`\n`;
  const decide = fence('decide', 'Go: next\nNo: stop');

  it('are actions of their item or steps under their paragraph', () => {
    const text = `${front}\n## A\n\n- [ ] a\n${decide.replace(/^/gm, '  ').trimEnd()}\n\nNow tell them:\n\n${fence('message', 'text: hello')}\n${fence('approve', 'role: lead')}`;
    expect(outline(model(text))).toEqual([
      '# 1 A',
      '1.1 a (decide)',
      '1.2 Now tell them (message)',
      '1.3 Now tell them (approve)',
    ]);
  });

  it('are text in a plain file', () => {
    expect(outline(model(`## A\n\n- [ ] a\n\n${decide}`))).toEqual(['# 1 A', '1.1 a (manual)']);
  });

  it('name their step', () => {
    const text = `${front}\n## A {name=first}\n\n- [ ] a {name=one owe=2h critical}\n\n${fence('sh {name=two when=service}', 'ls')}\n${fence('message', 'name: three\ntext: x')}`;
    const [phase] = model(text).phases;
    expect(phase?.name).toBe('first');
    expect(phase?.title).toBe('A');
    expect(phase?.steps.map(({ name, owe, critical, optional }) => ({ name, owe, critical, optional }))).toEqual([
      { name: 'one', owe: '2h', critical: true, optional: false },
      { name: 'two', owe: null, critical: false, optional: true },
      { name: 'three', owe: null, critical: false, optional: false },
    ]);
    expect(phase?.steps[0]?.title).toBe('a');
  });

  it('with errors leave no model', () => {
    const { runbook, diagnostics } = load(`${front}\n## A\n\n${fence('decide', 'Go: next\nBack: "#nowhere"')}`);
    expect(runbook).toBeNull();
    expect(codes(diagnostics)).toEqual(['12: E218']);
  });

  it('ask for inputs that commands may use', () => {
    const ask = fence('ask', 'ticket: { prompt: Ticket }');
    const text = `${front}\n## A\n\n${ask}\n${fence('sh', 'echo "$TICKET" "$SERVICE"')}`;
    expect(codes(load(text).diagnostics)).toEqual([]);
  });
});

describe('undo fences', () => {
  it('belong to the step of the command before them, last first', () => {
    const undo = (line: string): string => `\`\`\`sh {undo}\n${line}\n\`\`\`\n\n`;
    const text = `${front}\n## A\n\n\`\`\`sh\nkubectl scale deploy/a --replicas=0\n\`\`\`\n\nTo reverse:\n\n${undo('echo one')}${undo('echo two')}## B\n\n- [ ] x\n`;
    const runbook = model(text);
    expect(outline(runbook)).toEqual(['# 1 A', '1.1 A (command)', '# 2 B', '2.1 x (manual)']);
    expect(runbook.phases[0]?.steps[0]?.undo.map(({ script }) => script)).toEqual(['echo two', 'echo one']);
  });

  it('without one are E217', () => {
    const text = `${front}\n## A\n\n\`\`\`sh {undo}\nls\n\`\`\`\n`;
    expect(codes(load(text).diagnostics)).toContain('10: E217');
  });
});

describe('placeholders', () => {
  it('of the same text are one input', () => {
    const text = '# T\n\n```sh\nkubectl get pod <pod>\n```\n\n```sh\nkubectl delete pod <pod> -n <ns>\n```\n';
    expect(model(text).inputs.map(({ name, line }) => [name, line])).toEqual([
      ['P_POD', 4],
      ['P_NS', 8],
    ]);
  });
});
