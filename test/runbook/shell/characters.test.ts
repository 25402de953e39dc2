import { describe, expect, it } from 'vitest';
import { checkCharacters } from '../../../src/runbook/shell/characters.ts';

/** `401@17`: number and 1-based column. */
const found = (script: string): string[] =>
  checkCharacters(script).map(({ number, offset }) => `${number}@${offset + 1}`);

describe('checkCharacters', () => {
  it.each([
    ['kubectl get pods\u202Efdp', '401@17'],
    ['echo "\u2066hidden"', '401@7'],
    ['ls # \u202E comment', '401@6'],
    ['kubectl\u200B get pods', '402@8'],
    ['echo "a\u00ADb"', '402@8'],
    ['echo \uFEFFx', '402@6'],
    ['echo x\u{E0041}', '402@7'],
    ['echo "\u200D"', '402@7'],
    ['kub\u0435ctl get pods', '403@4'],
    ['bash -c "kub\u0435ctl get pods"', '403@13'],
    ['\u0441at /etc/hosts', '403@1'],
    ['echo \uFF4B', '403@6'],
    ['kubectl\u00A0get pods', '404@8'],
    ['ls\u3000-l', '404@3'],
    ['echo \u201Chello\u201D', '405@6'],
    ['grep \u2018x\u2019 y', '405@6'],
    ['kubectl delete pod x \u2013force', '406@22'],
    ['kubectl delete pod x \u2014force', '406@22'],
    ['ls \u2212l', '406@4'],
    ['echo \x1B]52;c;aGk=\x07', '407@6'],
    ['echo "a\x08b"', '407@8'],
    ['echo a\rb', '407@7'],
    ['echo \x9B31m', '407@6'],
    ['echo caf\u00E9', '422@9'],
    ['echo \u2705', '422@6'],
  ])('%j gives %s', (script, expected) => {
    expect(found(script)[0]).toBe(expected);
  });

  it.each([
    'kubectl get pods -n production\n\tls',
    'echo "caf\u00E9 – d\u00E9j\u00E0 vu…"',
    "echo 'it\u2019s done'",
    'ls # \u201Cquoted\u201D – and caf\u00E9',
    'echo "\u2764\uFE0F done"',
    'echo "\u{1F468}\u200D\u{1F4BB} on call"',
    'echo "\u{1F469}\u{1F3FD}\u200D\u{1F4BB}"',
    'echo "1\uFE0F\u20E3 first"',
    'echo "Привет"',
    'cat <<EOF\nÜberblick – “x”\nEOF',
  ])('%j is allowed', (script) => {
    expect(found(script)).toEqual([]);
  });

  it('names the code point and what to use instead', () => {
    expect(checkCharacters('kubectl get \u2013A')[0]).toMatchObject({
      message: 'U+2013 before an option',
      hint: 'use - or --',
    });
    expect(checkCharacters('echo \x1B[31m')[0]?.message).toBe('control character ^[');
    expect(checkCharacters('kub\u0435ctl get')[0]?.message).toBe(
      'mixed scripts in "kub\u0435ctl": U+0435 looks like "e"',
    );
  });

  it('warns once about a bare word', () => {
    expect(found('echo \u00E4\u00F6\u00FC')).toEqual(['422@6']);
  });
});
