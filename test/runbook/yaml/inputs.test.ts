import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { secretInValue, secretOption, validateValue } from '../../../src/runbook/inputs.ts';
import { findLookAlike } from '../../../src/runbook/look-alike.ts';
import type { Input } from '../../../src/runbook/model.ts';
import { isReservedVariable, variableOf } from '../../../src/runbook/variables.ts';
import { inputOf } from '../../record/support.ts';

const input = (fields: Partial<Input> = {}): Input => inputOf('version', fields);

const check = (value: string, fields: Partial<Input> = {}) => {
  const result = validateValue(input(fields), value);
  if (result.ok) {
    expect(result.value).toBe(value);
    return ['ok', ...result.warnings.map((warning) => warning.code)].join(' ');
  }
  expect(result.nextStep).not.toBe('');
  return `${result.code} ${result.message}`;
};

describe('values that are refused', () => {
  const cases: readonly (readonly [value: string, fields: Partial<Input>, expected: string])[] = [
    ['v1; rm -rf /', {}, 'E501 "version" must match ^[A-Za-z0-9]'],
    ['$(id)', {}, 'E501'],
    ['`id`', {}, 'E501'],
    ['a b', {}, 'E501'],
    ['x'.repeat(129), {}, 'E501'],
    ['v1', { pattern: '^v[0-9]+\\.[0-9]+$' }, 'E501 "version" must match ^v[0-9]+'],
    ['xv1.0x', { pattern: 'v1.0' }, 'E501'],
    ['--output=/etc/x', {}, 'E502 "version" may not start with "-"'],
    ['-5', { type: 'integer' }, 'E502'],
    ['-x', { type: 'text' }, 'E502'],
    ['a\nb', {}, 'E503 "version" contains a line break'],
    ['a\rb', { type: 'text' }, 'E503'],
    ['a\0b', { type: 'secret' }, 'E503 "version" contains a NUL byte'],
    ['x'.repeat(10_000_000), {}, 'E503 "version" is 10.0 MB long, limit 4 KiB'],
    ['x'.repeat(70_000), { type: 'text' }, 'E503 "version" is 69 KiB long, limit 64 KiB'],
    ['', {}, 'E504 "version" is required'],
    ['v1 ', {}, 'E505 "version" ends with a space (U+0020)'],
    ['v1\u200b', {}, 'E505 "version" ends with U+200B'],
    ['\ufeffv1', {}, 'E505 "version" starts with U+FEFF'],
    ['v\u202e1', { type: 'text' }, 'E505 "version" contains U+202E at character 2'],
    ['a\u00a0b', { type: 'text' }, 'E505 "version" contains U+00A0 at character 2'],
    ['a\tb', { type: 'text' }, 'E505 "version" contains U+0009 at character 2'],
    ['pr\u043ed', {}, 'E507 "version": "\u043e" in "pr\u043ed" is U+043E, not the letter "o"'],
    ['the pr\u043ed cluster', { type: 'text' }, 'E507'],
    ['\u0440\u043e\u0440', {}, 'E507'],
    ['\uff50rod', {}, 'E507'],
    ['1.5', { type: 'integer' }, 'E501 "version" must be a whole number'],
    ['1e', { type: 'number' }, 'E501 "version" must be a number'],
    ['yes', { type: 'boolean' }, 'E206 "version" must be true or false'],
    [
      'rolling',
      { type: 'choice', choices: ['roling', 'blue-green'] },
      'E501 "version" must be one of roling, blue-green – did you mean "roling"?',
    ],
    ['abc', { type: 'secret' }, 'E511 "version" is shorter than 4 characters'],
  ];
  const titled = cases.map(([value, fields, expected]) => [value.slice(0, 30), expected, value, fields] as const);
  it.each(titled)('%j: %s', (_, expected, value, fields) => {
    expect(check(value, fields)).toContain(expected);
  });

  it('a secret never appears in what is said about it', () => {
    for (const value of ['hun', 'hunter\0two', `${'s3cret'.repeat(20_000)}`]) {
      expect(check(value, { type: 'secret' })).not.toContain(value.slice(0, 6));
    }
    expect(check('hunter2hunter2', { type: 'secret', pattern: '^[0-9]+$' })).toBe('E501 "version" must match ^[0-9]+$');
  });
});

describe('values that are accepted', () => {
  const cases: readonly (readonly [value: string, fields: Partial<Input>])[] = [
    ['v2.3.0', {}],
    ['registry.example.com:5000/app@sha256', {}],
    ['9007199254740993', { type: 'integer' }],
    ['007', { type: 'integer' }],
    ['0.25', { type: 'number' }],
    ['1e-3', { type: 'number' }],
    ['false', { type: 'boolean' }],
    ['blue-green', { type: 'choice', choices: ['rolling', 'blue-green'] }],
    ['two words; and $more', { type: 'text' }],
    ['Переезд в prod', { type: 'text' }],
    ['naïve 日本語 👍', { type: 'text' }],
    ['a b', { pattern: '.*' }],
    ['--force -n $X', { type: 'text', askedAtStep: true }],
    ['', { default: '' }],
    ['-----BEGIN KEY-----\nabcd\n', { type: 'secret' }],
  ];
  it.each(cases)('%j %j', (value, fields) => {
    expect(check(value, fields)).toBe('ok');
  });

  it('a short secret is warned about', () => {
    expect(check('hunter2', { type: 'secret' })).toBe('ok W514');
    expect(check('hunter22', { type: 'secret' })).toBe('ok');
  });
});

describe('secrets and other values', () => {
  it('W506: a value that holds a secret', () => {
    const heldIn = (text: string): string | null => (text.includes('hunter22') ? 'KEY' : null);
    expect(secretInValue(input(), 'x:hunter22', heldIn)).toMatchObject({ code: 'W506' });
    expect(secretInValue(input(), 'hunter2', heldIn)).toBeNull();
  });
  it('E508: a secret on the command line', () => {
    expect(secretOption(input({ type: 'secret' }))).toMatchObject({ code: 'E508' });
    expect(secretOption(input())).toBeNull();
  });
});

describe('variables', () => {
  it.each([
    ['api-token', 'API_TOKEN'],
    ['apiToken', 'API_TOKEN'],
    ['service', 'SERVICE'],
    ['P_NAME', 'P_NAME'],
    ['p95', 'P95'],
  ])('%s -> %s', (name, variable) => {
    expect(variableOf(name)).toBe(variable);
  });

  it('reserved ones are known', () => {
    for (const name of [
      'namespace',
      'context',
      'path',
      'home',
      'user',
      'env',
      'ifs',
      'shell',
      'pwd',
      'kubeconfig',
      'node-options',
      'ld-preload',
      'bash-env',
    ])
      expect(isReservedVariable(variableOf(name)), name).toBe(true);
    for (const name of ['service', 'bashful', 'users', 'ldap'])
      expect(isReservedVariable(variableOf(name)), name).toBe(false);
  });
});

describe('look-alikes', () => {
  it('name the character and the letter it stands for', () => {
    expect(findLookAlike('kubectl \u0430pply', 'prose')).toEqual({
      word: '\u0430pply',
      character: '\u0430',
      codePoint: 'U+0430',
      like: 'a',
    });
    expect(findLookAlike('Σx', 'prose')).toMatchObject({ like: null });
  });
  it('leave other languages alone', () => {
    for (const text of ['привет', 'Ελλάδα и Россия', '東京Tower', 'café', 'Ünïcode', 'größe2'])
      expect(findLookAlike(text, 'identifier'), text).toBeNull();
  });
});

describe('properties', () => {
  it('what a string accepts is safe on a command line, whatever is typed', () => {
    const near = fc.string({ unit: fc.constantFrom(...'aZ09._:/@+-;$`"\' |&<>()\\'), maxLength: 20 });
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary', maxLength: 30 }), near), (value) => {
        const result = validateValue(input(), value);
        if (result.ok) expect(value).toMatch(/^[A-Za-z0-9][A-Za-z0-9._:/@+-]*$/);
      }),
      { numRuns: 1000 },
    );
  });

  it('what any type accepts is one printable line', () => {
    const types = fc.constantFrom('string', 'text', 'integer', 'number', 'boolean') as fc.Arbitrary<Input['type']>;
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 12 }), types, fc.boolean(), (value, type, askedAtStep) => {
        const result = validateValue(input({ type, askedAtStep, pattern: type === 'string' ? '[^]*' : null }), value);
        if (result.ok) expect(value).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e]|^\s|\s$/);
      }),
      { numRuns: 1000 },
    );
  });
});
