import { describe, expect, it } from 'vitest';
import { commandsOf } from './commands-of.ts';
import { codes, load, model, outline } from './load-text.ts';

const sh = (indent: string, line = 'ls'): string => `${indent}\`\`\`sh\n${indent}${line}\n${indent}\`\`\`\n`;

describe('steps', () => {
  it('are task items of every sort and ordered items, numbered by position', () => {
    const text = '# T\n\n## A\n\n- [ ] a\n* [x] b\n\n1. [ ] c\n1. d\n1. e\n\n3) f\n';
    expect(outline(model(text))).toEqual([
      '# 1 A',
      '1.1 a (manual)',
      '1.2 b (manual)',
      '1.3 c (manual)',
      '1.4 d (manual)',
      '1.5 e (manual)',
      '1.6 f (manual)',
    ]);
  });

  it('are bullets with a command, while other bullets are prose of what stands above', () => {
    const text = `# T\n\n## A\n\n- nothing\n- do it:\n${sh('  ')}- nothing either\n\n## B\n\n- [ ] x\n`;
    const { phases } = model(text);
    expect(outline(model(text))).toEqual(['# 1 A', '1.1 do it (command)', '# 2 B', '2.1 x (manual)']);
    expect(phases[0]?.prose).toBe('- nothing');
    expect(phases[0]?.steps[0]?.prose).toBe('- nothing either');
  });

  it('are fences under a paragraph or heading, each one its own step', () => {
    const text = `# T\n\n## A\n\n${sh('')}\nFirst **this**:\n\n${sh('')}\nNote\n\n| a |\n|---|\n\n${sh('')}${sh('')}`;
    expect(outline(model(text))).toEqual([
      '# 1 A',
      '1.1 A (command)',
      '1.2 First this (command)',
      '1.3 Note (command)',
      '1.4 Note (command)',
    ]);
    expect(model(text).phases[0]?.steps.map(({ line }) => line)).toEqual([5, 11, 20, 23]);
  });

  it('take the words above only from what leads to them, not from what led to other blocks', () => {
    const seen = 'You should see:\n\n```text\nready\n```\n';
    const text = `# T\n\n## A\n\nFirst:\n\n${sh('')}\n${seen}\n${sh('')}\nSecond:\n\n${sh('')}\n| a |\n|---|\n\n${sh('')}`;
    expect(outline(model(text))).toEqual([
      '# 1 A',
      '1.1 First (command)',
      '1.2 A (command)',
      '1.3 Second (command)',
      '1.4 A (command)',
    ]);
  });

  it('nest with their items', () => {
    const text = `# T\n\n- [ ] a\n  - [ ] b\n    1. c\n       - d\n${sh('         ')}  - plain\n- [ ] e\n`;
    expect(outline(model(text))).toEqual([
      '# 0 T',
      '0.1 a (manual)',
      '  0.1.1 b (manual)',
      '    0.1.1.1 c (manual)',
      '      0.1.1.1.1 d (command)',
      '0.2 e (manual)',
    ]);
    expect(model(text).phases[0]?.steps[0]?.prose).toBe('- plain');
  });

  it('are found below a plain bullet that only groups them', () => {
    expect(outline(model('# T\n\n- Web\n  - [ ] a\n  - [ ] b\n- Database\n  1. c\n'))).toEqual([
      '# 0 T',
      '0.1 a (manual)',
      '0.2 b (manual)',
      '0.3 c (manual)',
    ]);
  });

  it('have all the fences of their item in order, those in quotes too', () => {
    const text = `# T\n\n1. a\n${sh('   ', 'one')}   text\n\n${sh('   > ', 'ls -l')}\n${sh('   ', 'date')}`;
    const [step] = model(text.replace('one', 'pwd')).phases[0]?.steps ?? [];
    expect(step?.actions.map((action) => (action.kind === 'command' ? action.command.script : ''))).toEqual([
      'pwd',
      'ls -l',
      'date',
    ]);
  });

  it('keep the order when a fence follows the nested steps of its item', () => {
    const text = `# T\n\n1. a\n${sh('   ', 'pwd')}   1. b\n${sh('      ', 'ls')}\n   and then\n\n${sh('   ', 'date')}`;
    expect(outline(model(text))).toEqual([
      '# 0 T',
      '0.1 a (command)',
      '  0.1.1 b (command)',
      '  0.1.2 and then (command)',
    ]);
    expect(commandsOf(model(text).phases).map(({ script }) => script)).toEqual(['pwd', 'ls', 'date']);
  });

  it('take the fence at the margin on the next line, but not after a blank line', () => {
    const text = `# T\n\n## A\n\n1. a\n   - note\n${sh('')}${sh('', 'pwd')}2. b\n\n${sh('', 'date')}`;
    expect(outline(model(text))).toEqual(['# 1 A', '1.1 a (command command)', '1.2 b (manual)', '1.3 A (command)']);
  });

  it('are called by their command when the item has no words', () => {
    expect(outline(model(`# T\n\n1. ${sh('   ', 'kubectl get pods').trimStart()}`))).toEqual([
      '# 0 T',
      '0.1 kubectl get pods (command)',
    ]);
  });

  it('are not the entries of a table of contents', () => {
    const text = '# T\n\n1. [A](#a)\n   1. [B](#b)\n2. [C](#c)\n\n## A\n\n- [ ] x\n';
    expect(outline(model(text))).toEqual(['# 1 A', '1.1 x (manual)']);
  });

  it('are not what comments, HTML, tables and images hold', () => {
    const text =
      '# T\n\n<!--\n- [ ] hidden\n\n```sh\nrm -rf /\n```\n-->\n\n<pre>\nls\n</pre>\n\n![x](y.png)\n\n- [ ] seen <!-- not this -->\n';
    expect(outline(model(text))).toEqual(['# 0 T', '0.1 seen (manual)']);
    expect(commandsOf(model(text).phases)).toEqual([]);
  });

  it('are found between the tags of details', () => {
    const text = `# T\n\n<details>\n<summary>More</summary>\n\n${sh('')}\n</details>\n`;
    expect(outline(model(text))).toEqual(['# 0 T', '0.1 T (command)']);
  });

  it('take no title from what the details before them fold away', () => {
    const details = (inner: string): string => `<details>\n<summary>More</summary>\n\n${inner}\n\n</details>\n\n`;
    const folded = details('Nobody must read this.');
    const titles = (text: string): readonly (string | undefined)[] =>
      (model(`# T\n\n## A\n\n${text}`).phases[0]?.steps ?? []).map(({ title }) => title);
    expect(titles(`${folded}${sh('')}`)).toEqual(['A']);
    expect(titles(`First:\n\n${folded}${sh('')}`)).toEqual(['First']);
    expect(titles(`First:\n\n${details(sh(''))}${sh('')}`)).toEqual(['First', 'A']);
    expect(titles(`First:\n\n${details(`Inside:\n\n${sh('')}`)}${sh('')}`)).toEqual(['Inside', 'A']);
    expect(titles(`First:\n\n${details(`One.\n\n${details('Two.')}Three.`)}${sh('')}`)).toEqual(['First']);
    expect(titles(`<!-- <details> -->\n\nFirst:\n\n</details>\n\n${sh('')}Last:\n\n${sh('')}`)).toEqual(['A', 'Last']);
    expect(titles(`- [ ] a\n\n${details('- [ ] b\n\nThen a word:')}${sh('')}`)).toEqual(['a', 'b', 'A']);
  });

  it('are optional with "(if …)" in the title', () => {
    const steps = model('# T\n\n- [ ] a (if needed)\n- [ ] b (iffy)\n- [ ] if c\n').phases[0]?.steps;
    expect(steps?.map(({ optional }) => optional)).toEqual([true, false, false]);
  });
});

describe('checkboxes', () => {
  it('that are crooked are steps with W302 at the bracket', () => {
    const { diagnostics } = load('# T\n\n- [X ] a\n  - [] b\n- [ ]c\n- [x](y)\n');
    expect(diagnostics.map(({ code, line, column }) => [code, line, column])).toEqual([
      ['W302', 3, 3],
      ['W302', 4, 5],
      ['W302', 5, 3],
    ]);
  });
});

describe('an unclosed fence', () => {
  it('ends with its item, with W301 at its line', () => {
    const text = '# T\n\n1. a\n   ```sh\n   ls\n\n2. b\n';
    expect(outline(model(text))).toEqual(['# 0 T', '0.1 a (command)', '0.2 b (manual)']);
    expect(codes(load(text).diagnostics)).toEqual(['4: W301']);
    expect(commandsOf(model(text).phases).map(({ lines }) => lines)).toEqual([[[5, 5]]]);
  });

  it('ends with its quote and with the file', () => {
    expect(codes(load('# T\n\n> ```sh\n> ls\n\ntext\n\n```sh\npwd').diagnostics)).toEqual(['3: W301', '8: W301']);
  });

  it('does not run the words that follow it', () => {
    const text = '# T\n\n```sh\nkubectl get pods\n\nThen tell the others. They\nknow what to do.\n';
    expect(commandsOf(model(text).phases).map(({ lines }) => lines)).toEqual([[[4, 4]]]);
  });
});

describe('nesting', () => {
  it('deeper than 100 is E304 with the line', () => {
    const deep = Array.from({ length: 200 }, (_, i) => `${'  '.repeat(i)}- a`).join('\n');
    expect(codes(load(`# T\n\n${deep}\n`).diagnostics)).toEqual(['103: E304']);
    expect(codes(load(`# T\n\n${'> '.repeat(500)}a\n`).diagnostics)).toEqual(['3: E304']);
  });

  it('of forty is read', () => {
    const deep = Array.from({ length: 40 }, (_, i) => `${'   '.repeat(i)}1. a`).join('\n');
    expect(outline(model(`# T\n\n${deep}\n`))).toHaveLength(41);
  });
});

describe('lines', () => {
  it('are those of the source in lists, quotes, tabs and CRLF', () => {
    const text =
      '# T\r\n\r\n-\t[ ] a\r\n\r\n\t> 1. b\r\n\t>\r\n\t>    ```sh\r\n\t>    ls\r\n\t>\r\n\t>    pwd\r\n\t>    ```\r\n';
    const [command] = commandsOf(model(text).phases);
    expect(command?.lines).toEqual([[8, 10]]);
    expect(command?.script).toBe('ls\n\npwd');
  });

  it('and columns of a problem are those of the source', () => {
    const { diagnostics } = load('# T\n\n1. a\n   > ```console\n   > $ kube\u200Bctl get pods\n   > ```\n');
    const found = diagnostics.find(({ code }) => code === 'W402');
    expect([found?.line, found?.column]).toEqual([5, 12]);
  });
});
