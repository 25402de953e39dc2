import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Workspace } from '../support/workspace.ts';

const place = new Workspace();
afterAll(() => place.close());
beforeAll(() => mkdirSync(join(place.work, 'folder')));

describe('what is typed wrongly is told with what to do', () => {
  const cases: readonly (readonly [args: string, said: string])[] = [
    ['chekc', 'there is no command and no runbook "chekc". Did you mean "gonogo check"?'],
    ['hotfx --plain', 'there is no command and no runbook "hotfx". Did you mean "gonogo hotfix"?'],
    ['nothing-like-it', 'there is no runbook "nothing-like-it". gonogo list shows those that are found by name'],
    ['run', "missing required argument 'runbook'. gonogo run --help shows how it is used"],
    ['run --nope', "unknown option '--nope'. gonogo run --help shows how it is used"],
    ['list extra', "too many arguments for 'list'. Expected 0 arguments but got 1: extra. gonogo list --help shows"],
    ['help chekc', 'there is no command "chekc". Did you mean "gonogo help check"?'],
    ['run folder', 'folder: E107 not a regular file: it is a directory. Name a runbook file; gonogo check folder'],
    ['show ./folder', 'folder: E107 not a regular file: it is a directory. Name a runbook file'],
    ['runs --format xml', '--format: unknown format "xml". text or json'],
    ['check folder --format xml', '--format: unknown format "xml". text or json'],
    ['config --unset', '--unset needs a key. For example: gonogo config theme --unset'],
    ['run hotfix --plain --at 25:00', '--at: "25:00" is not a time. For example: --at 14:30'],
    ['resume', 'there is no unfinished run. gonogo list shows runbooks'],
    ['export 0199', 'no run has the id "0199". List them: gonogo runs'],
  ];
  test.each(cases)('gonogo %s', (args, said) => {
    const { code, out, err } = place.gonogo(args.split(' '));
    expect(err).toContain(said);
    expect(err.trimEnd().split('\n')).toHaveLength(1);
    expect(out).toBe('');
    expect(code).toBe(2);
  });
});

test('a folder without runbooks is told as one', () => {
  const { code, out } = place.gonogo(['check', 'folder']);
  expect(out).toMatch(/^there is no runbook in this folder; gonogo init writes one/);
  expect(code).toBe(0);
});

test('help is a command, too', () => {
  expect(place.gonogo(['help']).out).toMatch(/^Usage: gonogo \[options\] \[command\]/);
  expect(place.gonogo(['help', 'check'])).toMatchObject({ code: 0, out: place.gonogo(['check', '--help']).out });
});

test('an output that cannot be written is told and is no success', () => {
  for (const args of ['list', '--help', 'show hotfix --format json']) {
    const { code, err } = place.sh(`gonogo ${args} > /dev/full`);
    expect(err).toBe('the output cannot be written (ENOSPC). Check the disk it goes to\n');
    expect(code).toBe(2);
  }
});
