import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { missingError } from '../../src/commands/start-inputs.ts';
import { shellWord } from '../../src/text/shell-word.ts';
import { inputOf } from '../record/support.ts';

test.each(['v2.3.0', 'Card payments answer 503', "it's", '$(id)', '*', '', 'a\nb', '#x'])(
  'a shell reads %j back as it was',
  (text) => {
    expect(execFileSync('bash', ['-c', `printf %s ${shellWord(text)}`], { encoding: 'utf8' })).toBe(text);
  },
);

test('E504 shows an example that can be pasted', () => {
  const { nextStep } = missingError([inputOf('issue', { example: 'Card payments answer 503' })]);
  expect(nextStep).toBe("Give it with --set issue='Card payments answer 503'");
  expect(missingError([inputOf('version', { example: 'v2.3.0' })]).nextStep).toBe('Give it with --set version=v2.3.0');
});
