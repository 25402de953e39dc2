import { describe, expect, it } from 'vitest';
import {
  commandOptions,
  itemOptions,
  parseAttributes,
  splitTrailingAttributes,
} from '../../../src/runbook/attributes.ts';

const place = { line: 3, column: 4 };

describe('parseAttributes', () => {
  it.each([
    ['', null, {}],
    ['sh', 'sh', {}],
    ['Bash', 'bash', {}],
    [
      'sh {name=x timeout=5m expect="successfully rolled out" tty}',
      'sh',
      { name: 'x', timeout: '5m', expect: 'successfully rolled out', tty: 'true' },
    ],
    ['sh {expect=/ready \\d+/i exit=0}', 'sh', { expect: '/ready \\d+/i', exit: '0' }],
    ['sh {cwd=\'a b\' name="say \\"hi\\""}', 'sh', { cwd: 'a b', name: 'say "hi"' }],
    ['sh {when=STRATEGY==rolling owe=2h}', 'sh', { when: 'STRATEGY==rolling', owe: '2h' }],
    ['sh{background}', 'sh', { background: 'true' }],
    [
      'sh {"name":"x","interactive":"true","background":"false","excludeFromRunAll":"true"}',
      'sh',
      { name: 'x', tty: 'true' },
    ],
    ['sh { name=x interactive=false }', 'sh', { name: 'x', tty: 'false' }],
    ['sh {"interpreter":"python3","cwd":"..","promptEnv":"no"}', 'sh', { shell: 'python3', cwd: '..' }],
    ['yaml {1,3-4}', 'yaml', {}],
    ['{.bash .numberLines #id}', 'bash', {}],
    ['shell{{execute}}', 'shell', {}],
    ['bash title="x"', 'bash', {}],
    ['console?lang=x', 'console', {}],
    ['bash,copy', 'bash', {}],
  ])('%j', (info, language, attributes) => {
    expect(parseAttributes(info)).toEqual({ language, attributes, problems: [] });
  });

  it.each([
    ['sh {name=x', 'E217', 3],
    ['sh {name="x}', 'E217', 4],
    ['sh {"name":}', 'E217', 3],
    ['sh {name=x name=y}', 'E202', 11],
  ])('%j has a problem', (info, code, offset) => {
    expect(parseAttributes(info).problems).toMatchObject([{ code, offset }]);
  });

  it('is not led astray by names of objects', () => {
    const { attributes } = parseAttributes('sh {__proto__=x constructor=y}');
    expect(Object.getPrototypeOf(attributes)).toBe(Object.prototype);
    expect(commandOptions(attributes, place).diagnostics.map(({ code }) => code)).toEqual(['E212']);
  });
});

describe('splitTrailingAttributes', () => {
  it.each([
    ['Deploy it {name=deploy critical}', 'Deploy it', { name: 'deploy', critical: 'true' }],
    ['Approve {owe=2h when=STRATEGY!=rolling} ', 'Approve', { owe: '2h', when: 'STRATEGY!=rolling' }],
    ['Heading {#anchor}', 'Heading', { name: 'anchor' }],
    ['Deploy {naem=x}', 'Deploy', { naem: 'x' }],
  ])('%j', (text, rest, attributes) => {
    expect(splitTrailingAttributes(text)).toEqual({ text: rest, attributes, problems: [] });
  });

  it.each([
    'Replace {service}',
    'labels {app=web}',
    'set ${name}',
    'see {{critical}}',
    'an `{critical}',
    'no braces',
    '{}',
  ])('leaves %j alone', (text) => {
    expect(splitTrailingAttributes(text)).toEqual({ text, attributes: {}, problems: [] });
  });
});

describe('commandOptions', () => {
  it('has defaults', () => {
    expect(commandOptions({}, place)).toEqual({
      options: {
        name: null,
        timeoutMs: null,
        onTimeout: 'warn',
        capture: null,
        expect: null,
        tty: false,
        background: false,
        attempts: 1,
        everyMs: 0,
        retrySafe: false,
        cwd: null,
        manual: false,
        undo: false,
        when: null,
        owe: null,
      },
      diagnostics: [],
    });
  });

  it('types what is given', () => {
    const { options, diagnostics } = commandOptions(
      {
        timeout: '5m',
        'on-timeout': 'stop',
        retry: '3',
        every: '10s',
        when: 'A!=b c',
        expect: '/x y/i',
        exit: '2',
        capture: 'IMAGE',
      },
      place,
    );
    expect(diagnostics).toEqual([]);
    expect(options).toMatchObject({
      timeoutMs: 300_000,
      onTimeout: 'stop',
      attempts: 3,
      everyMs: 10_000,
      capture: 'IMAGE',
      when: { input: 'A', op: '!=', value: 'b c' },
      expect: { exit: 2, text: null, pattern: { source: 'x y', flags: 'i' }, none: false },
    });
  });

  it.each([
    [{ timeot: '5m' }, 'E212', 'did you mean "timeout"?'],
    [{ xyz: '1' }, 'E212', 'remove it'],
    [{ timeout: 'soon' }, 'E217', 'use a duration: 90s, 5m, 1h30m'],
    [{ timeout: '0s' }, 'E217', 'use a duration: 90s, 5m, 1h30m'],
    [{ 'on-timeout': 'kill' }, 'E217', 'use warn or stop'],
    [{ exit: '256' }, 'E217', 'use a number from 0 to 255'],
    [{ risk: 'none' }, 'E217', 'use read, change or destroy'],
    [{ retry: '0' }, 'E217', 'use a number from 1 to 99'],
    [{ tty: 'yes' }, 'E217', 'it is a flag: leave the value out'],
    [{ capture: 'a-b' }, 'E217', 'use the name of a shell variable: PREVIOUS_IMAGE'],
    [{ when: 'a=b' }, 'E217', 'use INPUT, INPUT==VALUE or INPUT!=VALUE'],
    [{ owe: 'later' }, 'E217', 'use a duration: 2h'],
    [{ tty: 'true', background: 'true' }, 'E217', 'keep one'],
  ] as const)('%j', (attributes, code, hint) => {
    expect(commandOptions(attributes as Record<string, string>, place).diagnostics).toMatchObject([
      { code, hint, ...place },
    ]);
  });

  it('refuses a regular expression that is none', () => {
    expect(commandOptions({ expect: '/(/' }, place).diagnostics).toMatchObject([{ code: 'E217' }]);
  });
});

describe('itemOptions', () => {
  it('types those of task items and headings', () => {
    const { options, diagnostics } = itemOptions({ name: 'x', critical: 'true', when: 'CANARY', owe: '2h' }, place);
    expect(diagnostics).toEqual([]);
    expect(options).toEqual({
      name: 'x',
      critical: true,
      when: { input: 'CANARY', op: 'set', value: null },
      owe: '2h',
    });
    expect(itemOptions({ timeout: '5m' }, place).diagnostics).toMatchObject([{ code: 'E212' }]);
  });
});
