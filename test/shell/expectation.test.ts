import { describe, expect, it } from 'vitest';
import { judgeExpectation, type Result } from '../../src/shell/expectation.ts';
import { explainExit } from '../../src/shell/explain-exit.ts';
import { createBench } from './support/commands.ts';

const result = (changes: Partial<Result> = {}): Result => ({
  exit: 0,
  signal: null,
  text: 'deployment "api" \u001b[32msuccessfully\u001b[0m rolled out\n',
  lines: 1,
  incomplete: false,
  ...changes,
});

const nothing = { exit: null, text: null, pattern: null, none: false };

describe('an expectation', () => {
  it.each([
    [null, {}, null],
    [nothing, {}, { met: true, because: 'exit 0' }],
    [nothing, { exit: 2 }, { met: false, because: 'exit 2, expected 0' }],
    [{ ...nothing, exit: 3 }, { exit: 3 }, { met: true, because: 'exit 3' }],
    [nothing, { exit: null, signal: 'SIGKILL' }, { met: false, because: 'ended by SIGKILL, expected exit 0' }],
    [
      { ...nothing, text: 'successfully rolled out' },
      {},
      { met: true, because: 'exit 0, output holds "successfully rolled out"' },
    ],
    [{ ...nothing, text: 'failed' }, {}, { met: false, because: '"failed" is not in the output' }],
    [
      { ...nothing, text: 'failed' },
      { incomplete: true },
      { met: false, because: '"failed" is not in the first and last 8 MiB of the output' },
    ],
    [
      { ...nothing, pattern: { source: 'ROLLED\\s+out', flags: 'i' } },
      {},
      { met: true, because: 'exit 0, output matches /ROLLED\\s+out/i' },
    ],
    [
      { ...nothing, pattern: { source: '^x', flags: '' } },
      {},
      { met: false, because: '/^x/ does not match in the output' },
    ],
    [
      { ...nothing, pattern: { source: '(', flags: '' } },
      {},
      { met: false, because: '/(/ is not a regular expression' },
    ],
    [{ ...nothing, none: true }, {}, { met: false, because: '1 line of output, expected none' }],
    [
      { ...nothing, none: true },
      { text: '', lines: 0 },
      { met: true, because: 'exit 0, no output' },
    ],
  ] as const)('%j with %j', (wanted, changes, verdict) => {
    expect(judgeExpectation(wanted, result(changes))).toEqual(verdict);
  });

  it('gives up on a pattern that backtracks without end', () => {
    const wanted = { ...nothing, pattern: { source: '^(a+)+$', flags: '' } };
    expect(judgeExpectation(wanted, result({ text: `${'a'.repeat(50)}!` }))).toEqual({
      met: false,
      because: '/^(a+)+$/ took longer than 1 s to match; simplify it',
    });
  });

  it('is judged by the runner, and stored with the outcome', async () => {
    const bench = createBench();
    const outcome = await bench.run('echo 5 of 5 ready', {
      expect: { ...nothing, pattern: { source: '(\\d) of \\1', flags: '' } },
    });
    expect(outcome.expectation?.met).toBe(true);
    expect(JSON.parse(bench.file('attempts/1/exit.json')).outcome.expectation.met).toBe(true);
  });
});

describe('the words for an exit', () => {
  const ending = { exit: null, signal: null, stoppedBy: null, watcher: false };
  it.each([
    [{ exit: 127 }, 'bash: line 3: kubctl: command not found\n', 'command not found: kubctl'],
    [{ exit: 127 }, '/tmp/x: 3: kubctl: not found\n', 'command not found: kubctl'],
    [{ exit: 127 }, 'zsh: command not found: kubctl\n', 'command not found: kubctl'],
    [{ exit: 127 }, 'bash: line 1: ./missing.sh: No such file or directory\n', 'file not found: ./missing.sh'],
    [{ exit: 127 }, '', 'a command was not found'],
    [{ exit: 126 }, 'bash: line 1: /etc: Is a directory\n', 'cannot be executed: /etc (is a directory)'],
    [{ exit: 126 }, '', 'a command was found but cannot be executed'],
    [{ exit: 141 }, '', 'a part of it ended by SIGPIPE (wrote to a pipe whose reader had gone)'],
    [{ exit: 137 }, '', 'a part of it ended by SIGKILL (killed, by somebody or for want of memory)'],
    [{ exit: 255 }, '', null],
    [{ exit: 1 }, 'bash: line 1: x: command not found\n', null],
    [{ exit: 0 }, '', null],
    [{ signal: 'SIGTERM', stoppedBy: 'operator' }, '', 'stopped by the operator'],
    [
      { signal: 'SIGTERM', stoppedBy: 'operator', watcher: true },
      '',
      'stopped by the operator: the normal end of a watching command',
    ],
    [{ signal: 'SIGTERM', stoppedBy: 'timeout' }, '', 'stopped at its time limit'],
  ] as const)('%j after %j: %s', (changes, tail, words) => {
    expect(explainExit({ ...ending, ...changes }, tail)).toBe(words);
  });
});
