import { expect, test } from 'vitest';
import { resultWords } from '../../src/record/commands.ts';
import { fold } from '../../src/session/reduce.ts';
import { commandOf, JournalWriter, libraryOf, phaseOf, run, runbookOf, startOf, stepOf } from './support.ts';

const wait = commandOf('sleep 600');
const runbook = runbookOf('Deploy', 'deploy', [phaseOf('Go', [stepOf('Wait', [run(wait)])])]);

test.each([
  ['timeout', 'stopped at its time limit', 'ended by SIGTERM: stopped at its time limit'],
  ['operator', 'stopped by the operator', 'ended by SIGTERM: stopped by the operator'],
  ['operator', null, 'ended by SIGTERM, stopped by the operator'],
] as const)('a command that was stopped by the %s (%s) says so once', (stoppedBy, explanation, words) => {
  const outcome = { exit: null, signal: 'SIGTERM', stoppedBy, explanation };
  const journal = new JournalWriter().add('run.started', startOf()).open('a.md', runbook, {});
  journal.ran('1.1', wait, '', 60, { outcome });
  const attempt = fold(libraryOf(['a.md', runbook]), journal.events).attempts[1] ?? expect.unreachable();
  expect(resultWords(attempt)).toBe(words);
});
