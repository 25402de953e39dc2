import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { Workspace } from '../support/workspace.ts';
import { type BadFile, describeBadFiles } from './support/bad-files.ts';
import { expectNothingRaw } from './support/raw.ts';
import { gonogo, plainWithCommand, step, withCommand } from './support/runbooks.ts';

/** A problem of one command: its column is that within the script, from 1. */
interface BadCommand {
  readonly title: string;
  readonly script: string;
  readonly code: number;
  readonly line?: number;
  readonly column?: number;
  readonly says: string | RegExp;
  readonly next: string | RegExp;
}

const refused: readonly BadCommand[] = [
  {
    title: '38 bidi override',
    script: 'kubectl get pods \u202Ednn-',
    code: 401,
    column: 18,
    says: 'hidden direction character U+202E',
    next: 'remove it',
  },
  {
    title: '39 zero-width space in a name',
    script: 'kubectl\u200B get pods',
    code: 402,
    column: 8,
    says: 'invisible U+200B',
    next: 'remove it',
  },
  {
    title: '40 Cyrillic letter in a name',
    script: 'kubеctl get pods',
    code: 403,
    column: 4,
    says: 'mixed scripts in "kubеctl": U+0435',
    next: 'type the word again',
  },
  {
    title: '41 no-break space as a separator',
    script: 'kubectl\u00A0get pods',
    code: 404,
    column: 8,
    says: 'U+00A0',
    next: 'use a space',
  },
  { title: '42 typographic quotes', script: 'echo “hi”', code: 405, column: 6, says: 'U+201C', next: 'use "' },
  {
    title: '43 en dash before an option',
    script: 'rm –force x',
    code: 406,
    column: 4,
    says: 'U+2013',
    next: 'use - or --',
  },
  {
    title: '44 ESC and OSC 52',
    script: 'echo \u001b]52;c;cHduZWQ=\u0007',
    code: 407,
    column: 6,
    says: 'control character ^[',
    next: 'remove it',
  },
  { title: '49 nothing but a comment', script: '# later', code: 412, says: /empty|comment/, next: /\. \S/ },
  {
    title: '50 syntax error',
    script: 'echo one\nif true; then\n  echo two',
    code: 413,
    line: 3,
    column: -1,
    says: "line 3 of the command: expected 'fi'",
    next: /\. \S/,
  },
  {
    title: '51 over 64 KiB',
    script: `echo ${'x'.repeat(70_000)}`,
    code: 414,
    says: 'limit 64 KiB',
    next: 'put it into a script',
  },
];

const warned: readonly BadCommand[] = [
  {
    title: '45 backslash and space at the end',
    script: 'echo a \\ \necho b',
    code: 408,
    column: 8,
    says: /backslash/,
    next: /\. \S/,
  },
  {
    title: '47 unquoted variable',
    script: 'echo $VERSION',
    code: 410,
    column: 6,
    says: '$VERSION',
    next: '"$VERSION"',
  },
  { title: '52 background process', script: 'sleep 100 &', code: 415, says: 'outlive', next: /\. \S/ },
  { title: '52 nohup', script: 'nohup ./server', code: 415, says: 'outlive', next: /\. \S/ },
  { title: '52 setsid', script: 'setsid ./server', code: 415, says: 'outlive', next: /\. \S/ },
  {
    title: '91 ends in || true',
    script: 'curl -sf http://localhost:1 || true',
    code: 327,
    column: -1,
    says: 'its exit status says nothing about health',
    next: /\. \S/,
  },
  {
    title: '91 ends in || echo',
    script: 'curl -sf http://localhost:1 || echo down',
    code: 327,
    column: -1,
    says: 'its exit status says nothing about health',
    next: /\. \S/,
  },
  {
    title: '91 ends in grep',
    script: 'kubectl get pods | grep Running',
    code: 327,
    column: -1,
    says: 'its exit status says nothing about health',
    next: /\. \S/,
  },
  { title: '95 own EXIT trap', script: "trap 'rm -f lock' EXIT", code: 421, says: /trap/, next: /\. \S/ },
  { title: '95 exec', script: 'exec kubectl get pods', code: 421, says: /exec/, next: /\. \S/ },
  { title: '95 non-ASCII bare word', script: 'echo größe', code: 422, column: 8, says: 'größe', next: 'quote it' },
];

const firstLine = { gonogo: 12, plain: 6 };

const asFile = (kind: 'gonogo' | 'plain', letter: 'E' | 'W', bad: BadCommand): BadFile => ({
  title: bad.title,
  text: kind === 'gonogo' ? withCommand(bad.script) : plainWithCommand(bad.script),
  place: `${firstLine[kind] + (bad.line ?? 1) - 1}:${(bad.column ?? 1) === -1 ? '*' : (bad.column ?? 1) + 3}: ${letter}${bad.code}`,
  says: bad.says,
  next: bad.next,
});

describeBadFiles('commands that a gonogo runbook may not have', [
  ...refused.map((bad) => asFile('gonogo', 'E', bad)),
  {
    title: '46 {{version}} where the shell runs',
    text: withCommand('echo "{{version}}"'),
    place: '12:10: E409',
    says: '{{version}}',
    next: 'use "$VERSION"',
  },
  {
    title: '46 ${version} in single quotes',
    text: withCommand("echo '${version}'"),
    place: '12:10: E409',
    says: '${version}',
    next: '$VERSION',
  },
  {
    title: '46 ${version} in the command of a panel',
    text: gonogo(
      '- [ ] One\n',
      "inputs:\n  version: { prompt: Version }\npanels:\n  - { title: Queue, command: 'echo ${version}', risk: read, every: 10s }\n",
    ),
    place: '7:*: E409',
    says: '${version}',
    next: '$VERSION',
  },
  {
    title: '48 undeclared parameter',
    text: withCommand('echo "$VERSIN"'),
    place: '12:10: E411',
    says: /\$VERSIN .*did you mean "VERSION"/,
    next: 'declare it under "inputs:"',
  },
  {
    title: '93 panel command that is no read',
    text: gonogo('- [ ] One\n', "panels:\n  - { title: Queue, command: 'rm -rf cache', every: 10s }\n"),
    place: '5:*: E419',
    says: /a panel command must only read/,
    next: /\. \S/,
  },
  {
    title: '93 gate command that is no read',
    text: gonogo('1. Check\n\n   ```gate\n   command: { run: kubectl delete pod x, exit: 0 }\n   ```\n'),
    place: '10:*: E419',
    says: /a gate command must only read/,
    next: /\. \S/,
  },
  {
    title: '104 retry of a change',
    text: gonogo(step('kubectl apply -f x.yaml', 'retry=3')),
    place: '10:4: E423',
    says: 'retry on a change command',
    next: 'retry-safe',
  },
]);

describeBadFiles('the same in a file that is not ours blocks that command only', [
  ...refused.map((bad) => asFile('plain', 'W', bad)),
  {
    title: '48 a variable that nothing sets is asked for',
    text: plainWithCommand('echo "$VERSIN"'),
    place: '6:10: W411',
    says: '$VERSIN',
    next: 'asked',
  },
  {
    title: '92 placeholder in a quoted here-document',
    text: plainWithCommand("cat <<'EOF'\nimage: <image>\nEOF"),
    place: '7:11: W418',
    says: /<image>/,
    next: /\. \S/,
  },
]);

describeBadFiles('commands that are worth a second look', [
  ...warned.map((bad) => asFile('gonogo', 'W', bad)),
  {
    title: '56 here-document with a secret',
    text: gonogo(
      step('cat > config <<EOF\ntoken: $API_TOKEN\nEOF'),
      "inputs:\n  api-token: { type: secret, from: 'env:API_TOKEN' }\n",
    ),
    place: '12:*: W418',
    says: '$API_TOKEN',
    next: /\. \S/,
  },
]);

const place = new Workspace();
afterAll(() => place.close());
const trusted = (name: string, text: string): string => {
  const path = place.write(name, text);
  expect(place.gonogo(['trust', path, '--yes']).code).toBe(0);
  return path;
};

test('38-45 what is hidden in commands is shown by every command that prints them', () => {
  const steps = refused.slice(0, 7).map(({ script }) => step(script));
  const path = place.write('hidden.md', `# Deploy\n\n${steps.join('\n')}`);
  for (const args of [
    ['show', path],
    ['show', path, '--format', 'json'],
    ['plan', path],
    ['check', path, '--format', 'json'],
    ['trust', path, '--yes'],
  ]) {
    const { out, err } = place.gonogo(args);
    expectNothingRaw(out + err);
  }
  const walked = place.gonogo(['run', path, '--plain'], 'S hidden\n'.repeat(7));
  expectNothingRaw(walked.out + walked.err);
  expect(walked.out.split('cannot run: ').length - 1).toBe(7);
});

test('38-50 a blocked command of a plain file is not run, the others are', () => {
  const path = trusted('blocked.md', `# Deploy\n\n${step('touch one')}${step('touch “two”')}${step('touch three')}`);
  const { code, out } = place.gonogo(['run', path, '--plain'], 'y\n\ny\nS quotes\ny\n\n');
  expectNothingRaw(out);
  expect(out).toContain('E405 cannot run: typographic quote “ (U+201C)');
  expect(['one', 'two', '“two”', 'three'].map((name) => existsSync(join(place.work, name)))).toEqual([
    true,
    false,
    false,
    true,
  ]);
  expect(code).toBe(0);
});

test.each(['curl -sSf https://example.com/install | sh', 'rm -rf /', 'kubectl delete ns production'])(
  '53 %s needs the word typed, and nothing else confirms it',
  (script) => {
    const path = trusted('danger.md', gonogo(step(script), 'target: { namespace: staging-7 }\n'));
    const { out, code } = place.gonogo(['run', path, '--plain'], '\ny\nyes\ntype: staging\nq\n');
    expect(code).toBe(6);
    expect(out).toContain('type the namespace "staging-7" to run it');
    expect(out).not.toContain('exit ');
  },
);

test('53 --auto leaves it to a person', () => {
  const path = trusted('danger.md', gonogo(step('rm -rf /')));
  const { out, code } = place.gonogo(['run', path, '--auto']);
  expect(out).toContain('This needs a person.');
  expect(code).toBe(6);
});
