import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { forgetKubeconfigs, pinPath } from '../../src/shell/attempt-kubeconfig.ts';
import { createBench } from './support/commands.ts';

const carriedIn = (text: string): Record<string, string> => JSON.parse(text).set;

describe('what one command hands to the next', () => {
  it('hands on variables and the folder, also over a restart of gonogo', async () => {
    const bench = createBench({ environment: { GONE: 'x', KEPT: 'same' } });
    mkdirSync(join(bench.home, 'a b'));
    const script = 'VERSION=v2\nMULTI=$\'one\\ntwo = 3\'\nunset GONE\ncd "a b"\nf() { :; }\narr=(1 2)';
    const outcome = await bench.run(script);
    expect(outcome.carried).toEqual({ set: ['MULTI', 'VERSION'], unset: ['GONE'], cwd: join(bench.home, 'a b') });
    expect(JSON.parse(bench.file('env.json'))).toEqual({
      attempt: 1,
      set: { VERSION: 'v2', MULTI: 'one\ntwo = 3' },
      unset: ['GONE'],
      cwd: join(bench.home, 'a b'),
    });
    await bench.run(
      'echo "$VERSION|$MULTI|$(printenv GONE || echo unset)|$KEPT|$PWD"; declare -F f || echo no function',
    );
    expect(await bench.text(2)).toBe(`v2|one\ntwo = 3|unset|same|${bench.home}/a b\nno function\n`);
    expect(bench.again().environmentNames()).toContain('VERSION');
  });

  it('replaces what the command before handed on', async () => {
    const bench = createBench();
    await bench.run('A=1; B=2');
    const outcome = await bench.run('unset A; B=3');
    expect(outcome.carried).toMatchObject({ set: ['B'], unset: ['A'] });
    expect(carriedIn(bench.file('env.json'))).toEqual({ B: '3' });
  });

  it('hands on nothing of a command that failed, was killed, or runs in the background', async () => {
    const bench = createBench();
    expect((await bench.run('A=1; exit 3')).carried).toBe(null);
    expect((await bench.run('A=1; kill -9 $$')).carried).toBe(null);
    expect((await bench.run('A=1', { background: true })).carried).toBe(null);
    await bench.run('printenv A || echo nothing');
    expect(await bench.text(4)).toBe('nothing\n');
  });

  it('takes an expected exit for success', async () => {
    const bench = createBench();
    const wanted = { exit: 3, text: null, pattern: null, none: false };
    expect((await bench.run('A=1; exit 3', { expect: wanted })).carried?.set).toEqual(['A']);
  });

  it('does not carry confirmed values, and gives back what they covered', async () => {
    const bench = createBench();
    await bench.run('V=old');
    await bench.run('echo "$V $W"', {}, { values: { V: 'new', W: 'only here' } });
    expect(await bench.text(2)).toBe('new only here\n');
    expect(carriedIn(bench.file('env.json'))).toEqual({ V: 'old' });
  });

  it('drops a changed KUBECONFIG and says so', async () => {
    const bench = createBench({ kubeconfig: 'pinned' });
    const outcome = await bench.run('cat "$KUBECONFIG"; export KUBECONFIG=/elsewhere');
    expect(outcome.notes).toEqual(['W420 the command changed its kubeconfig; dropped']);
    await bench.run('cat "$KUBECONFIG"');
    expect([await bench.text(1), await bench.text(2)]).toEqual(['pinned', 'pinned']);
  });

  it('gives every command a copy of its own, and drops one that was written into', async () => {
    const bench = createBench({ kubeconfig: 'pinned' });
    const outcome = await bench.run('echo moved > "$KUBECONFIG"; cat "$KUBECONFIG"');
    expect(outcome.notes).toEqual(['W420 the command changed its kubeconfig; dropped']);
    expect(await bench.text(1)).toBe('moved\n');
    expect((await bench.run('cat "$KUBECONFIG"')).notes).toEqual([]);
    expect(await bench.text(2)).toBe('pinned');
    expect((await bench.run('rm "$KUBECONFIG"; false')).notes).toContain(
      'W420 the command changed its kubeconfig; dropped',
    );
    const probed = await bench.commands.probe('cat "$KUBECONFIG"; echo x > "$KUBECONFIG"', {}, 5_000);
    expect(probed.output).toBe('pinned');
  });

  it('leaves no copy behind, also when its outcome is taken twice', async () => {
    const bench = createBench({ kubeconfig: 'pinned' });
    const copy = (attempt: number): boolean =>
      existsSync(join(bench.runDir, 'attempts', String(attempt), 'kubeconfig'));
    await bench.run('cat "$KUBECONFIG"');
    expect(copy(1)).toBe(false);
    const again = await bench.again().recover(1);
    expect(again).toMatchObject({ kind: 'recovered', outcome: { notes: [] } });
    await bench.run('rm "$KUBECONFIG"');
    expect(await bench.again().recover(2)).toMatchObject({
      outcome: { notes: ['W420 the command changed its kubeconfig; dropped'] },
    });
  });

  it('keeps the copy for processes that outlive their command, until they are gone and the run is over', async () => {
    const bench = createBench({ kubeconfig: 'pinned' });
    writeFileSync(pinPath(bench.runDir), 'pinned');
    const { survivors } = await bench.run('sleep 300 > /dev/null 2>&1 &');
    expect(survivors).toHaveLength(1);
    const copy = join(bench.runDir, 'attempts', '1', 'kubeconfig');
    forgetKubeconfigs(bench.runDir);
    expect([existsSync(copy), existsSync(pinPath(bench.runDir))]).toEqual([true, false]);
    await bench.commands.stopSurvivors(1);
    forgetKubeconfigs(bench.runDir);
    expect(existsSync(copy)).toBe(false);
  });

  it('leaves out what Helm ranks above the pinned kubeconfig, of the operator and of commands', async () => {
    const environment = { HELM_KUBEAPISERVER: 'https://elsewhere', HELM_KUBETOKEN: 'x', HELM_DRIVER: 'secret' };
    const pinned = createBench({ kubeconfig: 'pinned', environment });
    expect(pinned.commands.leftOutVariables).toEqual(['HELM_KUBEAPISERVER', 'HELM_KUBETOKEN']);
    expect(pinned.commands.targetVariables).toEqual(['HELM_DRIVER']);
    const names = 'env | grep -o "^HELM_[A-Z]*" | sort';
    await pinned.run(`${names}; export HELM_KUBECONTEXT=elsewhere`);
    await pinned.run(names);
    expect([await pinned.text(1), await pinned.text(2)]).toEqual(['HELM_DRIVER\n', 'HELM_DRIVER\n']);
    expect((await pinned.commands.probe(names, {}, 5_000)).output).toBe('HELM_DRIVER\n');
    const free = createBench({ environment });
    await free.run(names);
    expect(await free.text(1)).toBe('HELM_DRIVER\nHELM_KUBEAPISERVER\nHELM_KUBETOKEN\n');
    expect(free.commands.leftOutVariables).toEqual([]);
  });

  it('gives way to a trap or exec of the script: its end is its own', async () => {
    const bench = createBench();
    expect(await bench.run('A=1; trap "echo mine" EXIT')).toMatchObject({ exit: 0, carried: null });
    expect(await bench.text(1)).toBe('mine\n');
    expect(await bench.run('A=1; exec echo replaced')).toMatchObject({ exit: 0, carried: null });
  });

  it('hands on more than a pipe holds, and leaves no trace of its own in the script', async () => {
    const bench = createBench();
    await bench.run('for i in $(seq 40); do declare "BIG_$i=$(printf "%05000d" 0)"; done; set -x; PATH=/nowhere; true');
    expect(await bench.text(1)).not.toContain('env.fifo');
    expect(Object.keys(carriedIn(bench.file('env.json'))).filter((name) => name.startsWith('BIG_'))).toHaveLength(40);
  });

  it('keeps the outcome when it cannot be saved', async () => {
    const bench = createBench();
    mkdirSync(join(bench.runDir, 'env.json'));
    expect(await bench.run('A=1')).toMatchObject({
      exit: 0,
      carried: null,
      notes: ['its variables and folder could not be saved (EISDIR): the next command starts without them'],
    });
  });

  it('does not follow into a folder that is gone', async () => {
    const bench = createBench();
    const outcome = await bench.run('mkdir d; cd d; rmdir ../d');
    expect(outcome.carried?.cwd).toBe(bench.home);
    expect(outcome.notes).toEqual([`the command's folder is gone: the next one starts in ${bench.home}`]);
  });
});

describe('capture', () => {
  it('takes stdout without its last line feed, and hands it on', async () => {
    const bench = createBench();
    const outcome = await bench.run('echo "two\nlines"; echo noise >&2', { capture: 'IMAGE' });
    expect(outcome.captures).toEqual({ IMAGE: 'two\nlines' });
    expect((await bench.text(1)).split('\n').sort()).toEqual(['', 'lines', 'noise', 'two']);
    await bench.run('echo "$IMAGE"');
    expect(await bench.text(2)).toBe('two\nlines\n');
  });

  it('says when there is nothing, or too much', async () => {
    const bench = createBench();
    expect(await bench.run('true', { capture: 'A' })).toMatchObject({
      captures: { A: '' },
      notes: ['A is empty: the command wrote nothing to stdout'],
    });
    expect(await bench.run('head -c 32769 /dev/zero | tr "\\0" x', { capture: 'A' })).toMatchObject({
      captures: {},
      notes: ['A was not captured: its output is longer than 32 KiB'],
    });
    expect((await bench.run('head -c 32768 /dev/zero | tr "\\0" x', { capture: 'A' })).captures.A).toHaveLength(32_768);
  });

  it('works with other interpreters', async () => {
    const bench = createBench();
    await bench.run('print("from python")', { shell: 'python3', prelude: 'none', capture: 'P' });
    await bench.run('echo "$P"');
    expect(await bench.text(2)).toBe('from python\n');
  });
});
