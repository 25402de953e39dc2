import { describe, expect, it } from 'vitest';
import { withDurations } from '../../src/runbook/duration-inputs.ts';
import { validateValue } from '../../src/runbook/inputs.ts';
import { loadRunbook } from '../../src/runbook/load.ts';
import type { Runbook } from '../../src/runbook/model.ts';
import { stepsOf } from '../../src/runbook/walk.ts';

const source = (soak: string, gate = 'for: ${soak}\nhold-timeout: ${soak}\nwithin: 2m'): string =>
  [
    '---',
    'gonogo: 1',
    'title: Soaks',
    'inputs:',
    `  soak: ${soak}`,
    '  history: { default: 30m }',
    'metrics:',
    '  p95: { query: up, unit: seconds }',
    '---',
    '# Soaks',
    '',
    '- [ ] Capture',
    '',
    '  ```baseline',
    '  metrics: [p95]',
    '  window: ${history}',
    '  ```',
    '',
    '- [ ] Hold',
    '',
    '  ```gate',
    ...`p95: <= 1s\n${gate}`.split('\n').map((line) => `  ${line}`),
    '  ```',
    '',
  ].join('\n');

const loaded = (text: string) =>
  loadRunbook(new TextEncoder().encode(text), { path: 'soaks.md', offPath: 'auto', environment: [] });

const runbook = (text: string): Runbook => {
  const { runbook: found, diagnostics } = loaded(text);
  if (found === null) throw new Error(JSON.stringify(diagnostics));
  return found;
};

const gateOf = (book: Runbook) =>
  stepsOf(book)
    .flatMap(({ actions }) => actions)
    .flatMap((action) => (action.kind === 'gate' ? [action.gate] : []))[0];

const windowOf = (book: Runbook) =>
  stepsOf(book)
    .flatMap(({ actions }) => actions)
    .flatMap((action) => (action.kind === 'baseline' ? [action.baseline.windowMs] : []))[0];

describe('a time that an input gives', () => {
  const book = runbook(source('{ default: 5m }'));

  it('is the default of the input in the file', () => {
    expect(gateOf(book)).toMatchObject({ forMs: 300_000, holdTimeoutMs: 300_000, withinMs: 120_000 });
    expect(windowOf(book)).toBe(1_800_000);
  });

  it('is the value of the input in a run', () => {
    const walked = withDurations(book, { soak: '45s', history: '6m' });
    expect(gateOf(walked)).toMatchObject({ forMs: 45_000, holdTimeoutMs: 45_000, withinMs: 120_000 });
    expect(windowOf(walked)).toBe(360_000);
  });

  it('keeps the default when the run has no value of that name', () => {
    expect(gateOf(withDurations(book, {}))).toMatchObject({ forMs: 300_000 });
  });

  it('costs nothing where no input gives a time', () => {
    const plain = runbook(source('{ default: 5m }', 'for: 3m').replace('${history}', '30m'));
    expect(withDurations(plain, { soak: '45s' })).toBe(plain);
  });

  it('refuses a value that is no duration, before the run starts', () => {
    const soak = book.inputs.find(({ name }) => name === 'soak');
    if (soak === undefined) throw new Error('there is no input "soak"');
    for (const value of ['45s', '1h30m']) expect(validateValue(soak, value)).toMatchObject({ ok: true });
    for (const value of ['45', '0s', 'soon', '5 m'])
      expect(validateValue(soak, value)).toMatchObject({ ok: false, nextStep: 'for example 5m' });
  });

  it.each([
    ['{ prompt: Soak }', 'E217', 'has no duration as its default'],
    ['{ default: soon }', 'E217', 'has no duration as its default'],
    ['{ type: text, default: 5m }', 'E217', 'must be a string without a pattern'],
    ["{ default: 5m, pattern: '^.*$' }", 'E217', 'must be a string without a pattern'],
    ['{ choices: [5m, soon], default: 5m }', 'E217', 'offers soon'],
  ])('asks of its input %s: %s %s', (soak, code, words) => {
    const [first] = loaded(source(soak)).diagnostics;
    expect(first).toMatchObject({ code, message: expect.stringContaining(words) });
  });

  it('may be one of several choices', () => {
    const chosen = runbook(source('{ choices: [5m, 10m], default: 10m }'));
    expect(gateOf(chosen)).toMatchObject({ forMs: 600_000 });
  });

  it('asks for an input that exists', () => {
    const [first] = loaded(source('{ default: 5m }', 'for: ${sock}')).diagnostics;
    expect(first).toMatchObject({ code: 'E217', line: 23, message: '"for": that is not an input' });
  });

  it('is the whole of what is written', () => {
    const [first] = loaded(source('{ default: 5m }', 'for: 1h${soak}')).diagnostics;
    expect(first).toMatchObject({ code: 'E217', message: expect.stringContaining('is not a duration') });
  });
});

it('takes the most restarts from an input', () => {
  const text = source('{ type: integer, default: 5 }', "restarts: '<= ${soak} in 5m'");
  expect(gateOf(runbook(text))?.checks.at(-1)).toMatchObject({ source: 'restarts', body: '<= ${soak} in 5m' });
});
