import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { systemClock } from '../../src/engine/clock.ts';
import { watchGaps } from '../../src/engine/gaps.ts';
import { watchPanels } from '../../src/engine/panels.ts';
import { createStore } from '../../src/engine/store.ts';
import type { EngineView } from '../../src/engine/view.ts';
import { createLines } from '../../src/plain/lines.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { CommandRunner } from '../../src/ports/commands.ts';
import { safeText } from '../../src/text/safe-text.ts';
import { Workspace } from '../support/workspace.ts';
import { gonogo, step } from './support/runbooks.ts';

let place: Workspace;
beforeEach(() => {
  place = new Workspace();
});
afterEach(() => place.close());

/** Writes a runbook and allows its commands. */
const trusted = (name: string, text: string): string => {
  const path = place.write(name, text);
  const { code, err } = place.gonogo(['trust', path, '--yes']);
  expect(err).toBe('');
  expect(code).toBe(0);
  return path;
};

test('--auto does not try a command again that could not be started', () => {
  const input = "inputs:\n  key: { type: secret, from: 'env:NOT_SET_ANYWHERE' }\n";
  const path = trusted('secret.md', gonogo(step('echo "$KEY" | wc -c', 'risk=read'), input));
  const { code, out } = place.gonogo(['run', path, '--auto']);
  expect(code).toBe(6);
  expect(out.split('NOT STARTED: E512 secret env:NOT_SET_ANYWHERE could not be resolved').length - 1).toBe(1);
});

describe('of a runbook that is not trusted nothing is run', () => {
  const pwned = (name: string): boolean => existsSync(join(place.work, name));

  test('neither its steps nor the commands that send its messages', () => {
    const message = '1. Say\n\n   ```message\n   send: touch pwned-send\n   text: hello\n   ```\n';
    const path = place.write('hostile.md', gonogo(message + step('touch pwned-step', 'risk=read')));
    const { code, out } = place.gonogo(['run', path, '--plain'], 'y\ny\n\n');
    expect(code).toBe(0);
    expect(out).toContain('not allowed by you yet');
    expect(out).toContain('by hand, not run from here:\n $ touch pwned-step');
    expect(['pwned-send', 'pwned-step'].filter(pwned)).toEqual([]);
  });

  test.each([
    [true, 0],
    [false, 1],
  ])('nor its panels (restricted: %s)', (restricted, times) => {
    const panel = { title: 'Queue', command: 'id > pwned', everyMs: 1000 };
    const session = {
      frames: [{ restricted, runbook: { panels: [panel], inputs: [] }, captures: {}, inputs: {} }],
      finished: null,
    };
    const store = createStore({ session, panels: [], observing: null } as unknown as EngineView, 0);
    const probe = vi.fn(async () => ({ exit: 0, output: '', timedOut: false }));
    const ticks: (() => void)[] = [];
    const every: Clock['every'] = (_, tick) => {
      ticks.push(tick);
      return () => undefined;
    };
    watchPanels({ runner: { probe } as unknown as CommandRunner, clock: { ...systemClock, every }, store });
    for (const tick of ticks) tick();
    store.close();
    expect(probe).toHaveBeenCalledTimes(times);
  });

  test('nor a program that the configuration of its git work tree names', () => {
    const path = place.write('repository/steps.md', '# Deploy\n\n- [ ] One\n');
    const git = (...args: string[]): void => {
      const who = ['-c', 'user.name=alice', '-c', 'user.email=alice@example.com'];
      execFileSync('git', ['-C', dirname(path), ...who, ...args], { stdio: 'ignore' });
    };
    git('init');
    git('add', '.');
    git('commit', '-m', 'steps');
    git('config', 'core.fsmonitor', `touch ${join(place.work, 'pwned-git')}; false`);
    expect(place.gonogo(['run', path, '--plain'], '\n').code).toBe(0);
    expect(pwned('pwned-git')).toBe(false);
    const record = JSON.parse(place.gonogo(['export', place.runs()[0] ?? '', '--format', 'json']).out);
    expect(JSON.stringify(record)).toMatch(/"dirty":false/);
  });
});

describe('what the machine refuses is no bug of the program', () => {
  test('a home that is no folder', () => {
    const path = place.write('deploy.md', `# Deploy\n\n${step('echo one')}`);
    const home = { HOME: place.write('home', '') };
    for (const args of [
      ['run', path, '--plain'],
      ['trust', path, '--yes'],
      ['config', 'theme', 'dark'],
      ['resume', '--plain'],
    ]) {
      const { code, err } = place.gonogo(args, '\n', home);
      expect(err).not.toMatch(/bug|\n\s+at /);
      expect(err.split('\n')).toHaveLength(2);
      expect(code).toBe(2);
    }
    expect(place.gonogo(['check', path], '', home)).toMatchObject({ out: expect.stringContaining('no problems') });
  });

  test('a current folder that is gone', () => {
    const path = place.write('deploy.md', `# Deploy\n\n${step('echo one')}`);
    const said = place.sh(`mkdir gone; cd gone; rmdir ../gone; gonogo check ${path}; echo $?; gonogo runs; echo $?`);
    expect(said.err).toBe('the folder you are in is gone. Change to another one: cd\n');
    expect(said.out).toMatch(/^2\n.*no runs yet.*\n0\n$/s);
  });
});

test('a reader that has seen enough ends the output, and a run that is under way can go on', () => {
  const path = trusted('deploy.md', `# Deploy\n\n${step('echo one')}`);
  const said = place.sh(`gonogo show ${path} | head -1; echo "\${PIPESTATUS[@]}"; mkfifo in; exec 3<>in
gonogo run ${path} --plain < in | head -1; echo "\${PIPESTATUS[@]}"`);
  expect(said.err).toBe('');
  expect(said.out).toMatch(/^Deploy\n0 0\nno cluster.*\n(6|130) 0\n/);
});

test('a run that was killed before its first step does not stand in the way of an older one', async () => {
  const path = trusted('deploy.md', `# Deploy\n\n${step('echo one')}`);
  place.gonogo(['run', path, '--plain'], 'q\n');
  const [older = ''] = place.runs();
  place.gonogo(['run', path, '--plain'], 'q\n');
  const newer = join(place.runsFolder, place.runs()[1] ?? '', 'journal.jsonl');
  writeFileSync(newer, `${readFileSync(newer, 'utf8').split('\n')[0]}\n`);
  expect(place.gonogo(['resume', '--plain'], 'q\n')).toMatchObject({
    code: 6,
    out: expect.stringContaining(`resume ${older}`),
  });
});

describe('--auto in production', () => {
  const text = (target: string): string => gonogo(step('touch pwned'), `target: { ${target} }\n`);
  const cases: readonly (readonly [title: string, target: string, options: readonly string[]])[] = [
    ['by the runbook', 'production: true', []],
    ['by the context of the runbook', 'context: prod-eu', []],
    ['by an option', 'context: staging', ['--context', 'eu.PROD2']],
    ['by its namespace', 'namespace: production', []],
    ['although the runbook says no', 'context: prod-eu, production: false', []],
  ];
  test.each(cases)('is refused: %s', (_, target, options) => {
    const path = trusted('deploy.md', text(target));
    const { code, err } = place.gonogo(['run', path, '--auto', ...options]);
    expect(err).toBe('--auto is refused in production. Run it with a person at the keyboard\n');
    expect(code).toBe(3);
    expect(place.runs()).toEqual([]);
  });

  test('is refused when a run is resumed', async () => {
    await place.cluster();
    const path = trusted('deploy.md', text('context: prod-eu'));
    place.gonogo(['run', path, '--plain'], 'q\n');
    const { code, err } = place.gonogo(['resume', '--auto']);
    expect(err).toBe('--auto is refused in production. Resume it with a person at the keyboard\n');
    expect(code).toBe(3);
    expect(existsSync(join(place.work, 'pwned'))).toBe(false);
  });
});

test('answers for a step that does not exist are refused on resume, too', () => {
  const path = trusted('deploy.md', `# Deploy\n\n${step('echo one')}`);
  place.gonogo(['run', path, '--plain'], 'q\n');
  const answers = place.write('answers.yaml', 'steps: { "0.9": enter }\n');
  const { code, err } = place.gonogo(['resume', '--answers', answers]);
  expect(err).toMatch(/answers\.yaml: E510 there is no step "0\.9"/);
  expect(code).toBe(2);
});

describe('a secret that is asked at its step', () => {
  const secret = 'correct-horse-battery';
  const ask = '1. Ask\n\n   ```ask\n   key: { type: secret, prompt: Key }\n   ```\n';

  test('reaches the commands after it, and no disk', () => {
    const path = trusted(
      'deploy.md',
      gonogo(`${ask}\n${step('test "$KEY" = correct-horse-battery', '', 'Use').replaceAll(secret, '"$(cat key)"')}`),
    );
    place.write('key', secret);
    const { out, code } = place.gonogo(['run', path, '--plain'], `${secret}\ny\n\n`);
    expect(out).toContain('KEY=(secret)');
    expect(out).toContain('exit 0');
    expect(code).toBe(0);
    expect(out).not.toContain(secret);
    expect(place.sh(`grep -rl ${secret} ${place.home}`).out).toBe('');
  });

  test('is asked again when the run is resumed', () => {
    const path = trusted('deploy.md', gonogo(`${ask}\n${step('echo "$KEY" | wc -c', '', 'Use')}`));
    place.gonogo(['run', path, '--plain'], `${secret}\nq\n`);
    const { out } = place.gonogo(['resume', '--plain'], `\n${secret}\n\nq\n`);
    expect(out).toContain('a value is needed: key');
    expect(out).toContain(`| ${secret.length + 1}\n`);
  });

  test('is not printed when an answers file gives it', () => {
    const path = trusted('deploy.md', gonogo(ask));
    const answers = place.write('answers.yaml', `steps: { "0.1": "answer: ${secret}" }\n`);
    const { out } = place.gonogo(['run', path, '--answers', answers]);
    expect(out).toContain('> answer: (not shown)');
    expect(out).not.toContain(secret);
  });
});

test('an input that never ends is read only as it is needed', async () => {
  const stdin = new PassThrough();
  const lines = createLines(stdin, new PassThrough());
  stdin.write('\n'.repeat(1000));
  for (let i = 0; i < 5; i++) expect(await lines.ask(safeText('>'))).toBe('');
  expect(stdin.isPaused()).toBe(true);
  for (let i = 0; i < 994; i++) await lines.ask(safeText('>'));
  expect(stdin.isPaused()).toBe(false);
  stdin.end('last\n');
  expect(await lines.ask(safeText('>'))).toBe('');
  expect(await lines.ask(safeText('>'))).toBe('last');
  expect(await lines.ask(safeText('>'))).toBeNull();
  expect(await lines.ask(safeText('>'))).toBeNull();
  lines.close();
});

test('a clock that is set back is no time away', () => {
  let now = 1_000_000;
  let tick = (): void => undefined;
  const every: Clock['every'] = (_, each) => {
    tick = each;
    return () => undefined;
  };
  const gaps: unknown[] = [];
  watchGaps({ ...systemClock, now: () => now, monotonic: () => 0, every }, (gap) => gaps.push(gap));
  now -= 3 * 3_600_000;
  tick();
  expect(gaps).toEqual([]);
  now += 60_000;
  tick();
  expect(gaps).toEqual([{ from: now - 60_000, to: now, kind: 'sleep' }]);
});
