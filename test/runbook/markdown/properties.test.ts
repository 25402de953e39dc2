import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadRunbook } from '../../../src/runbook/load.ts';
import { commandsOf, expandRanges } from './commands-of.ts';
import { load } from './load-text.ts';

/** Pieces that the reader treats specially, so that random documents reach every branch. */
const piece = fc.constantFrom(
  ...[
    '# ',
    '## ',
    '### Rollback',
    '- ',
    '* [ ] ',
    '- [X ] ',
    '1. ',
    '2) ',
    '> ',
    '```',
    '```sh',
    '~~~',
    '```sh {undo}',
  ],
  ...[
    '   ',
    '\t',
    '\n',
    '\n\n',
    '$ ls',
    '# ls',
    '% date',
    'user@h:~$ x',
    '> more',
    'cat <<EOF',
    'EOF',
    '\\',
    '`',
    '"',
    "'",
  ],
  ...['---', '===', '+++', '<!--', '-->', '<details>', '| a |', '|---|', '{name=x}', '{when=', '[a](#b)', '![x](y)'],
  ...[
    'kubectl get pods',
    'NAME  READY  STATUS',
    '<pod>',
    '$VAR',
    '{{ x }}',
    'for i in a; do',
    'done',
    '(if x)',
    'T+15m',
  ],
  ...[
    'gonogo: 1',
    'title: x',
    'inputs:',
    'Option A',
    'AWS',
    'é',
    '\u202E',
    '\u200B',
    '\uD800',
    '{"ok":true}',
    '$(',
    '&&',
    '|',
  ],
);

const document = fc
  .array(
    fc.oneof({ weight: 6, arbitrary: piece }, { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 8 }) }),
    {
      maxLength: 120,
    },
  )
  .chain((parts) =>
    fc
      .array(fc.constantFrom('', ' ', '\n'), { minLength: parts.length, maxLength: parts.length })
      .map((gaps) => parts.map((part, i) => part + gaps[i]).join('')),
  );

/** Time that this process has had: what else the machine does says nothing about the text. */
const processorMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
};

describe('any text', () => {
  it('gives a model or the reasons why there is none', () => {
    fc.assert(
      fc.property(document, (text) => {
        const { runbook, diagnostics } = load(text);
        expect(runbook !== null || diagnostics.some(({ severity }) => severity === 'error')).toBe(true);
        for (const { line, column } of diagnostics) expect(line >= 1 && column >= 1).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  it('any bytes too', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const { runbook, diagnostics } = loadRunbook(bytes, { path: 'x.md', offPath: 'auto' });
        expect(runbook !== null || diagnostics.length > 0).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('has every source line in at most one command, and never as output too', () => {
    fc.assert(
      fc.property(document, (text) => {
        const { runbook } = load(text);
        const commands = runbook === null ? [] : commandsOf(runbook.phases, true);
        const run = commands.flatMap(({ lines }) => expandRanges(lines));
        const sample = commands.flatMap((command) => expandRanges(command.sample?.lines ?? []));
        expect(new Set([...run, ...sample]).size).toBe(run.length + sample.length);
        expect(Math.max(0, ...run)).toBeLessThanOrEqual(text.split('\n').length);
      }),
      { numRuns: 1_000 },
    );
  });

  it('runs what its source lines say: every line of a script ends a source line', () => {
    fc.assert(
      fc.property(document, (text) => {
        const { runbook } = load(text);
        const source = text
          .replace(/^\uFEFF/, '')
          .replaceAll('\r\n', '\n')
          .split('\n');
        for (const command of runbook === null ? [] : commandsOf(runbook.phases, true)) {
          const lines = expandRanges(command.lines).map((line) => (source[line - 1] ?? '').toWellFormed().trimEnd());
          const script = command.original.split('\n');
          expect(lines).toHaveLength(script.length);
          script.forEach((line, i) => {
            expect(lines[i]?.endsWith(line.trim())).toBe(true);
          });
        }
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('a real document whose lines were shuffled, cut and doubled', () => {
  const folder = new URL('../fixtures/corpus/', import.meta.url);
  const documents = readdirSync(folder)
    .filter((name) => name.endsWith('.md'))
    .map((name) => readFileSync(new URL(name, folder), 'utf8').split('\n'));
  const edit = fc.record({
    at: fc.nat(400),
    what: fc.constantFrom('cut', 'double', 'indent', 'quote', 'halve'),
    to: fc.nat(400),
  });

  const edited = (lines: readonly string[], edits: readonly { at: number; what: string; to: number }[]): string => {
    const out = [...lines];
    for (const { at, what, to } of edits) {
      const i = at % out.length;
      const line = out[i] ?? '';
      if (what === 'cut') out.splice(i, 1);
      else if (what === 'double') out.splice(to % out.length, 0, line);
      else out[i] = what === 'indent' ? `   ${line}` : what === 'quote' ? `> ${line}` : line.slice(0, line.length / 2);
    }
    return out.join('\n');
  };

  it('still has every line in at most one command', () => {
    const text = fc
      .tuple(fc.constantFrom(...documents), fc.array(edit, { minLength: 1, maxLength: 40 }))
      .map(([lines, edits]) => edited(lines, edits));
    fc.assert(
      fc.property(text, (whole) => {
        const { runbook, diagnostics } = load(whole);
        expect(runbook !== null || diagnostics.some(({ severity }) => severity === 'error')).toBe(true);
        const run = (runbook === null ? [] : commandsOf(runbook.phases, true)).flatMap(({ lines }) =>
          expandRanges(lines),
        );
        expect(new Set(run).size).toBe(run.length);
      }),
      { numRuns: 300 },
    );
  });
});

describe('output between prompts', () => {
  const word = fc.constantFrom(
    'NAME',
    'api-1',
    'Running',
    '10.0.0.1',
    'kubectl',
    'rm',
    '-rf',
    '/',
    '> x',
    '# y',
    'ls',
    '"a"',
    '{',
    '}',
  );
  const output = fc.array(word, { minLength: 1, maxLength: 4 }).map((words) => words.join('  '));
  const command = fc.constantFrom(
    'kubectl get pods',
    'frobnicate',
    'cd /srv',
    'echo "a b"',
    "awk '{print $1}' x | sort",
    'true && date',
  );
  const prompt = fc.constantFrom('$', 'jo@web1:~$', '[root@web1 ~]#', 'sh-4.4#', '❯');

  it('is never executed, whatever it looks like', () => {
    const session = fc.array(fc.record({ command, outputs: fc.array(output, { maxLength: 5 }) }), {
      minLength: 1,
      maxLength: 5,
    });
    fc.assert(
      fc.property(prompt, session, (mark, runs) => {
        const lines = runs.flatMap((run) => [`${mark} ${run.command}`, ...run.outputs]);
        const { runbook } = load(`# T\n\n\`\`\`console\n${lines.join('\n')}\n\`\`\`\n`);
        const [only] = runbook === null ? [] : commandsOf(runbook.phases);
        const prompts = lines.flatMap((line, i) => (line.startsWith(`${mark} `) ? [i + 4] : []));
        const executed = expandRanges(only?.lines ?? []).filter((line) => !lines[line - 4]?.trim().startsWith('#'));
        expect(executed).toEqual(mark.startsWith('#') ? executed : prompts);
      }),
      { numRuns: 500 },
    );
  });
});

describe('100 kB of the worst', () => {
  const units = [
    '[',
    '*a ',
    '<',
    '`',
    '![',
    'a**b',
    '&',
    '[a](',
    '[a]: ',
    '<!-- ',
    '> ',
    '>',
    '- ',
    '1. ',
    '===\n',
    'a\n===\n',
    '- -\n',
    '- >\n',
    '* a\n\n',
    '- ```\n',
    '# a\n',
    '# a {name=x}\n',
    '- [X ] a\n',
    '```\n$ a\nb\n```\n',
    '1. a\n   ```sh\n   ls\n   ```\n',
    '\t',
    '  - a\n- b\n',
  ];
  it.each(units)('%j is read within 2 s', (unit) => {
    const text = unit.repeat(100_000 / unit.length);
    const before = processorMs();
    for (const whole of [text, `- [ ] ${text.replaceAll('\n', ' ')}`]) load(whole);
    expect(processorMs() - before).toBeLessThan(4_000);
  });

  const inFences = [
    '$ a\n',
    '$ a \\\n',
    '$ cat <<EOF\n',
    "echo '\n",
    'echo "$(\n',
    '$(',
    'if true; then\n',
    '(',
    'a | ',
    '<x> ',
    '# ls\nx\n',
    'ls -',
    'FOO=bar\n',
    'a()',
    '{ ',
    'sudo ',
    'function a\n',
    'a() {\n',
  ];
  it.each(inFences)('%j in a fence is read within 2 s', (unit) => {
    for (const language of ['sh', '']) {
      const text = `# T\n\n\`\`\`${language}\nls\n${unit.repeat(99_000 / unit.length)}\n\`\`\`\n`;
      const before = processorMs();
      load(text);
      expect(processorMs() - before).toBeLessThan(2_000);
    }
  });
});
