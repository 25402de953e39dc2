import { afterAll, describe, expect, test } from 'vitest';
import { Workspace } from '../support/workspace.ts';
import { describeBadFiles } from './support/bad-files.ts';
import { expectNothingRaw } from './support/raw.ts';
import { gonogo, withCommand } from './support/runbooks.ts';

const place = new Workspace();
afterAll(() => place.close());

interface ShownCommand {
  readonly script: string;
  readonly lines: readonly (readonly [number, number])[];
  readonly blocked: string | null;
}
interface Shown {
  readonly phases: readonly ShownPhase[];
  readonly inputs: readonly { readonly name: string; readonly default: string | null }[];
}
interface ShownPhase {
  readonly title: string;
  readonly steps: readonly ShownStep[];
}
interface ShownStep {
  readonly title: string;
  readonly steps: readonly ShownStep[];
  readonly commands: readonly ShownCommand[];
}

const show = (name: string, text: string): Shown => {
  const shown = place.gonogo(['show', place.write(name, text), '--format', 'json']);
  expect(shown.err).toBe('');
  expect(shown.code).toBe(0);
  expectNothingRaw(shown.out);
  return JSON.parse(shown.out);
};

const commandsIn = (steps: readonly ShownStep[]): readonly ShownCommand[] =>
  steps.flatMap((one) => [...one.commands, ...commandsIn(one.steps)]);
const commandsOf = (shown: Shown): readonly ShownCommand[] => shown.phases.flatMap(({ steps }) => commandsIn(steps));

const nested = (depth: number): string =>
  Array.from({ length: depth }, (_, i) => `${'  '.repeat(i)}- item ${i}`).join('\n');

describeBadFiles('Markdown that is odd', [
  {
    title: '31 unclosed fence',
    text: '# Deploy\n\n1. One\n\n   ```sh\n   echo one\n\n2. Two\n',
    place: '5:4: W301',
    says: 'code block opened line 5 never closed',
    next: /close|```/,
  },
  {
    title: '33 checkbox with a space in it',
    text: '# Deploy\n\n- [X ] One\n- [ ] Two\n',
    place: '3:3: W302',
    says: 'checkbox is not "[ ]" or "[x]"',
    next: 'with one character between the brackets',
  },
  {
    title: '37 nested lists 200 deep',
    text: `# Deploy\n\n${nested(200)}\n`,
    place: '103:1: E304',
    says: 'deep',
    next: /\. \S/,
  },
]);

test('31 an unclosed fence ends with its list item, and the step after it is there', () => {
  const shown = show('unclosed.md', '# Deploy\n\n1. One\n\n   ```sh\n   echo one\n\n2. Two\n');
  expect(shown.phases.flatMap(({ steps }) => steps.map(({ title }) => title))).toEqual(['One', 'Two']);
  expect(commandsOf(shown).map(({ script }) => script.trim())).toEqual(['echo one']);
});

test('32 a fence in a list in a quote has exact lines', () => {
  const shown = show(
    'quoted.md',
    '# Deploy\n\n> - One\n>   - Two\n>\n>     ```sh\n>     echo one\n>     echo two\n>     ```\n',
  );
  expect(commandsOf(shown)).toMatchObject([{ script: 'echo one\necho two', lines: [[7, 8]] }]);
});

test('34 a command in an HTML comment is shown as text and is none', () => {
  const text = '# Deploy\n\n<!--\n```sh\ntouch pwned\n```\n- [ ] hidden\n-->\n\n- [ ] Real\n';
  const shown = show('comment.md', text);
  expect(commandsOf(shown)).toEqual([]);
  expect(shown.phases.flatMap(({ steps }) => steps.map(({ title }) => title))).toEqual(['Real']);
});

test('35 a line of 100,000 columns neither hangs nor is cut', () => {
  const word = 'x'.repeat(100_000);
  const path = place.write(
    'long.md',
    `# Deploy\n\n1. Look\n\n   At ${word}\n\n   \`\`\`sh\n   echo ${word}\n   \`\`\`\n`,
  );
  const began = performance.now();
  const { out, code } = place.gonogo(['run', path, '--plain'], 'q\n');
  expect(performance.now() - began).toBeLessThan(5_000);
  expect(code).toBe(6);
  expect(out.includes(`At ${word}\n`) && out.includes(`$ echo ${word}\n`)).toBe(true);
});

test('36 links, images and titles are text, whatever they hold', () => {
  const hostile = '\u001b]8;;javascript:alert(1)\u0007';
  const text = `# De\u001b]0;owned\u0007ploy\n\n- [ ] [click](javascript:alert(1)) ![x](data:image/png;base64,AA==)\n- [ ] ${hostile}here\u202e\u009b2J\n\n${hostile} prose\n`;
  const path = place.write('links.md', text);
  for (const args of [
    ['show', path],
    ['show', path, '--format', 'json'],
    ['check', path],
    ['plan', path],
    ['trust', path, '--yes'],
  ]) {
    const { out, err } = place.gonogo(args);
    expectNothingRaw(out);
    expectNothingRaw(err);
  }
  const walked = place.gonogo(['run', path, '--plain'], '\n\n');
  expect(walked.code).toBe(0);
  expectNothingRaw(walked.out);
  expect(walked.out).toContain('^[]8;;javascript:alert(1)^Ghere⟨U+202E⟩⟨U+009B⟩2J');
  expectNothingRaw(place.gonogo(['runs']).out);
  expectNothingRaw(place.gonogo(['runs', '--format', 'json']).out);
  expectNothingRaw(place.gonogo(['export', place.runs()[0] ?? '', '--format', 'json']).out);
  expectNothingRaw(place.gonogo(['export', place.runs()[0] ?? '']).out);
});

test('12 Windows line ends count as lines: a problem stands where an editor shows it', () => {
  const text = withCommand('echo “hi”').replaceAll('\n', '\r\n');
  const { out } = place.gonogo(['check', place.write('crlf.md', text)]);
  expect(out).toMatch(/crlf\.md:12:9: E405 /);
});

test('18 19 21 numbers are kept as they are written', () => {
  const inputs =
    'inputs:\n  version: { default: 1.10 }\n  sha: { default: 1234e5 }\n  big: { type: integer, default: 9007199254740993 }\n  switch: { default: no }\n';
  const path = place.write(
    'numbers.md',
    gonogo('1. Say\n\n   ```sh\n   echo "$VERSION $SHA $BIG $SWITCH"\n   ```\n', inputs),
  );
  const shown = JSON.parse(place.gonogo(['show', path, '--format', 'json']).out) as Shown;
  expect(shown.inputs.map((input) => input.default)).toEqual(['1.10', '1234e5', '9007199254740993', 'no']);
  place.gonogo(['trust', path, '--yes']);
  const { out } = place.gonogo(['run', path, '--auto']);
  expect(out).toContain('| 1.10 1234e5 9007199254740993 no');
});

test('I328: a shell fence that is taken as sample output is named by check and show, and fails no --strict', () => {
  const path = place.write('deploy.md', '# Deploy\n\n1. Do it\n\n   ```sh\n   Frobnicate it\n   ```\n');
  for (const strict of [[], ['--strict']]) {
    const { code, out } = place.gonogo(['check', path, ...strict]);
    expect(out).toMatch(/deploy\.md:6:4: I328 .*"Frobnicate it".*begin each of its commands with "\$ "/);
    expect(code).toBe(0);
  }
  const { diagnostics } = JSON.parse(place.gonogo(['show', path, '--format', 'json']).out);
  expect(diagnostics).toMatchObject([{ code: 'I328', severity: 'info', line: 6 }]);
});

describe('warnings of a runbook', () => {
  const unclosed = '# Deploy\n\n1. Look\n\n   ```sh\n   echo one\n';

  test('are told by everything that shows or runs it, not by check alone', () => {
    const path = place.write('unclosed.md', unclosed);
    const warning = /unclosed\.md:5:4: W301 code block opened line 5 never closed\. close it with ```/;
    for (const args of [
      ['show', path],
      ['plan', path],
      ['trust', path, '--yes'],
    ]) {
      const { code, out, err } = place.gonogo(args);
      expect(err).toMatch(warning);
      expect(out).toContain('echo one');
      expect(code).toBe(0);
    }
    const { out } = place.gonogo(['run', path, '--plain'], 'q\n');
    expect(out).toMatch(
      /note {2}Runbook: W301 .*unclosed\.md:5: code block opened line 5 never closed\n.*gonogo check/,
    );
    const record = place.gonogo(['export', place.runs().at(-1) ?? '']).out;
    expect(record).toContain('Preflight warning: Runbook: W301');
  });

  test('of the runbooks it leads to are told, too', () => {
    place.write('back.md', `${unclosed}\n`);
    const path = place.write('to-back.md', gonogo('- [ ] One\n', 'rollback: { runbook: back.md }\n'));
    expect(place.gonogo(['plan', path]).err).toMatch(/^\S*back\.md:5:4: W301 /);
    expect(place.gonogo(['run', path, '--plain'], 'q\n').out).toMatch(/note {2}Runbook: W301 \S*back\.md:5: /);
  });

  test('that the operator meets at the step are told there', () => {
    const path = place.write('later.md', '# Deploy\n\n1. a\n\n   ```sh\n   echo “$UNSET_HERE”\n   ```\n');
    const { out } = place.gonogo(['run', path, '--plain'], 'q\n');
    expect(place.gonogo(['check', path]).out).toMatch(/W405/);
    expect(out).not.toContain('Runbook:');
    expect(place.gonogo(['show', path]).err).toBe('');
  });
});
