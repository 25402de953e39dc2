import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCredentials } from '../../../src/cluster/pin/credentials.ts';
import type { ExecPlugin, PinnedContext, PinnedUser } from '../../../src/cluster/pin/pinned-context.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gonogo-login-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const helper = (body: string, name = 'login'): string => {
  const path = join(folder, name);
  writeFileSync(path, `#!/usr/bin/env bash\n${body}\n`);
  chmodSync(path, 0o755);
  return path;
};

const plugin = (command: string, change: Partial<ExecPlugin> = {}): ExecPlugin => ({
  apiVersion: 'client.authentication.k8s.io/v1',
  command,
  args: [],
  env: [],
  installHint: null,
  provideClusterInfo: false,
  interactiveMode: 'IfAvailable',
  ...change,
});

const context = (user: Partial<PinnedUser>): PinnedContext => ({
  name: 'prod',
  namespace: null,
  server: 'https://api.example.com',
  ca: 'CA',
  insecure: false,
  tlsServerName: null,
  proxyUrl: null,
  execConfig: null,
  user: {
    name: 'alice',
    cert: null,
    key: null,
    token: null,
    tokenFile: null,
    as: null,
    asUid: null,
    asGroups: [],
    exec: null,
    ...user,
  },
});

const credential = (status: object): string =>
  `echo '${JSON.stringify({ apiVersion: 'client.authentication.k8s.io/v1', kind: 'ExecCredential', status })}'`;

let now = 0;
const login = (exec: ExecPlugin, timeoutMs = 20_000, seen: string[] = []) =>
  createCredentials(context({ exec }), {
    environment: { PATH: process.env.PATH },
    now: () => now,
    timeoutMs,
    onSecret: (value) => seen.push(value),
  });

describe('a user of a kubeconfig', () => {
  it('shows certificate, token and whom it stands in for', async () => {
    const user = context({
      token: 'abc',
      cert: 'CERT',
      key: 'KEY',
      as: 'deployer',
      asGroups: ['ops', 'release managers'],
    });
    const credentials = createCredentials(user, { environment: {}, now: () => 0 });
    expect(await credentials.now()).toEqual({
      headers: {
        authorization: 'Bearer abc',
        'impersonate-user': 'deployer',
        'impersonate-group': ['ops', 'release managers'],
      },
      cert: 'CERT',
      key: 'KEY',
    });
    expect(await credentials.renew()).toBe(false);
  });

  it('reads a token file again and again', async () => {
    const tokenFile = join(folder, 'token');
    writeFileSync(tokenFile, 'one\n');
    const credentials = createCredentials(context({ tokenFile }), { environment: {}, now: () => 0 });
    expect((await credentials.now()).headers.authorization).toBe('Bearer one');
    writeFileSync(tokenFile, 'two');
    expect(await credentials.renew()).toBe(true);
    expect((await credentials.now()).headers.authorization).toBe('Bearer two');
    rmSync(tokenFile);
    await expect(credentials.now()).rejects.toMatchObject({ code: 'E605' });
  });
});

describe('a login helper', () => {
  it('is run once, without stdin, and told about the cluster when it wants to be', async () => {
    const info = join(folder, 'info');
    const command = helper(
      `cat; echo "$KUBERNETES_EXEC_INFO $NAME $1" >> ${info}; ${credential({ token: 'secret-token' })}`,
    );
    const seen: string[] = [];
    const credentials = login(
      plugin(command, { args: ['first'], env: [{ name: 'NAME', value: 'v' }], provideClusterInfo: true }),
      20_000,
      seen,
    );
    const [one, two] = await Promise.all([credentials.now(), credentials.now()]);
    expect([one.headers.authorization, two]).toEqual(['Bearer secret-token', one]);
    const lines = readFileSync(info, 'utf8').trim().split('\n');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/ v first$/);
    expect(JSON.parse(lines[0]?.replace(/ v first$/, '') ?? '')).toEqual({
      apiVersion: 'client.authentication.k8s.io/v1',
      kind: 'ExecCredential',
      spec: {
        interactive: false,
        cluster: {
          server: 'https://api.example.com',
          'certificate-authority-data': Buffer.from('CA').toString('base64'),
        },
      },
    });
    expect(seen).toEqual(['secret-token']);
  });

  it('is run again when its credential expires, and after a 401', async () => {
    const count = join(folder, 'count');
    const expires = new Date(100_000).toISOString();
    const command = helper(
      `n=$(( $(cat ${count} 2>/dev/null || echo 0) + 1 )); echo $n > ${count}\necho '{"kind":"ExecCredential","status":{"token":"token-'$n'","expirationTimestamp":"${expires}"}}'`,
    );
    const credentials = login(plugin(command));
    const token = async (): Promise<string | string[] | undefined> => (await credentials.now()).headers.authorization;
    now = 0;
    expect([await token(), await token()]).toEqual(['Bearer token-1', 'Bearer token-1']);
    now = 99_000;
    expect(await token()).toBe('Bearer token-2');
    now = 0;
    expect(await credentials.renew()).toBe(true);
    expect(await token()).toBe('Bearer token-3');
  });

  it('gives a client certificate', async () => {
    const command = helper(credential({ clientCertificateData: 'CERT', clientKeyData: 'KEY' }));
    expect(await login(plugin(command)).now()).toEqual({ headers: {}, cert: 'CERT', key: 'KEY' });
  });

  it.each([
    ['hangs', 'sleep 60', 'did not answer in 1 s'],
    ['asks', `printf 'Password: ' >&2; sleep 60`, 'asks for input'],
    ['asks stdin', `printf 'Username: ' >&2; read -r name || exit 1`, 'asks for input'],
    [
      'asks the terminal',
      `read -r name < /dev/tty || { echo 'no terminal' >&2; exit 3; }`,
      'failed (exit 3): no terminal',
    ],
    ['fails', `echo 'token has expired' >&2; exit 255`, 'failed (exit 255): token has expired'],
    ['talks', `echo hello`, 'gave something else than a credential'],
    ['has nothing', credential({}), 'gave an empty credential'],
  ])('that %s is E605', async (_, body, words) => {
    const failing = login(plugin(helper(body)), 1_000).now();
    await expect(failing).rejects.toMatchObject({ code: 'E605', message: `login helper "login" ${words}`, exit: 3 });
  });

  it('that is missing names what to install', async () => {
    const failing = login(plugin('no-such-helper', { installHint: 'brew install no-such-helper' })).now();
    await expect(failing).rejects.toMatchObject({
      code: 'E605',
      message: 'login helper "no-such-helper" is missing',
      nextStep: 'brew install no-such-helper',
    });
  });

  it('that always asks is not even started', async () => {
    const mark = join(folder, 'mark');
    const failing = login(plugin(helper(`touch ${mark}`), { interactiveMode: 'Always' })).now();
    await expect(failing).rejects.toMatchObject({ message: 'login helper "login" asks for input' });
    expect(existsSync(mark)).toBe(false);
  });

  it('that hangs leaves no process behind', async () => {
    const pid = join(folder, 'pid');
    await expect(login(plugin(helper(`echo $$ > ${pid}; sleep 60`)), 500).now()).rejects.toThrow();
    expect(existsSync(`/proc/${readFileSync(pid, 'utf8').trim()}`)).toBe(false);
  });
});
