import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type AskIdentity, askOther } from '../../../src/cluster/pin/other-pins.ts';
import type { PinKind } from '../../../src/session/events.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gonogo-pins-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const tool = (name: string, script: string): void => {
  writeFileSync(join(folder, name), `#!/bin/bash\n${script}\n`);
  chmodSync(join(folder, name), 0o755);
};

/** As commands of a run are asked: a strict bash, stdout and stderr together. */
const asking =
  (environment: Readonly<Record<string, string>> = {}): AskIdentity =>
  (script) =>
    new Promise((done) => {
      const env = { PATH: `${folder}:/usr/bin:/bin`, HOME: folder, ...environment };
      execFile('bash', ['-euo', 'pipefail', '-c', `{ ${script}\n} 2>&1`], { env }, (error, output) =>
        done({ exit: error === null ? 0 : Number(error.code), output, timedOut: false }),
      );
    });

const aws = 'case "$*" in *caller-identity*) echo 123456789012 ;; "configure get region") echo eu-west-1 ;; esac';
const docker = `case "$*" in *inspect*) echo unix:///var/run/docker.sock ;; info*) echo ABCD:EFGH ;; esac`;

const known: readonly (readonly [
  kind: PinKind,
  program: string,
  script: string,
  env: Record<string, string>,
  identity: string,
])[] = [
  ['aws', 'aws', aws, {}, 'account 123456789012, region eu-west-1'],
  ['aws', 'aws', aws, { AWS_REGION: 'us-east-1' }, 'account 123456789012, region us-east-1'],
  [
    'gcp',
    'gcloud',
    'echo "Your active configuration is: [x]" >&2; case "$*" in *account) echo me@x.io ;; *) echo shop-prod ;; esac',
    {},
    'account me@x.io, project shop-prod',
  ],
  ['azure', 'az', 'echo 0000-1111', {}, 'subscription 0000-1111'],
  ['docker', 'docker', docker, {}, 'host unix:///var/run/docker.sock, engine ABCD:EFGH'],
  ['docker', 'docker', docker, { DOCKER_HOST: 'ssh://prod' }, 'host ssh://prod, engine ABCD:EFGH'],
  [
    'argocd',
    'argocd',
    `printf 'CURRENT  NAME  SERVER\\n*        a     argo.example.com\\n         b     other\\n'`,
    {},
    'server argo.example.com',
  ],
  ['argocd', 'argocd', 'exit 1', { ARGOCD_SERVER: 'argo.example.com' }, 'server argo.example.com'],
];

it.each(known)('%s is known by the answer of its own command', async (kind, program, script, env, identity) => {
  tool(program, script);
  expect(await askOther(kind, asking(env))).toEqual({ kind, identity });
});

const unknown: readonly (readonly [kind: PinKind, program: string, script: string, because: RegExp])[] = [
  ['aws', 'aws', 'echo "Unable to locate credentials" >&2; exit 253', /Unable to locate credentials/],
  ['gcp', 'gcloud', 'exit 0', /gcp: it gave no answer/],
  ['azure', 'az', 'echo "Please run az login" >&2; exit 1', /Please run az login/],
  ['docker', 'docker', 'echo "Cannot connect to the Docker daemon" >&2; exit 1', /Cannot connect|docker:/],
  ['argocd', 'argocd', 'exit 20', /argocd: it gave no answer/],
];

it.each(unknown)('%s that does not answer is not pinned', async (kind, program, script, because) => {
  tool(program, script);
  expect(await askOther(kind, asking())).toMatchObject({
    kind,
    identity: null,
    because: expect.stringMatching(because),
  });
});

it('one that is not installed is not pinned', async () => {
  expect(await askOther('argocd', asking())).toMatchObject({
    identity: null,
    because: expect.stringContaining('argocd'),
  });
});
