import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { analyse } from '../../../src/runbook/shell/analyse.ts';
import { rewriteSafely } from '../../../src/runbook/shell/placeholder-safety.ts';

const rewrite = (script: string) =>
  rewriteSafely(script, 'bash', (text) => analyse(text, { shell: 'bash', plain: true, inputs: [], context: null }));

/** Arguments that the script's `show` got, with the value in `P_X`. */
const argumentsOf = (script: string, value: string): string[] => {
  const show = `show() { printf '%s\\0' "$@"; }; export -f show\n`;
  const { stdout, stderr, status } = spawnSync('bash', ['--noprofile', '--norc', '-c', show + script], {
    env: { PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8', P_X: value },
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  expect(status).toBe(0);
  return stdout.split('\0').slice(0, -1);
};

/** Each calls `show` once; `@` in the expected arguments is the value. */
const scripts: readonly (readonly [string, readonly string[]])[] = [
  ['show <x>', ['@']],
  ['show a<x>b --opt=<x> c', ['a@b', '--opt=@', 'c']],
  ['show "<x>" "a <x> b"', ['@', 'a @ b']],
  ['show \'a <x> b\' \'{"n":"<x>"}\'', ['a @ b', '{"n":"@"}']],
  ["show $'a\\t<x>'", ['a\t@']],
  ['show "$(printf %s <x>)"', ['@']],
  ['show "$(printf %s "<x>")"', ['@']],
  ['show "`printf %s <x>`"', ['@']],
  ['Y=<x>; show "$Y"', ['@']],
  ['show "${NOTHING:-<x>}"', ['@']],
  ['if [ <x> = "$P_X" ]; then show same; fi', ['same']],
  ['if [[ <x> == "$P_X" ]]; then show same; fi', ['same']],
  ['case <x> in "$P_X") show same;; esac', ['same']],
  ['show "$(cat <<EOF\na <x> b\nEOF\n)"', ['a @ b']],
  ['for i in <x> b; do Y="$Y|$i"; done; show "$Y"', ['|@|b']],
  ['bash -c "show <x> b"', ['@', 'b']],
  ["bash -c 'show <x> b'", ['@', 'b']],
  ['bash -c "show \'a <x>\' b"', ['a @', 'b']],
  ['bash -c \'show "a <x>" b\'', ['a @', 'b']],
  ['bash -c "show \\"a <x>\\" b"', ['a @', 'b']],
  ["bash -c 'show '\\''a <x>'\\'' b'", ['a @', 'b']],
  ['eval "show a<x> b"', ['a@', 'b']],
  ['eval show a<x> b', ['a@', 'b']],
  ['bash <<EOF\nshow "a <x>" b\nEOF', ['a @', 'b']],
  ["bash <<EOF\nshow 'a <x>' b <x>\nEOF", ['a @', 'b', '@']],
  ['echo x | xargs -I_ITEM_ bash -c "show <x> _ITEM_"', ['@', 'x']],
];

const hostile = [
  '$(touch pwned)',
  '`touch pwned`',
  '; touch pwned;',
  '" ; touch pwned; "',
  "' ; touch pwned; '",
  '\'"\'"$(id)',
  '$HOME ${HOME} $((1+1))',
  '* ? [a-z] {a,b} ~',
  '\\',
  "\\'",
  '&& false || true | cat > x < y',
  '# comment',
  '-n',
  'a  b   c',
  '!x ^y^z',
  'é 漢 😀',
];

const line = fc
  .string({ unit: fc.constantFrom(...'ab \'"`$(){}[]<>|&;\\*?~#!=-/@%^,.:+0é'), minLength: 1, maxLength: 24 })
  .filter((value) => !value.includes('\0'));

describe('values of placeholders', () => {
  it.each(scripts)('%j keeps every value one argument', (script, expected) => {
    const { rewritten } = rewrite(script);
    expect(rewritten.findings).toEqual([]);
    for (const value of hostile) {
      expect(argumentsOf(rewritten.script, value)).toEqual(
        expected.map((argument) => argument.replaceAll('@', () => value)),
      );
    }
  });

  it('whatever the value', () => {
    const script = scripts.map(([text]) => `(${text}\n)`).join('\n');
    const { rewritten } = rewrite(script);
    expect(rewritten.findings).toEqual([]);
    fc.assert(
      fc.property(line, (value) => {
        const expected = scripts.flatMap(([, words]) => words.map((word) => word.replaceAll('@', () => value)));
        expect(argumentsOf(rewritten.script, value)).toEqual(expected);
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    'echo $((<x> + 1))',
    'echo "$((<x> + 1))"',
    '(( <x> > 1 )) && echo big',
    '[[ <x> -gt 1 ]]',
    'let n=<x>',
    'echo "${list[<x>]}"',
    'echo "${name:<x>}"',
    'list[<x>]=1',
    'read <x>',
    'declare <x>',
    "cat <<'EOF'\n<x>\nEOF",
    'python3 -c "print(<x>)"',
    "perl -e 'print <x>'",
    "awk '/<x>/' file",
    `ssh host "bash -c 'echo <x>'"`,
    `bash -c "eval 'echo <x>'"`,
  ])('%j is blocked: its value would be evaluated', (script) => {
    expect(rewrite(script).rewritten.findings.map(({ number }) => number)).toContain(418);
  });

  it('blocks text for a second shell where the shell cannot quote once more', () => {
    const { rewritten } = rewriteSafely('sh -c "echo <x>"', 'sh', (text) =>
      analyse(text, { shell: 'sh', plain: true, inputs: [], context: null }),
    );
    expect(rewritten.findings.map(({ number }) => number)).toEqual([418]);
  });
});
