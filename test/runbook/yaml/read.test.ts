import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { prepare } from '../../../src/runbook/yaml/prepare.ts';
import { readYaml } from '../../../src/runbook/yaml/read.ts';
import { plainValue } from '../../../src/runbook/yaml/tree.ts';

const options = { quoting: 'everywhere', firstLine: 1, indent: 0 } as const;
const read = (text: string, more: Partial<Parameters<typeof readYaml>[1]> = {}) =>
  readYaml(text, { ...options, ...more });

/** `code line:column` of each problem. */
const problems = (text: string, more = {}) =>
  read(text, more).diagnostics.map((d) => `${d.code} ${d.line}:${d.column}`);
const value = (text: string) => {
  const { root, diagnostics } = read(text);
  expect(diagnostics).toEqual([]);
  return root === null ? null : JSON.parse(JSON.stringify(plainValue(root)));
};

describe('what is refused, with its place', () => {
  const cases: readonly (readonly [name: string, text: string, expected: readonly string[]])[] = [
    ['a tab as indentation', 'a:\n\tb: 1', ['E201 2:1']],
    ['a tab after spaces', 'a:\n  \tb: 1', ['E201 2:3']],
    ['a key twice', 'run: a\nother: b\n\nrun: c', ['E202 4:1']],
    ['an anchor', 'a: &x 1', ['E203 1:4']],
    ['an alias', 'a: 1\nb: *x', ['E203 2:4']],
    ['a tag', 'a: !!js/function "x"', ['E205 1:4']],
    ['a tag of one word', 'a: 1\nb: !secret x', ['E205 2:4']],
    ['a directive', '%YAML 1.1\n---\na: 1', ['E205 1:1']],
    ['a key that belongs to objects', 'a: 1\n__proto__: {}', ['E207 2:1']],
    ['the constructor key', 'constructor: 1', ['E207 1:1']],
    ['a merge key', '<<: { a: 1 }', ['E208 1:1']],
    ['an alias inside its own anchor', 'a: &x [*x]', ['E203 1:4', 'E209 1:8']],
    ['two documents', 'a: 1\n---\nb: 2', ['E210 3:1']],
    ['a list as a key', '? [a]\n: b', ['E211 1:3']],
    ['a reference in brackets', 'w:\n  - a\nx: [deployment/${service}]', ['E216 3:16']],
    ['a reference in braces', 'a: { b: x-${c} }', ['E216 1:11']],
    ['a comparison in braces', 'a: { error-rate: <= 5% }', ['E216 1:18']],
    ['a comparison in brackets over lines', 'a: [\n  b,\n  { c: > 1 }]', ['E216 3:8']],
    ['an open quote', 'a: "x', ['E217 1:6']],
    ['an open bracket', 'a: [1', ['E217 1:6']],
    ['a colon in a value', 'a: b: c', ['E217 1:4']],
  ];
  it.each(cases)('%s', (_, text, expected) => {
    const found = read(text).diagnostics;
    expect(found.map((d) => `${d.code} ${d.line}:${d.column}`)).toEqual(expected);
    expect(found.every((d) => d.severity === 'error' && (d.hint ?? '').length > 0)).toBe(true);
  });

  it('names both lines of a key that is there twice', () => {
    expect(read('a: 1\nrun: x\n\nrun: y').diagnostics[0]?.message).toBe('key "run" twice (lines 2, 4)');
  });

  it('places problems in the source file', () => {
    expect(problems('a: 1\nb: &x 2', { firstLine: 40, indent: 3 })).toEqual(['E203 41:7']);
  });
});

describe('nesting', () => {
  const nested: readonly (readonly [string, string])[] = [
    ['brackets', '['.repeat(2000)],
    ['braces', '{a: '.repeat(2000)],
    ['dashes', '- '.repeat(2000)],
    ['keys on one line', 'a: '.repeat(2000)],
    ['quoted keys on one line', '"a": '.repeat(2000)],
    ['question marks', '? '.repeat(2000)],
    ['brackets after a document mark', `--- ${'['.repeat(2000)}`],
    ['brackets after a bracketed key', `[a]: ${'['.repeat(2000)}`],
    ['indentation', Array.from({ length: 1000 }, (_, i) => `${' '.repeat(i)}a:`).join('\n')],
  ];
  it.each(nested)('of %s is stopped before the parser', (_, text) => {
    expect(read(text).diagnostics.map((d) => d.code)).toEqual(['E204']);
  });

  it('may be 32 deep and no deeper', () => {
    const deep = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;
    expect(problems(deep(32))).toEqual([]);
    expect(problems(deep(33))).toEqual(['E204 1:33']);
  });
});

describe('values', () => {
  it('are all text', () => {
    const text =
      'version: 1.10\nsha: 1234e5\nenabled: no\nbig: 9007199254740993\ndate: 2026-01-02\nnothing: null\nhex: 0x1f';
    expect(value(text)).toEqual({
      version: '1.10',
      sha: '1234e5',
      enabled: 'no',
      big: '9007199254740993',
      date: '2026-01-02',
      nothing: 'null',
      hex: '0x1f',
    });
  });

  it('tells an empty value from an empty text', () => {
    expect(value('a:\nb: ""')).toEqual({ a: null, b: '' });
  });

  it('knows the source lines of a literal block', () => {
    const { root } = read('a:\n  run: |\n    one\n\n    two\n\n\nb: 1', { firstLine: 10 });
    const map = root?.kind === 'map' ? root.entries[0]?.value : undefined;
    const scalar = map?.kind === 'map' ? map.entries[0]?.value : undefined;
    expect(scalar).toMatchObject({
      style: 'block',
      text: 'one\n\ntwo\n',
      lines: [12, 14],
      content: { line: 12, column: 5 },
    });
  });

  it('reads Windows line ends', () => {
    expect(value('a: 1\r\nb: > 5%\r\n')).toEqual({ a: '1', b: '> 5%' });
  });
});

describe('comparisons need no quotes', () => {
  const cases: readonly (readonly [string, unknown])[] = [
    ['a: > 5%', { a: '> 5%' }],
    ['a: >= 5%  # why', { a: '>= 5%' }],
    ['a: <= 110% of stable', { a: '<= 110% of stable' }],
    ['a: == 0', { a: '== 0' }],
    ['a: >.5', { a: '>.5' }],
    ['a: > baseline + 1pp', { a: '> baseline + 1pp' }],
    ['a: > ${limit}%', { a: '> ${limit}%' }],
    ['- a: > 5%\n- b: < 1', [{ a: '> 5%' }, { b: '< 1' }]],
    ['a:\n  - > 5%\n  - < 1', { a: ['> 5%', '< 1'] }],
    ["a: > 5 it's", { a: "> 5 it's" }],
    ['"a b": > 5', { 'a b': '> 5' }],
    ['a: >2\nb: 1', { a: '>2', b: '1' }],
  ];
  it.each(cases)('%s', (text, expected) => {
    expect(value(text)).toEqual(expected);
  });

  it('but block scalars keep what looks like one', () => {
    expect(value('a: |\n  x: > 5\n\n  y: < 4\nb: > 3')).toEqual({ a: 'x: > 5\n\ny: < 4\n', b: '> 3' });
    expect(value('- |\n x: > 5\n- b: > 3')).toEqual(['x: > 5\n', { b: '> 3' }]);
    expect(value('a: >2\n    x\n  y: > 5\nb: > 1')).toEqual({ a: '  x\ny: > 5\n', b: '> 1' });
  });

  it('and so do quoted texts over several lines', () => {
    expect(value('a: "one\n  x: > 5\n  two"\nb: > 4')).toEqual({ a: 'one x: > 5 two', b: '> 4' });
  });

  it('only below "when" in front matter', () => {
    const text = 'rollback:\n  when:\n    - a: > 5%\n    - b: > 1\n  with: { c: d }\n';
    expect(prepare(text, 'when').text).toContain("- b: '> 1'");
    expect(prepare(`${text}summary: > 5 things`, 'when').text).toContain('summary: > 5 things');
    expect(prepare('when:\n- a: > 5%\nb: > 1', 'when').text).toBe("when:\n- a: '> 5%'\nb: > 1");
    expect(prepare('a: > 5', 'nowhere').text).toBe('a: > 5');
  });
});

describe('properties', () => {
  const word = fc.stringMatching(/^[a-z][a-z0-9 ]{0,8}[a-z0-9]$/);
  const leaf = fc.oneof(word, fc.constantFrom('> 5%', '${a}', "it's", '#x', 'a: b', '[', '{', '"', '- x', '', ' y '));
  const tree = fc.letrec((tie) => ({
    node: fc.oneof({ depthSize: 'small', maxDepth: 4 }, leaf, tie('list'), tie('map')),
    list: fc.array(tie('node'), { minLength: 1, maxLength: 4 }),
    map: fc.dictionary(word, tie('node'), { minKeys: 1, maxKeys: 4 }),
  })).map;

  it('reads what JSON says, in whatever nesting', () => {
    fc.assert(
      fc.property(tree, (data) => {
        const text = JSON.stringify(data, null, 1);
        const { root, diagnostics } = readYaml(text, { ...options, quoting: 'nowhere' });
        expect(diagnostics).toEqual([]);
        expect(root === null ? null : JSON.parse(JSON.stringify(plainValue(root)))).toEqual(data);
      }),
    );
  });

  it('never throws, keeps the number of lines, and agrees with the parser where both accept', () => {
    const piece = fc.constantFrom(
      ...[
        'a: ',
        '- ',
        '? ',
        ': ',
        '[',
        ']',
        '{',
        '}',
        '"',
        "'",
        '|',
        '>',
        '>-',
        '> 5',
        '<= 1%',
        '#',
        ' ',
        '  ',
        '\n',
        '\n  ',
        '\t',
      ],
      ...['&x ', '*x', '!!str ', '${a}', 'b', ',', '---\n', '...\n', '%T', '<<', '__proto__', '\u2028', '\\', '\r\n'],
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const text = pieces.join('');
        expect(prepare(text, 'everywhere').text.split('\n')).toHaveLength(text.split('\n').length);
        const { root, diagnostics } = readYaml(text, { ...options, quoting: 'nowhere' });
        if (diagnostics.length > 0 || root === null) return;
        const theirs = parse(text, { schema: 'failsafe', logLevel: 'silent' });
        const ours = JSON.stringify(plainValue(root), (_, v) => v ?? '');
        expect(ours).toBe(JSON.stringify(theirs, (_, v) => v ?? ''));
      }),
      { numRuns: 500 },
    );
  });

  it('is done with 100 kB of anything within two seconds', () => {
    for (const unit of [
      '- a\n',
      'k: v\n',
      'a: [x, ',
      '["',
      '"a" : ',
      '&a ',
      "'",
      'a: |\n',
      '# x\n',
      'a: > 5\n',
      '> ',
      '  \n',
    ]) {
      const before = process.cpuUsage().user;
      read(unit.repeat(Math.ceil(100_000 / unit.length)));
      expect((process.cpuUsage().user - before) / 1000, unit).toBeLessThan(2000);
    }
  });
});
