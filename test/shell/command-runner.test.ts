import { existsSync, mkdirSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sha256 as sha, specHash } from '../../src/session/exec-spec.ts';
import { createBench, specOf } from './support/commands.ts';

describe('a command', () => {
  it('runs by itself in a session of its own, and its outcome is on disk', async () => {
    const bench = createBench();
    const outcome = await bench.run('echo "$$ $(ps -o sid= -p $$)"; exec 3>&1; echo fd3 >&3');
    expect(outcome).toMatchObject({ exit: 0, signal: null, stoppedBy: null, survivors: [], interactive: false });
    const [pid, session] = (await bench.text(1)).trim().split(/\s+/);
    expect(session).toBe(pid);
    expect(JSON.parse(bench.file('attempts/1/exit.json')).outcome).toEqual(outcome);
    expect(JSON.parse(bench.file('attempts/1/started.json')).kind).toBe('started');
  });

  it('keeps stdout and stderr in the order they were written', async () => {
    const bench = createBench();
    await bench.run('for i in $(seq 200); do echo "out $i"; echo "err $i" >&2; done');
    const lines = (await bench.text(1)).trimEnd().split('\n');
    expect(lines).toEqual(Array.from({ length: 200 }, (_, i) => [`out ${i + 1}`, `err ${i + 1}`]).flat());
  });

  it('has a closed stdin unless a text is given, and a pipe that scripts can open by name', async () => {
    const bench = createBench();
    await bench.run('cat; echo end; echo named > /dev/stderr; echo x | tee /dev/stdout');
    expect(await bench.text(1)).toBe('end\nnamed\nx\nx\n');
    const text = `${'message '.repeat(20_000)}\n`;
    await bench.run('cat /dev/stdin | sha256sum', {}, { stdin: text });
    expect(await bench.text(2)).toContain(sha(text));
    await bench.run('echo "did not read"', {}, { stdin: text });
    expect(await bench.text(3)).toBe('did not read\n');
  });

  it('gets its values by environment only, and nothing that runs code unseen', async () => {
    const hostile = { BASH_ENV: '/tmp/x', ENV: '/tmp/x', LD_PRELOAD: '', NODE_OPTIONS: '-r x', PROMPT_COMMAND: 'x' };
    const bench = createBench({ environment: { ...hostile, 'BASH_FUNC_ls%%': '() { echo pwned; }', KEPT: 'yes' } });
    const nasty = '$(touch pwned); `touch pwned`; "\' \\ ; touch pwned';
    await bench.run('printf "%s\\n" "$VERSION"; env | cut -d= -f1 | sort', {}, { values: { VERSION: nasty } });
    const [first, ...names] = (await bench.text(1)).trimEnd().split('\n');
    expect(first).toBe(nasty);
    expect(existsSync(join(bench.home, 'pwned'))).toBe(false);
    for (const name of Object.keys(hostile)) expect(names).not.toContain(name);
    expect(names.filter((name) => name.startsWith('BASH_FUNC'))).toEqual([]);
    expect(names).toContain('KEPT');
  });

  it('is refused when its bytes, a value or its input are not those that were confirmed', async () => {
    const bench = createBench();
    const confirmed = specOf('touch ran', { env: [{ name: 'V', sha256: sha('one') }] });
    const request = { spec: confirmed, hash: specHash(confirmed), secretNames: [], stdin: null };
    const ends = [
      { attempt: 1, ...request, spec: { ...confirmed, script: 'touch ran # changed' }, values: { V: 'one' } },
      { attempt: 2, ...request, values: { V: 'two' } },
      { attempt: 3, ...request, values: {} },
      { attempt: 4, ...request, values: { V: 'one', EXTRA: 'x' } },
      { attempt: 5, ...request, values: { V: 'one' }, stdin: 'text' },
    ].map(async (r) => (await bench.commands.start(r)).ended);
    expect(await Promise.all(ends)).toEqual([
      { kind: 'not-started', because: 'the command on disk is not the one that was confirmed' },
      { kind: 'not-started', because: 'the value of V is not the confirmed one' },
      { kind: 'not-started', because: 'the value of V is not known here' },
      { kind: 'not-started', because: 'EXTRA was not part of the confirmation' },
      { kind: 'not-started', because: 'the text for its input is not the confirmed one' },
    ]);
    expect(existsSync(join(bench.home, 'ran'))).toBe(false);
  });

  it('never runs twice under one number', async () => {
    const bench = createBench();
    const spec = specOf('echo x >> ran');
    const request = { attempt: 1, spec, hash: specHash(spec), values: {}, secretNames: [], stdin: null };
    expect((await (await bench.commands.start(request)).ended).kind).toBe('finished');
    expect(await (await bench.commands.start(request)).ended).toEqual({
      kind: 'not-started',
      because: 'attempt 1 was used before',
    });
    expect(readFileSync(join(bench.home, 'ran'), 'utf8')).toBe('x\n');
  });

  it('starts in the folder that is named, and not at all when there is none', async () => {
    const bench = createBench();
    mkdirSync(join(bench.home, 'sub'));
    await bench.run('pwd -P', { cwd: 'sub' });
    expect((await bench.text(1)).trim()).toBe(realpathSync(join(bench.home, 'sub')));
    const end = await bench.end('pwd', { cwd: 'missing' });
    expect(end).toEqual({ kind: 'not-started', because: `the folder ${join(bench.home, 'missing')} does not exist` });
  });
});

describe('the shell', () => {
  it.each([
    ['stops a plain script at the first failing command', 'plain', 'echo a\nfalse\necho b', 1, 'a\n'],
    ['lets a pipe of a plain script fail in front', 'plain', 'false | cat\necho b', 0, 'b\n'],
    ['stops a strict script at a failing pipe', 'strict', 'false | cat\necho b', 1, ''],
    ['keeps the exit status', 'plain', 'echo a\nexit 7', 7, 'a\n'],
    ['reports SIGPIPE as 141', 'strict', 'yes | head -n 1\necho b', 141, 'y\n'],
    ['takes here-documents and their variables', 'strict', 'x=1\ncat <<E\n$x $0 $# $LINENO\nE', 0, '1 bash 0 2\n'],
  ] as const)('%s', async (_name, prelude, script, exit, output) => {
    const bench = createBench();
    expect((await bench.run(script, { prelude })).exit).toBe(exit);
    expect(await bench.text(1)).toBe(output);
  });

  it('names the lines of the script in its errors', async () => {
    const bench = createBench();
    await bench.run('echo one\n\ncat <<EOF\nx\nEOF\nkubctl get pods');
    expect(await bench.text(1)).toBe('one\nx\nbash: line 6: kubctl: command not found\n');
    await bench.run('echo one\nif true; then\necho two');
    expect(await bench.text(2)).toMatch(/^one\nbash: eval: line 4: syntax error: unexpected end of file/);
    await bench.run('set -u\necho "$MISSING_ONE"', { prelude: 'plain' });
    expect(await bench.text(3)).toBe('bash: line 2: MISSING_ONE: unbound variable\n');
  });

  it('explains ends that need words', async () => {
    const bench = createBench();
    expect(await bench.run('kubctl get pods')).toMatchObject({ exit: 127, explanation: 'command not found: kubctl' });
    expect((await bench.run('touch file; ./file')).explanation).toBe('cannot be executed: ./file (permission denied)');
    expect(await bench.run('kill -SEGV $$')).toMatchObject({
      exit: null,
      signal: 'SIGSEGV',
      explanation: 'ended by SIGSEGV: crashed: it used memory that is not its own',
    });
    expect((await bench.run('(kill -9 $BASHPID)')).explanation).toMatch(/^a part of it ended by SIGKILL/);
    expect(await bench.run('1', { shell: 'no-such-shell', prelude: 'none' })).toMatchObject({
      exit: 127,
      explanation: 'shell not found: no-such-shell',
    });
  });

  it('runs other interpreters with the environment only', async () => {
    const bench = createBench();
    await bench.run('X=carried');
    const outcome = await bench.run('import os\nprint(os.environ["X"])', { shell: 'python3', prelude: 'none' });
    expect(outcome).toMatchObject({ exit: 0, carried: null });
    expect(await bench.text(2)).toBe('carried\n');
  });
});

describe('retry', () => {
  it('runs at most as often as confirmed, each time with its own mark, and stops when it went well', async () => {
    const bench = createBench();
    const script = 'echo x >> ran; [ "$(wc -l < ran)" -ge 3 ]';
    const outcome = await bench.run(script, { attempts: 5, everyMs: 10 });
    expect(outcome).toMatchObject({ exit: 0, notes: ['3 tries: exit 1, exit 1, exit 0'] });
    expect(JSON.parse(bench.file('attempts/1/tries/3.json')).try).toBe(3);
    const failing = await bench.run('echo y >> ran2; false', { attempts: 2, everyMs: 1 });
    expect(failing).toMatchObject({ exit: 1, carried: null });
    expect(readFileSync(join(bench.home, 'ran2'), 'utf8')).toBe('y\ny\n');
  });

  it('judges the expectation by the output of the last try alone', async () => {
    const bench = createBench();
    const expect1 = { exit: null, text: 'ready', pattern: null, none: false };
    const script = 'echo x >> n; if [ "$(wc -l < n)" -ge 2 ]; then echo ready; else echo waiting; fi';
    const outcome = await bench.run(script, { attempts: 3, everyMs: 1, expect: expect1 });
    expect(outcome.expectation).toEqual({ met: true, because: 'exit 0, output holds "ready"' });
    expect(outcome.notes).toEqual(['2 tries: exit 0, exit 0']);
  });
});
