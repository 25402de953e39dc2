import { chmodSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { writeKubeconfig } from '../support/cluster-double.ts';
import { Workspace } from '../support/workspace.ts';
import { gonogo } from './support/runbooks.ts';

let place: Workspace;
beforeEach(() => {
  place = new Workspace();
});
afterEach(() => place.close());

const config = (): string => join(place.home, '.kube', 'config');
const target = 'target: { context: prod-eu, namespace: shop, permissions: [patch deployments] }\n';
const change = '- [ ] Change it\n\n  ```sh {risk=change exit=0}\n  echo changed >> trail\n  ```\n';

const trusted = (text: string): string => {
  const path = place.write('deploy.md', text);
  expect(place.gonogo(['trust', path, '--yes'])).toMatchObject({ code: 0 });
  return path;
};
const plain = (path: string, input: string, ...options: readonly string[]) =>
  place.gonogo(['run', path, '--plain', ...options], input);

test('54 a command with another context than the pin is E416', async () => {
  await place.cluster(['prod-eu', 'dev']);
  const path = place.write('plain.md', '# Deploy\n\n1. Look\n\n   ```sh\n   kubectl --context dev get pods\n   ```\n');
  expect(place.gonogo(['trust', path, '--yes']).code).toBe(0);
  const { out } = plain(path, '\n', '--context', 'prod-eu');
  expect(out).toContain('E416 cannot run: step targets context "dev", run is pinned to "prod-eu"');
});

test('55 a target step of a plain file: of the pin ticked without running, of another one E417', async () => {
  await place.cluster(['prod-eu', 'dev']);
  place.tool('kubectl', '#!/bin/sh\necho ran >> "$HOME/ran"\n');
  const fence = (name: string): string => `1. Go\n\n   \`\`\`sh\n   kubectl config use-context ${name}\n   \`\`\`\n`;
  const path = place.write('plain.md', `# Deploy\n\n${fence('prod-eu')}${fence('dev')}`);
  expect(place.gonogo(['trust', path, '--yes']).code).toBe(0);
  const { out } = plain(path, '\n\n', '--context', 'prod-eu');
  expect(out).toContain('E417 cannot run: it selects context "dev", the run is pinned to "prod-eu"');
  expect(readdirSync(place.home)).not.toContain('ran');
});

describe('65 a context that is not there is E601', () => {
  test('with the ones that are', async () => {
    await place.cluster(['prod-us', 'dev']);
    const { code, err } = plain(trusted(gonogo(change, target)), '');
    expect(err).toContain('E601 context "prod-eu" not in kubeconfig (have: prod-us, dev)');
    expect(code).toBe(2);
    expect(place.runs()).toEqual([]);
  });

  test('without any, with the command that gets one', () => {
    const { err } = plain(trusted(gonogo(change, target)), '');
    expect(err).toMatch(/E601 context "prod-eu" not in kubeconfig \(have: none\).*update-kubeconfig/);
  });

  test('and one that nobody names is asked for, in plain mode refused', async () => {
    await place.cluster(['prod-us', 'dev']);
    const { code, err } = plain(trusted(gonogo(change, 'target: { namespace: shop }\n')), '');
    expect(err).toContain('Pass --context NAME (have: prod-us, dev)');
    expect(code).toBe(2);
  });
});

describe('66 another cluster than the one of the start is E602', () => {
  test('before a change, and nothing helps but leaving', async () => {
    const cluster = await place.cluster();
    const path = trusted(gonogo(`${change}${change}`, target));
    const first = plain(path, 'y\nq\n');
    expect(first.code).toBe(6);
    await cluster.answers({ uid: '7c1e0000-0000-4000-8000-000000000000' });
    const again = place.gonogo(['resume', '--plain'], 'y\nR\ny\na looked at it\nQ wrong cluster\n');
    expect(again.out).toContain('E602 STOP: the target is 7c1e0000');
    expect(again.out).toContain('E602 STOP: cluster is 7c1e0000-0000-4000-8000-000000000000, run started on 41ab0000');
    expect(again.code).toBe(4);
    expect(place.read('trail')).toBe('changed\n');
  });

  test('no login stays in the folder of a run that is over', async () => {
    await place.cluster();
    expect(plain(trusted(gonogo(change, target)), 'y\n\n\n\n').code).toBe(0);
    const folder = join(place.runsFolder, place.runs()[0] ?? '');
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
    expect(files.filter((path) => /kubeconfig$/.test(path))).toEqual([]);
    expect(place.gonogo(['resume', place.runs()[0] ?? '', '--plain'], '').err).toContain('this run is finished');
    expect(place.gonogo(['verify', place.runs()[0] ?? '']).code).toBe(0);
    expect(place.gonogo(['export', place.runs()[0] ?? '']).code).toBe(0);
  });

  test('a run whose pinned kubeconfig was changed is not gone on with', async () => {
    await place.cluster();
    plain(trusted(gonogo(change, target)), 'q\n');
    const pin = join(place.runsFolder, place.runs()[0] ?? '', 'pin.kubeconfig');
    writeFileSync(pin, readFileSync(pin, 'utf8').replace('127.0.0.1', '127.0.0.2'));
    const { code, err } = place.gonogo(['resume', '--plain'], 'y\n');
    expect(err).toContain('the pinned kubeconfig of this run was changed or is gone');
    expect(code).toBe(3);
  });
});

describe('67 a kubeconfig', () => {
  test('that is malformed is E603', () => {
    writeKubeconfig(config(), {});
    writeFileSync(config(), 'contexts: [');
    const { code, err } = plain(trusted(gonogo(change, target)), '');
    expect(err).toMatch(/\.kube\/config: E603 the kubeconfig is malformed: not YAML/);
    expect(code).toBe(2);
  });

  test('that others can read is W604', async () => {
    await place.cluster();
    chmodSync(config(), 0o644);
    expect(plain(trusted(gonogo(change, target)), 'q\n').out).toMatch(/W604 others .*\.kube\/config/);
  });
});

test.each([
  ['missing', 'no-such-helper', '', 'login helper "no-such-helper" is missing'],
  ['asking', 'asks', "printf 'Password: ' >&2; read -r x || exit 1", 'login helper "asks" asks for input'],
  [
    'failing',
    'expired',
    'echo token has expired >&2; exit 1',
    'login helper "expired" failed (exit 1): token has expired',
  ],
])('68 a login helper that is %s is E605', async (_, name, script, words) => {
  const { url } = await place.cluster();
  if (script !== '') place.tool(name, `#!/bin/bash\n${script}\n`);
  const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: name, interactiveMode: 'IfAvailable' };
  writeKubeconfig(config(), { 'prod-eu': url }, { exec });
  const { code, out, err } = plain(trusted(gonogo(change, target)), 'y\n');
  expect(out + err).toContain(`E605 ${words}`);
  expect(code).toBe(3);
  expect(place.runs()).toEqual([]);
});

test('69 a missing permission is E606, one the server cannot tell is unknown', async () => {
  const cluster = await place.cluster();
  const path = trusted(gonogo(change, target));
  await cluster.answers({ denied: { 'patch deployments': 'no rule' } });
  expect(plain(path, '').out).toContain('E606 missing permission: patch deployments.apps in shop');
  await cluster.answers({ denied: { 'patch deployments': null } });
  expect(plain(path, '').out).toContain('? unknown: patch deployments.apps in shop (webhook did not answer)');
});

test('70 a namespace that is gone or going is E607', async () => {
  const cluster = await place.cluster();
  const path = trusted(gonogo(change, target));
  await cluster.answers({ namespaces: {} });
  const gone = plain(path, '');
  expect(gone.out + gone.err).toContain('E607 namespace "shop" not found in prod-eu');
  expect(gone.code).toBe(3);
  await cluster.answers({ namespaces: { shop: 'Terminating' } });
  expect(plain(path, '').out).toContain('E607 namespace "shop" is terminating');
});

test('94 a command that writes into its kubeconfig moves nothing', async () => {
  await place.cluster();
  const write = '- [ ] Write\n\n  ```sh {risk=change exit=0}\n  echo "current-context: dev" > "$KUBECONFIG"\n  ```\n';
  const look =
    '- [ ] Look\n\n  ```sh {expect="current-context: prod-eu"}\n  grep current-context: "$KUBECONFIG"\n  ```\n';
  const { code, out } = plain(trusted(gonogo(`${write}${look}`, target)), 'y\n\n');
  expect(out).toContain('W420 the command changed its kubeconfig; dropped');
  expect(code, out).toBe(0);
});

describe('97 another account, project or host is E608', () => {
  const account = (id: string): void =>
    place.tool(
      'aws',
      `#!/bin/bash\ncase "$*" in *get-caller-identity*) echo \${AWS_ACCOUNT:-${id}} ;; *) echo eu-west-1 ;; esac\n`,
    );

  test('before a change, also when a command chose it', () => {
    account('111111111111');
    const choose = '- [ ] Choose\n\n  ```sh {risk=read exit=0}\n  AWS_ACCOUNT=222222222222\n  ```\n';
    const { code, out } = plain(trusted(gonogo(`${choose}${change}`, 'target: { pins: [aws] }\n')), '\ny\nq\n');
    expect(out).toContain(
      'E608 STOP: target is aws account 222222222222, region eu-west-1, run started on aws account 111111111111, region eu-west-1',
    );
    expect(code).toBe(6);
    expect(place.has('trail')).toBe(false);
  });

  test('one that cannot be asked at the start needs a reason', () => {
    place.tool('aws', '#!/bin/sh\necho "Error loading SSO Token" >&2; exit 255\n');
    const { out } = plain(trusted(gonogo(change, 'target: { pins: [aws] }\n')), 'known\nq\n');
    expect(out).toContain('cannot be pinned: aws: Error loading SSO Token');
  });
});

describe('a cluster that is gone', () => {
  test('blocks a change until there is a reason, which is recorded', async () => {
    const cluster = await place.cluster();
    const path = trusted(gonogo(change, target));
    expect(plain(path, 'q\n').code).toBe(6);
    await cluster.stop();
    const { code, out } = place.gonogo(['resume', '--plain'], 'y\n\ny\nit cannot wait\nalone here\n\n');
    expect(out).toContain('the target cannot be verified: connection refused');
    expect(out).toContain('Change it without knowing that it is the right target?');
    expect(code, out).toBe(0);
    expect(place.read('trail')).toBe('changed\n');
    const record = place.gonogo(['export', place.runs()[0] ?? '', '--format', 'json']).out;
    expect(record).toContain('target not verified before attempt 1');
    expect(record).toContain('it cannot wait');
  });

  test('and the reason may stand in the answers', async () => {
    const cluster = await place.cluster();
    const path = trusted(gonogo(change, target));
    expect(plain(path, 'q\n').code).toBe(6);
    await cluster.stop();
    const answers = place.write(
      'answers.yaml',
      "steps: { '0.1': [yes, 'override: it cannot wait', 'override: alone here'] }\n",
    );
    const { code, out } = place.gonogo(['resume', '--answers', answers]);
    expect(out).toContain('> override: it cannot wait');
    expect(code, out).toBe(0);
  });
});
