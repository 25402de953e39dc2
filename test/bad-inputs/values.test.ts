import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { gatherInputs } from '../../src/commands/start-inputs.ts';
import { loadRunbook } from '../../src/runbook/load.ts';
import { ExpectedError, errorLine } from '../../src/text/errors.ts';
import { Workspace } from '../support/workspace.ts';
import { expectNothingRaw } from './support/raw.ts';
import { gonogo, step } from './support/runbooks.ts';

const place = new Workspace();
afterAll(() => place.close());

const runbook = gonogo(
  step('echo "version is $VERSION"', 'risk=read', 'Say'),
  'inputs:\n  version: { prompt: Version, example: v2.3.0 }\n',
);
const secretRunbook = (secret: string): string =>
  gonogo(
    step('echo "$KEY" | wc -c', 'risk=read', 'Count'),
    `inputs:\n  key: ${secret}\n  note: { type: text, default: none }\n`,
  );

let path: string;
beforeAll(() => {
  path = place.write('deploy.md', runbook);
  place.gonogo(['trust', path, '--yes']);
});

/** What an operator reads who gives a value that is not allowed: code, place, message, next step. Nothing of the run is left. */
const refusedValue = (value: string): string => {
  const { code, out, err } = place.gonogo(['run', path, '--plain', '--set', `version=${value}`]);
  expect(code).toBe(2);
  expect(out).toBe('');
  expectNothingRaw(err);
  expect(place.runs()).toEqual([]);
  return err.trimEnd();
};

describe('a value that is not allowed', () => {
  const cases: readonly (readonly [title: string, value: string, said: RegExp])[] = [
    ['57 a command after it', 'v1; touch pwned', /^--set: E501 "version" must match .*\. for example v2\.3\.0$/],
    ['58 a substitution', '$(touch pwned)', /^--set: E501 /],
    ['58 backticks', '`touch pwned`', /^--set: E501 /],
    ['59 a leading dash', '--output=/etc/x', /^--set: E502 "version" may not start with "-"\. for example v2\.3\.0$/],
    ['60 a line break', 'v1\ntouch pwned', /^--set: E503 "version" contains a line break\. give one line of text$/],
    ['61 nothing', '', /^--set: E504 "version" is required\. for example v2\.3\.0$/],
    ['62 a space at the end', 'v1 ', /^--set: E505 "version" ends with a space \(U\+0020\)\. remove the character/],
    [
      '62 an invisible character at the end',
      'v1\u200b',
      /^--set: E505 "version" ends with U\+200B\. remove the character/,
    ],
    [
      '64 a letter of another alphabet',
      'v1-prоd',
      /^--set: E507 "version": "о" in "prоd" is U\+043E, not the letter "o"\. type the value by hand$/,
    ],
  ];
  test.each(cases)('%s', (_, value, said) => {
    expect(refusedValue(value)).toMatch(said);
    expect(existsSync(join(place.work, 'pwned'))).toBe(false);
  });

  test('60 a NUL byte and 10 MB, which no command line can carry', () => {
    const { runbook: model } = loadRunbook(Buffer.from(runbook), { path: 'deploy.md', offPath: 'auto' });
    const refusal = (value: string): string => {
      try {
        gatherInputs(model ?? expect.unreachable(), { set: {}, answers: { version: value }, environment: {} });
        return '';
      } catch (error) {
        return error instanceof ExpectedError ? errorLine(error) : String(error);
      }
    };
    expect(refusal('v1\0')).toMatch(/^--answers: E503 "version" contains a NUL byte\. \S/);
    expect(refusal('x'.repeat(10_000_000))).toMatch(
      /^--answers: E503 "version" is 10\.0 MB long, limit 4 KiB\. put it into a file/,
    );
  });

  test('61 a missing value is asked for, and without anybody to ask it is named', () => {
    const asked = place.gonogo(['run', path, '--plain'], 'v1; touch pwned\nv2\nq\n');
    expect(asked.out).toMatch(/version >.*\n?.*E501 "version" must match/);
    expect(asked.code).toBe(6);
    const auto = place.gonogo(['run', path, '--auto']);
    expect(auto.err).toMatch(/^E504 a value is missing: version\. Give it with --set version=v2\.3\.0$/m);
    expect(auto.code).toBe(2);
  });

  test.each(['--set', 'GONOGO_INPUT_VERSION', '--answers'])('57 wherever it comes from: %s', (source) => {
    const bad = 'v1; touch pwned';
    const answers = place.write('answers.yaml', `inputs:\n  version: '${bad}'\n`);
    const { err, code } =
      source === '--set'
        ? place.gonogo(['run', path, '--plain', '--set', `version=${bad}`])
        : source === '--answers'
          ? place.gonogo(['run', path, '--plain', '--answers', answers])
          : place.gonogo(['run', path, '--plain'], '', { [source]: bad });
    expect(err).toMatch(new RegExp(`^${source}: E501 `));
    expect(code).toBe(2);
  });

  test('57 a name that the runbook does not have', () => {
    const { err, code } = place.gonogo(['run', path, '--plain', '--set', 'versoin=v1']);
    expect(err).toBe('--set: this runbook has no input "versoin". Did you mean "version"?\n');
    expect(code).toBe(2);
  });
});

describe('a hostile value that a loose pattern lets through', () => {
  const values = [
    '$(touch pwned)',
    '`touch pwned`',
    "'; touch pwned; '",
    '"; touch pwned; "',
    'a && touch pwned',
    '| touch pwned',
    '*',
    '~root',
    '${IFS}',
    '\\',
    '!!',
    'x[$(touch pwned)]',
  ];
  test('is text for the command, in every quoting, and for the record', () => {
    const names = values.map((_, i) => `w${i}`);
    const script = names.map((name) => `echo "$${name.toUpperCase()}"; : $${name.toUpperCase()}`).join('\n');
    const inputs = names.map((name) => `  ${name}: { pattern: '.*' }\n`).join('');
    const loose = place.write('loose.md', gonogo(step(script, 'risk=read'), `inputs:\n${inputs}`));
    place.gonogo(['trust', loose, '--yes']);
    const set = values.flatMap((value, i) => ['--set', `w${i}=${value}`]);
    const { out, code } = place.gonogo(['run', loose, '--plain', ...set], '\n\n');
    expect(code).toBe(0);
    for (const value of values) expect(out).toContain(`   | ${value}\n`);
    expect(existsSync(join(place.work, 'pwned'))).toBe(false);
    expect(place.gonogo(['export', place.runs().at(-1) ?? '']).out).toContain('touch pwned');
  });
});

describe('secrets', () => {
  const trusted = (name: string, text: string): string => {
    const file = place.write(name, text);
    place.gonogo(['trust', file, '--yes']);
    return file;
  };

  test('96 on the command line', () => {
    const file = trusted('secret.md', secretRunbook('{ type: secret }'));
    const { err, code } = place.gonogo(['run', file, '--plain', '--set', 'key=hunter2hunter2']);
    expect(err).toBe(
      '--set: E508 "key" is a secret and may not be given with --set. type it when asked, or add from: env:NAME\n',
    );
    expect(code).toBe(2);
  });

  test('105 too short, short, and a reference that leads nowhere', () => {
    const file = trusted('secret.md', secretRunbook('{ type: secret }'));
    const { out } = place.gonogo(['run', file, '--plain'], 'abc\nabcdef\n\nq\n');
    expect(out).toMatch(/E511 "key" is shorter than 4 characters and cannot be masked\. \S/);
    expect(out).toMatch(/W514 "key" is shorter than 8 characters/);
    const lost = trusted('lost.md', secretRunbook("{ type: secret, from: 'env:NOT_SET_ANYWHERE' }"));
    const walked = place.gonogo(['run', lost, '--plain'], '\nq\n');
    expect(walked.out).toContain(
      'NOT STARTED: E512 secret env:NOT_SET_ANYWHERE could not be resolved: the variable is not set. set it',
    );
    expect(walked.code).toBe(6);
  });

  describe('63 a plain value that holds a secret is a secret from then on', () => {
    const secret = 'correct-horse-battery';
    const digest = (text: string): string => createHash('sha256').update(text).digest('hex');
    const noted = (ask = ''): string =>
      gonogo(
        `${ask}${step('echo "note: $NOTE"; printf %s "$NOTE" | sha256sum', 'risk=read', 'Count')}`,
        ask === '' ? 'inputs:\n  key: { type: secret }\n  note: { type: text, default: none }\n' : '',
      );
    const expectNowhere = (...texts: readonly string[]): void => {
      expect(place.sh(`grep -rl ${secret} ${place.home}`).out).toBe('');
      for (const text of [...texts, place.gonogo(['export', place.runs().at(-1) ?? '']).out])
        expect(text).not.toContain(secret);
    };

    test.each([secret, `https://alice:${secret}@host`])('typed at the start: %s', (value) => {
      const file = trusted('noted.md', noted());
      const { out, err, code } = place.gonogo(['run', file, '--plain'], `${secret}\n${value}\n\n\n`);
      expect(out).toMatch(/W506 "note" holds the secret key: it is masked everywhere and not recorded\n +\S/);
      expect(out).toContain(digest(value));
      expect(out).toContain('NOTE=(secret)');
      expect(out).toMatch(/note: \[secret (key|note)\]/);
      expect(code).toBe(0);
      expectNowhere(out, err);
    });

    test('of a variable that is inherited, and asked again after a resume', () => {
      const file = trusted('noted.md', noted());
      const env = { DEPLOY_TOKEN: secret };
      const set = ['--set', `note=${secret}`];
      const { out } = place.gonogo(['run', file, '--plain', ...set], 'other-secret-key\nq\n', env);
      expect(out).toContain('W506 "note" holds the secret DEPLOY_TOKEN');
      const again = place.gonogo(['resume', '--plain'], `${secret}\n\n\n`, env);
      expect(again.out).toContain('note:');
      expect(again.out).toContain(digest(secret));
      expect(again.code).toBe(0);
      expectNowhere(out, again.out, again.err);
    });

    test('from the environment, where a resume finds it again', () => {
      const file = trusted('noted.md', noted());
      const env = { DEPLOY_TOKEN: secret, GONOGO_INPUT_NOTE: secret };
      const left = place.gonogo(['run', file, '--plain'], 'other-secret-key\nq\n', env);
      const again = place.gonogo(['resume', '--plain'], '\n\n', env);
      expect(again.out).toContain(digest(secret));
      expect(again.code).toBe(0);
      expectNowhere(left.out, again.out);
    });

    test('given at a step, typed or from a file', () => {
      const file = trusted('asked.md', noted('1. Say\n\n   ```ask\n   note: { prompt: Note, type: text }\n   ```\n\n'));
      const env = { DEPLOY_TOKEN: secret };
      const typed = place.gonogo(['run', file, '--plain'], `${secret}\n\n\n`, env);
      expect(typed.out).toContain('W506 "note" holds the secret DEPLOY_TOKEN');
      expect(typed.out).toContain(digest(secret));
      expect(typed.code).toBe(0);
      expectNowhere(typed.out, typed.err);
      const answers = place.write('answers.yaml', `steps: { '0.1': 'answer: ${secret}' }\n`);
      const prepared = place.gonogo(['run', file, '--plain', '--answers', answers], '\n\n', env);
      expect(prepared.out).toContain(digest(secret));
      expectNowhere(prepared.out, prepared.err);
    });
  });
});

describe('answers', () => {
  test('99 for a step that does not exist', () => {
    const answers = place.write('answers.yaml', 'inputs: { version: v1 }\nsteps:\n  sya: enter\n');
    const { err, code } = place.gonogo(['run', path, '--answers', answers]);
    expect(err).toMatch(/answers\.yaml: E510 there is no step "sya"\. Did you mean "say"\?/);
    expect(code).toBe(2);
  });

  test.each([
    ['steps: { "0.1": go }', /answers\.yaml: steps\.0\.1: "go" is not an answer\. One of enter, yes/],
    ['stpes: {}', /answers\.yaml.*stpes/],
    ['steps: [', /answers\.yaml: not YAML/],
    ['default: maybe', /answers\.yaml: default.*/],
    [
      'inputs: { versoin: v1 }',
      /answers\.yaml: inputs\.versoin: E510 there is no input "versoin"\. Did you mean "version"\?/,
    ],
    ['inputs: { region: v1 }', /answers\.yaml: inputs\.region: E510 there is no input "region"\. Its inputs: version/],
  ])('%s', (text, said) => {
    const { err, code, out } = place.gonogo(['run', path, '--answers', place.write('answers.yaml', text)]);
    expect(err).toMatch(said);
    expect(out).toBe('');
    expect(code).toBe(2);
  });
});
