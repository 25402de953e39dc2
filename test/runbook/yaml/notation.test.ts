import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseBody } from '../../../src/runbook/bodies.ts';
import { parseFrontMatter } from '../../../src/runbook/front-matter.ts';
import { lint } from '../../../src/runbook/lint.ts';
import type { Runbook } from '../../../src/runbook/model.ts';
import { isYamlRunbook } from '../../../src/runbook/yaml/claim.ts';
import { parseYamlRunbook } from '../../../src/runbook/yaml/notation.ts';

const load = (text: string): Runbook => {
  const { runbook, diagnostics } = parseYamlRunbook(text);
  expect(diagnostics).toEqual([]);
  if (runbook === null) throw new Error('no model');
  return runbook;
};
const problems = (text: string) =>
  parseYamlRunbook(text).diagnostics.map((d) => `${d.code} ${d.line}:${d.column} ${d.message}`);

const whole = `# yaml-language-server: $schema=../schema/runbook.schema.json
gonogo: 1
title: Canary of search
kind: canary
shell: sh
inputs:
  service: { prompt: Service }
metrics:
  error-rate: { query: 'x{a="b"}', unit: ratio }
phases:
  - title: Prepare
    name: prepare
    notes: |
      Before anything else.
    steps:
      - title: Note the image
        run:
          script: |
            kubectl get deployment "$SERVICE" \\
              -o jsonpath=x

            echo done
          capture: PREVIOUS
          timeout: 5m
          tty: false
      - title: Parts
        owe: 2h
        critical: true
        steps:
          - title: Left (if there is one)
          - title: Right
            when: service==a
      - title: All of it
        name: all
        notes: Reads first.
        do:
          - run: kubectl apply -f x.yaml
          - gate:
              error-rate: <= 1%
              pods: 'app=x ready'
          - decide: { Go: next, No: stop }
        undo: kubectl delete -f x.yaml
  - title: Later
    at: T+2h
    phases:
      - title: Deeper (T-15 minutes)
        steps: [{ title: Look }]
  - title: Rollback
    steps: [{ title: Back, run: kubectl rollout undo deployment/x }]
`;

describe('a whole runbook', () => {
  const runbook = load(whole);
  const [prepare, later, rollback] = runbook.phases;

  it('has the header of front matter', () => {
    expect(runbook).toMatchObject({ title: 'Canary of search', kind: 'canary', plain: false, shell: 'sh' });
    expect(runbook.inputs).toMatchObject([{ name: 'service', line: 7 }]);
  });

  it('numbers phases in the order of the document, whatever their depth', () => {
    expect(prepare).toMatchObject({
      number: 1,
      title: 'Prepare',
      name: 'prepare',
      anchor: 'prepare',
      line: 11,
      prose: 'Before anything else.',
    });
    expect(later).toMatchObject({ number: 2, at: 'T+2h', atMs: 7_200_000, steps: [] });
    expect(later?.phases).toMatchObject([
      { number: 3, at: 'T-15m', atMs: -900_000, line: 46, steps: [{ id: '3.1', line: 47 }] },
    ]);
    expect(rollback).toMatchObject({ number: 4, offPath: 'rollback', steps: [{ id: '4.1', kind: 'command' }] });
  });

  it('keeps the source lines of what a shell gets', () => {
    const action = prepare?.steps[0]?.actions[0];
    if (action?.kind !== 'command') throw new Error('no command');
    expect(action.command).toMatchObject({
      script: 'kubectl get deployment "$SERVICE" \\\n  -o jsonpath=x\n\necho done',
      shell: 'sh',
      lines: [[19, 22]],
      attributes: { capture: 'PREVIOUS', timeout: '5m', tty: 'false' },
      options: { capture: 'PREVIOUS', timeoutMs: 300_000, tty: false },
    });
    expect(action.line).toBe(17);
  });

  it('gives steps their kind, their children and what reverses them', () => {
    expect(prepare?.steps.map((step) => [step.id, step.kind, step.line, step.critical])).toEqual([
      ['1.1', 'command', 16, false],
      ['1.2', 'manual', 26, true],
      ['1.3', 'command', 33, false],
    ]);
    expect(prepare?.steps[1]?.steps).toMatchObject([
      { id: '1.2.1', title: 'Left (if there is one)', optional: true, when: null },
      { id: '1.2.2', optional: true, when: { input: 'service', op: '==', value: 'a' } },
    ]);
    expect(prepare?.steps[2]).toMatchObject({
      name: 'all',
      prose: 'Reads first.',
      actions: [
        { kind: 'command', line: 37 },
        { kind: 'gate', line: 38 },
        { kind: 'decide', line: 41 },
      ],
      undo: [{ script: 'kubectl delete -f x.yaml', lines: [[42, 42]] }],
    });
  });
});

describe('commands', () => {
  const one = (run: string) =>
    load(`title: T\nphases:\n  - title: P\n    steps:\n      - title: A\n        run: ${run}\n`).phases[0]?.steps[0];
  it('of one line, quoted or folded', () => {
    expect(one('kubectl get pods')?.actions[0]).toMatchObject({
      command: { script: 'kubectl get pods', lines: [[6, 6]] },
    });
    expect(one('"echo \\"a\\""')?.actions[0]).toMatchObject({ command: { script: 'echo "a"', lines: [[6, 6]] } });
    expect(one('>\n          echo a\n          b')?.actions[0]).toMatchObject({
      command: { script: 'echo a b', lines: [[7, 8]] },
    });
  });
  it('marked undo reverse the step instead of being part of it', () => {
    const step = load(`title: T
phases:
  - title: P
    steps:
      - title: A
        do:
          - run: kubectl apply -f a
          - run: { script: kubectl delete -f a, undo: true }
          - run: kubectl apply -f b
        undo: [kubectl delete -f b, { script: kubectl delete -f c, risk: destroy }]
`).phases[0]?.steps[0];
    expect(step?.actions).toHaveLength(2);
    expect(step?.undo.map((command) => command.script)).toEqual([
      'kubectl delete -f c',
      'kubectl delete -f b',
      'kubectl delete -f a',
    ]);
  });
});

describe('the path', () => {
  const paths = (kind: string, phases: readonly string[], offPath: 'auto' | 'all' = 'auto') =>
    parseYamlRunbook(
      `title: T\nkind: ${kind}\nphases:\n${phases.map((phase) => `  - { ${phase}, steps: [{ title: A }] }`).join('\n')}\n`,
      { offPath },
    ).runbook?.phases.map((phase) => phase.offPath);
  it('follows the titles, unless the author says otherwise', () => {
    expect(paths('deploy', ['title: Go', 'title: Rollback', 'title: Troubleshooting'])).toEqual([
      null,
      'rollback',
      'reference',
    ]);
    expect(paths('deploy', ['title: Go', 'title: Rollback, path: main', 'title: Extra, path: reference'])).toEqual([
      null,
      null,
      'reference',
    ]);
  });
  it('is everything in a rollback, when nothing else is left, and when the settings say so', () => {
    expect(paths('rollback', ['title: Go', 'title: Rollback'])).toEqual([null, null]);
    expect(paths('deploy', ['title: Rollback'])).toEqual([null]);
    expect(paths('deploy', ['title: Go', 'title: Rollback'], 'all')).toEqual([null, null]);
  });
  it('makes options a choice', () => {
    const { runbook } = parseYamlRunbook(
      'title: T\nphases:\n  - { title: Option A, steps: [{ title: x }] }\n  - { title: Option B, steps: [{ title: y }] }\n',
    );
    expect(runbook?.phases.map((phase) => phase.choice)).toEqual(['Option A', 'Option B']);
  });
});

describe('problems', () => {
  const step = (...lines: readonly string[]) =>
    `title: T\nphases:\n  - title: P\n    steps:\n      - title: A\n${lines.map((l) => `        ${l}`).join('\n')}\n`;
  const cases: readonly (readonly [text: string, expected: string])[] = [
    ['', 'E101 1:1 runbook is empty'],
    ['# only a comment\n', 'E101 1:1 runbook is empty'],
    ['- a', 'E217 1:1 this YAML file is no runbook: neither "gonogo:" nor "phases:" stands at the top'],
    ['title: T', 'E217 1:1 this YAML file is no runbook'],
    ['- a\n---\nphases: []\n', 'E210 3:1 one document only'],
    ['gonogo: 1\ntitle: T', 'E217 1:1 "phases" is missing'],
    ['title: T\nphases:\n  - title: P\n', 'E102 1:1 no steps found'],
    ['title: T\nphases:\n  - steps: [{ title: A }]\n', 'E217 3:5 "title" is missing'],
    [
      'titel: T\nphases:\n  - { title: P, steps: [{ title: A }] }\n',
      'E212 1:1 unknown field "titel" – did you mean "title"?',
    ],
    [step('comand: ls'), 'E212 6:9 unknown field "comand"'],
    [step('nmae: x'), 'E212 6:9 unknown field "nmae" – did you mean "name"?'],
    [step('run: { script: ls, timout: 5m }'), 'E212 6:28 unknown field "timout" – did you mean "timeout"?'],
    [step('run: { script: ls, timeout: soon }'), 'E217 6:14 timeout=soon'],
    [step('run: []'), 'E217 6:14 "run": text or a map (key: value) expected, not a list'],
    [step('when: a=b=c'), 'E217 5:9 when=a=b=c'],
    [step('do: [{ run: ls }]', 'gate: { pods: a ready }'), 'E217 7:9 "gate" beside "do"'],
    [step('gate: { error-rate: fine }'), 'E212 6:17 unknown field "error-rate"'],
    [step('run: a', 'run: b'), 'E202 7:9 key "run" twice (lines 6, 7)'],
    [
      'title: T\nphases:\n  - { title: P, at: tomorrow, steps: [{ title: A }] }\n',
      'E217 3:21 "at": "tomorrow" is not a due time',
    ],
    [
      'title: T\nphases:\n  - { title: P, path: side, steps: [{ title: A }] }\n',
      'E217 3:23 "path": "side" is not known',
    ],
  ];
  it.each(cases)('%j', (text, expected) => {
    const found = problems(text);
    expect(
      found.some((problem) => problem.startsWith(expected)),
      found.join('\n'),
    ).toBe(true);
  });

  it('every error says what to do next', () => {
    for (const [text] of cases)
      for (const found of parseYamlRunbook(text).diagnostics) expect(found.hint, found.message).toMatch(/\S/);
  });

  it('of a command stand where the command is', () => {
    const text = step('run: |', '  true', '  echo \u202e').replace('title: T', 'inputs: { service: {} }\ntitle: T');
    expect(problems(text)).toEqual([expect.stringContaining('E401 9:16 ')]);
  });
});

describe('which YAML files are runbooks', () => {
  it('tells by the top-level keys', () => {
    expect(isYamlRunbook('# x\ngonogo: 1\n')).toBe(true);
    expect(isYamlRunbook('title: x\nphases:\n')).toBe(true);
    expect(isYamlRunbook('{ "gonogo": 1, "phases": [] }')).toBe(true);
    expect(isYamlRunbook('apiVersion: v1\nkind: Pod\nspec:\n  phases: 1\n')).toBe(false);
  });
});

describe('properties', () => {
  const piece = fc.constantFrom(
    ...[
      'x',
      ' ',
      '\n',
      '\n  ',
      ':',
      ': ',
      '- ',
      '[',
      ']',
      '{',
      '}',
      '"',
      "'",
      '|',
      '> 5',
      '#',
      '&a ',
      '*a',
      '!t ',
      '${service}',
      '\t',
      '',
      '\u202e',
    ],
    ...[
      'phases:',
      'steps:',
      'run:',
      'do:',
      'gate:',
      'title:',
      '__proto__:',
      'name: a/b',
      'when: x',
      'at: T+1x',
      'undo:',
    ],
  );
  const edit = fc.record({ at: fc.nat(whole.length), drop: fc.nat(40), add: piece });
  const mutated = fc
    .array(edit, { minLength: 1, maxLength: 6 })
    .map((edits) => edits.reduce((text, { at, drop, add }) => text.slice(0, at) + add + text.slice(at + drop), whole));

  it('a damaged runbook gives a model or problems with a place in the file and a next step', () => {
    fc.assert(
      fc.property(mutated, (text) => {
        const loaded = parseYamlRunbook(text);
        const linted = loaded.runbook === null ? [] : lint(loaded.runbook, { source: text }).diagnostics;
        const found = [
          ...loaded.diagnostics,
          ...linted,
          ...parseFrontMatter(text, 1).diagnostics,
          ...parseBody('gate', text, 1, { header: null, line: 1 }).diagnostics,
        ];
        expect(loaded.runbook !== null || loaded.diagnostics.length > 0).toBe(true);
        const lines = text.split('\n');
        for (const { line, column, hint, message } of found) {
          expect(line >= 1 && line <= lines.length, message).toBe(true);
          expect(column >= 1 && column <= (lines[line - 1] as string).length + 1, `${message} ${line}:${column}`).toBe(
            true,
          );
          expect(hint ?? '', message).not.toBe('');
        }
      }),
      { numRuns: 500 },
    );
  });
});
