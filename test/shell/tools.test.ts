import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createBench, processesWith, until } from './support/commands.ts';

describe('the syntax check', () => {
  it('gives the line and message of bash, and runs nothing', async () => {
    const { commands } = createBench();
    expect(await commands.checkSyntax('bash', 'echo ok\nfor i in 1 2; do echo $i; done\n')).toBe(null);
    expect(await commands.checkSyntax('bash', 'touch ran\nif true; then\n')).toEqual({
      line: 3,
      message: 'syntax error: unexpected end of file',
    });
    expect(await commands.checkSyntax('bash', 'echo a\necho "open')).toEqual({
      line: 2,
      message: 'unexpected EOF while looking for matching `"\'',
    });
    expect(await commands.checkSyntax('sh', 'echo a\nfi\n')).toMatchObject({ line: 2 });
    expect(await commands.checkSyntax('bash', 'cat <<EOF\nnot closed\n')).toBe(null);
    expect(await commands.checkSyntax('python3', 'def (')).toBe(null);
    expect(await commands.checkSyntax('bash', `echo ${'x'.repeat(65_000)}`)).toBe(null);
  });
});

describe('looking a command up', () => {
  it('finds what the next command would find', async () => {
    const bench = createBench();
    expect(await bench.commands.findOnPath('bash')).toMatch(/\/bash$/);
    expect(await bench.commands.findOnPath('no-such-command')).toBe(null);
    writeFileSync(join(bench.home, 'tool'), '#!/bin/sh\n');
    expect(await bench.commands.findOnPath('./tool')).toBe(null);
    chmodSync(join(bench.home, 'tool'), 0o755);
    expect(await bench.commands.findOnPath('./tool')).toBe(join(bench.home, 'tool'));
    await bench.run('PATH=$PWD:$PATH');
    expect(await bench.commands.findOnPath('tool')).toBe(join(bench.home, 'tool'));
  });

  it('names the variables that choose a target', () => {
    const environment = { AWS_PROFILE: 'x', PGHOST: 'x', DOCKER_HOST: 'x', PAGER: 'x', VAULT_ADDR: 'x', PG: 'x' };
    const { commands } = createBench({ environment });
    expect(commands.targetVariables).toEqual(['AWS_PROFILE', 'DOCKER_HOST', 'PGHOST', 'VAULT_ADDR']);
  });

  it('leaves out those that only say what a tool trusts or how it prints', () => {
    const names = ['AWS_CA_BUNDLE', 'AWS_PAGER', 'VAULT_CACERT', 'PGSSLROOTCERT', 'DOCKER_BUILDKIT', 'AWS_REGION'];
    const { commands } = createBench({ environment: Object.fromEntries(names.map((name) => [name, 'x'])) });
    expect(commands.targetVariables).toEqual(['AWS_REGION']);
  });
});

describe('a probe', () => {
  it('sees what a command would see, and changes nothing of it', async () => {
    const bench = createBench();
    await bench.run('VERSION=v2');
    const probe = await bench.commands.probe(
      'echo "$VERSION $SERVICE"; VERSION=v3; false | cat',
      { SERVICE: 'api' },
      5_000,
    );
    expect(probe).toEqual({ exit: 1, timedOut: false, output: 'v2 api\n' });
    await bench.run('echo "$VERSION"');
    expect(await bench.text(2)).toBe('v2\n');
  });

  it('is bounded in time, with all its processes, and in output', async () => {
    const bench = createBench();
    const probe = await bench.commands.probe('echo begun; sleep 53 & sleep 54', {}, 200);
    expect(probe).toMatchObject({ exit: null, timedOut: true });
    await until(
      'the end of both',
      () => processesWith('sleep\u000053').concat(processesWith('sleep\u000054')).length === 0,
    );
    const loud = await bench.commands.probe('head -c 5000000 /dev/zero | tr "\\0" x', {}, 5_000);
    expect(loud.output.length).toBe(1 << 20);
  });
});
