import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Workspace } from '../support/workspace.ts';
import { expectNothingRaw } from './support/raw.ts';
import { step } from './support/runbooks.ts';
import { Walk } from './support/walk.ts';

let place: Workspace;
beforeEach(() => {
  place = new Workspace();
});
afterEach(() => place.close());

/** A file of one command, allowed. */
const trusted = (script: string, more = ''): string => {
  const path = place.write('deploy.md', `# Deploy\n\n${step(script)}${more}`);
  expect(place.gonogo(['trust', path, '--yes']).code).toBe(0);
  return path;
};
const runFolder = (): string => join(place.runsFolder, place.runs()[0] ?? '');
const record = (): {
  commands: { output: { bytes: number; lines: number; sha256: string; omitted: number; binary: boolean } }[];
} => JSON.parse(place.gonogo(['export', place.runs()[0] ?? '', '--format', 'json']).out);

describe('81 output', () => {
  test('of 64 MB is counted, cut in the middle and known by its hash', () => {
    const script = 'yes 0123456789abcdef | head -c 64000000';
    const { out, code } = place.gonogo(['run', trusted(script), '--plain'], 'y\noutput\naccept: large\n\n');
    expect(code).toBe(0);
    const sha256 = createHash('sha256')
      .update('0123456789abcdef\n'.repeat(3_764_706).slice(0, 64_000_000))
      .digest('hex');
    const [command] = record().commands;
    expect(command?.output).toMatchObject({ bytes: 64_000_000, sha256, binary: false });
    expect(command?.output.omitted).toBeGreaterThan(40_000_000);
    expect(statSync(join(runFolder(), 'attempts/1/output.spool')).size).toBeLessThan(17 * 1024 * 1024);
    expect(out.length).toBeLessThan(8_000_000);
    expect(out).toMatch(new RegExp(`output: 64,000,000 bytes, [\\d,]+ of them left out, sha256 ${sha256}\\n`));
  });

  test('without a line break is cut to what can be shown', () => {
    const { out, code } = place.gonogo(['run', trusted("head -c 20000000 /dev/zero | tr '\\0' x"), '--plain'], 'y\n\n');
    expect(code).toBe(0);
    expect(out.length).toBeLessThan(100_000);
    expect(record().commands[0]?.output).toMatchObject({ bytes: 20_000_000, lines: 1 });
  });

  test('that is binary is described, not shown', () => {
    const { out } = place.gonogo(['run', trusted('head -c 300000 /dev/urandom'), '--plain'], 'y\noutput\n\n');
    expectNothingRaw(out);
    expect(out).toMatch(/output: 300,000 bytes, binary, sha256 [0-9a-f]{64}\n/);
    expect(record().commands[0]?.output).toMatchObject({ bytes: 300_000, binary: true });
  });

  test('that would steer a terminal is text', () => {
    const hostile = [
      '\\033]52;c;cHduZWQ=\\007',
      '\\033]0;title\\007',
      '\\033[2J\\033[H',
      '\\033P+q\\033\\\\',
      '\\302\\2332J',
      '\\342\\200\\256gnp',
      'a\\rb',
      '\\033[31mred\\033[0m',
      '\\377\\376',
    ];
    const { out, err } = place.gonogo(
      ['run', trusted(`printf '${hostile.join('\\n')}\\n'`), '--plain'],
      'y\noutput\n\n',
    );
    expectNothingRaw(out + err);
    expect(out).toContain('^[]52;c;cHduZWQ=^G');
    expect(out).toContain('⟨U+202E⟩gnp');
    expect(out).toContain('| red\n');
    for (const format of ['md', 'json'])
      expectNothingRaw(place.gonogo(['export', place.runs()[0] ?? '', '--format', format]).out);
    expectNothingRaw(readFileSync(join(runFolder(), 'record.md'), 'utf8'));
  });
});

describe('82 how it ended', () => {
  const cases: readonly (readonly [script: string, said: string])[] = [
    ['kubctl get pods --all', 'exit 127: command not found: kubctl'],
    ['./notes.sh', 'exit 126: cannot be executed: ./notes.sh (permission denied)'],
    ['kill -KILL $$', 'ended by SIGKILL: killed, by somebody or for want of memory'],
    ['kill -SEGV $$', 'ended by SIGSEGV'],
    ['bash -c "kill -TERM \\$\\$"', 'a part of it ended by SIGTERM'],
  ];
  test('by a signal, or without ever beginning, is said in words', () => {
    const steps = cases.map(([script]) => `\n${step(script, '', 'One')}`).join('');
    const path = place.write('deploy.md', `# Deploy\n${steps}`);
    place.write('notes.sh', 'echo notes\n');
    place.gonogo(['trust', path, '--yes']);
    const { out } = place.gonogo(['run', path, '--plain'], 'y\naccept: seen\n'.repeat(cases.length));
    for (const [, said] of cases) expect(out).toContain(said);
  });

  test('when the shell is missing', () => {
    const path = trusted('echo hi');
    const { out, err, code } = place.gonogo(['run', path, '--plain'], '\n\n', { PATH: '/nowhere' });
    expect(out).toMatch(/exit 127: .*bash/);
    expect(out + err).not.toMatch(/bug|at .*\.[jt]s:/);
    expect(code).toBe(0);
  });
});

test('83 a runner that was killed leaves UNKNOWN, and nothing is run again by itself', async () => {
  const path = trusted('echo begun >> count; sleep 60', `\n${step('touch after', '', 'After')}`);
  const walk = await new Walk(place, ['run', path, '--plain']).sees('step 1 of 2');
  await walk.types('y').until(() => existsSync(join(place.work, 'count')));
  const { runner } = JSON.parse(readFileSync(join(runFolder(), 'attempts/1/started.json'), 'utf8'));
  process.kill(runner.pid, 'SIGKILL');
  await walk.sees('UNKNOWN: attempt 1 was started and has no result');
  await walk.sees('still running');
  walk.kill();
  await walk.exits();
  const resumed = place.gonogo(['resume', '--plain'], 'y\nt\n\nq\n');
  expect(resumed.out).toMatch(/UNKNOWN +Do it: started \d\d:\d\d:\d\d, no result recorded/);
  expect(readFileSync(join(place.work, 'count'), 'utf8')).toBe('begun\n');
  const said = place.gonogo(['resume', '--plain'], '2 nothing was deployed\nS not today\nq\n');
  expect(said.out).toContain('step 2 of 2');
  for (const pid of survivorsOf(place.work)) process.kill(pid, 'SIGKILL');
});

/** Processes that a test's command left in its folder. */
const survivorsOf = (folder: string): readonly number[] =>
  place
    .sh(
      `for p in /proc/[0-9]*; do [ "$(readlink $p/cwd)" = ${folder} ] && [ "\${p#/proc/}" != $$ ] && echo "\${p#/proc/}"; done; true`,
    )
    .out.split('\n')
    .filter((line) => line !== '')
    .map(Number)
    .filter((pid) => existsSync(`/proc/${pid}`));

test('84 a process that lives on is named', () => {
  const { out, code } = place.gonogo(['run', trusted('sleep 61 >/dev/null 2>&1 &\necho started'), '--plain'], 'y\n\n');
  expect(out).toMatch(/W801 1 process still running: \d+ sleep/);
  expect(code).toBe(0);
  for (const pid of survivorsOf(place.work)) process.kill(pid, 'SIGKILL');
});

test('84 a daemon that keeps the output open does not hold the step', () => {
  const { out, code } = place.gonogo(['run', trusted('setsid sleep 61 &\necho started'), '--plain'], 'y\n\n');
  expect(out).toMatch(/W801 1 process still running: \d+ sleep/);
  expect(code).toBe(0);
  for (const pid of survivorsOf(place.work)) process.kill(pid, 'SIGKILL');
});
