import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSecretResolver } from '../../src/shell/secret-references.ts';
import { ExpectedError } from '../../src/text/errors.ts';
import { processesWith, until } from './support/commands.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gonogo-refs-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const program = (name: string, script: string): void => {
  writeFileSync(join(folder, name), `#!/bin/bash\n${script}\n`);
  chmodSync(join(folder, name), 0o755);
};

const resolver = (timeoutMs = 20_000) =>
  createSecretResolver({
    environment: { PATH: `${folder}:${process.env.PATH}`, TOKEN: 'from-the-environment', EMPTY: '' },
    cwd: folder,
    timeoutMs,
  });

const failure = async (promise: Promise<string>): Promise<ExpectedError> => {
  const error: unknown = await promise.then(
    (value) => `resolved to ${value}`,
    (reason) => reason,
  );
  if (!(error instanceof ExpectedError)) throw new Error(String(error));
  return error;
};

describe('a secret by reference', () => {
  it('is asked of the program that holds it, with its standard input closed', async () => {
    const echo = 'cat; printf "%s|" "$@"';
    for (const name of ['op', 'vault', 'sops']) program(name, echo);
    const resolve = resolver();
    expect(await resolve('env:TOKEN')).toBe('from-the-environment');
    expect(await resolve('op://deploy/api/token')).toBe('read|--no-newline|op://deploy/api/token|');
    expect(await resolve('vault:secret/api#token')).toBe('kv|get|-field=token|secret/api|');
    expect(await resolve('sops:secrets/prod.yaml#db.password')).toBe(
      '--decrypt|--extract|["db"]["password"]|secrets/prod.yaml|',
    );
    expect(await resolve('cmd:printf "two\\nlines\\n"')).toBe('two\nlines');
  });

  it.each([
    ['env:MISSING', 'secret env:MISSING could not be resolved: the variable is not set'],
    ['env:EMPTY', 'secret env:EMPTY could not be resolved: the variable is not set'],
    ['op://a/b/c', 'secret op://a/b/c could not be resolved: op was not found on PATH'],
    ['vault:no-field', 'secret vault:no-field could not be resolved: not a known form of reference'],
    ['plain', 'secret plain could not be resolved: not a known form of reference'],
    ['cmd:true', 'secret cmd:true could not be resolved: bash gave nothing'],
    [
      'cmd:echo s3cr3t-value; exit 3',
      'secret cmd:echo s3cr3t-value; exit 3 could not be resolved: bash ended with exit 3',
    ],
  ])('refuses %s with E512', async (reference, message) => {
    const resolve = createSecretResolver({ environment: { PATH: '/usr/bin:/bin' }, cwd: folder });
    const error = await failure(resolve(reference));
    expect([error.code, error.message]).toEqual(['E512', message]);
  });

  it('never shows a value: neither what was printed nor what stood on stderr', async () => {
    program('op', 'echo value-on-stdout; echo value-on-stderr >&2; exit 1');
    const error = await failure(resolver()('op://a/b/c'));
    expect(`${error.message}${error.nextStep}${error.stack}`).not.toMatch(/value-on/);
  });

  it('is given up after its time, with everything it started', async () => {
    const error = await failure(resolver(150)('cmd:sleep 47 & sleep 48'));
    expect(error.message).toContain('bash did not answer in 0.15 s');
    await until(
      'the end of both',
      () => processesWith('sleep\u000047').concat(processesWith('sleep\u000048')).length === 0,
    );
  });
});
