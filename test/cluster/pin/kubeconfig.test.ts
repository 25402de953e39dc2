import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { kubeconfigPaths, readKubeconfig } from '../../../src/cluster/pin/kubeconfig.ts';
import { kubeconfigText, pinnedContext } from '../../../src/cluster/pin/pinned-context.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gonogo-kubeconfig-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (name: string, text: string, mode = 0o600): string => {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
};

const config = (name: string, user: string, cluster = 'server: https://10.0.0.1:6443/'): string => `
apiVersion: v1
kind: Config
current-context: ${name}
contexts: [{ name: ${name}, context: { cluster: c, user: u, namespace: shop } }]
clusters: [{ name: c, cluster: { ${cluster} } }]
users: [{ name: u, user: { ${user} } }]
`;

const pin = (path: string, name: string) => pinnedContext(readKubeconfig([path]), name);

describe('the kubeconfig of the operator', () => {
  it('is the list in KUBECONFIG, else the file in the home folder', () => {
    expect(kubeconfigPaths({ KUBECONFIG: '/a::/b' }, '/home/alice')).toEqual(['/a', '/b']);
    expect(kubeconfigPaths({}, '/home/alice')).toEqual(['/home/alice/.kube/config']);
  });

  it('takes the first entry of a name and passes over files that do not exist', () => {
    const first = write('first', config('prod', 'token: one'));
    const second = write(
      'second',
      config('prod', 'token: two').replace(
        'contexts: [',
        'contexts: [{ name: dev, context: { cluster: c, user: u } }, ',
      ),
    );
    const kubeconfig = readKubeconfig([join(folder, 'none'), first, second]);
    expect([...kubeconfig.contexts.keys()]).toEqual(['prod', 'dev']);
    expect(kubeconfig.current).toBe('prod');
    expect(pinnedContext(kubeconfig, 'dev').user.token).toBe('one');
  });

  it('says with E601 which contexts there are', () => {
    const path = write('config', config('prod', 'token: x'));
    expect(() => pin(path, 'prod-eu')).toThrow(
      expect.objectContaining({ code: 'E601', message: 'context "prod-eu" not in kubeconfig (have: prod)' }),
    );
    expect(() => pin(join(folder, 'none'), 'prod-eu')).toThrow(
      expect.objectContaining({ code: 'E601', message: expect.stringContaining('(have: none)') }),
    );
  });

  it.each([
    ['not YAML', 'contexts: [', 'not YAML'],
    ['a context without a cluster', 'contexts: [{ name: a, context: { user: u } }]', 'context "a"'],
    ['a list that is none', 'contexts: prod', 'contexts'],
  ])('refuses %s with E603 and the path', (_, text, words) => {
    const path = write('config', text);
    expect(() => readKubeconfig([path])).toThrow(
      expect.objectContaining({ code: 'E603', place: path, message: expect.stringContaining(words) }),
    );
  });

  it.each([
    ['an auth-provider', 'auth-provider: { name: gcp }', 'auth-provider'],
    ['a password', 'username: admin, password: x', 'password'],
    ['a certificate that is not there', 'client-certificate: nowhere.crt', 'nowhere.crt'],
  ])('refuses %s in words', (_, user, words) => {
    const path = write('config', config('prod', user));
    expect(() => pin(path, 'prod')).toThrow(
      expect.objectContaining({ code: 'E603', message: expect.stringContaining(words) }),
    );
  });

  it('knows files that others can read', () => {
    const open = write('open', config('prod', 'token: x'), 0o644);
    const closed = write('closed', config('dev', 'token: x'));
    expect(readKubeconfig([open, closed]).exposed).toEqual([open]);
  });
});

describe('the pinned kubeconfig', () => {
  it('holds one context with everything of relative paths read in', () => {
    write('pki/ca.crt', 'CA');
    write('pki/me.crt', 'CERT');
    write('pki/me.key', 'KEY');
    const path = write(
      'config',
      config(
        'prod',
        'client-certificate: pki/me.crt, client-key: pki/me.key',
        'server: https://10.0.0.1:6443, certificate-authority: pki/ca.crt, tls-server-name: api',
      ).replace('contexts: [', 'contexts: [{ name: other, context: { cluster: c, user: u } }, '),
    );
    const pinned = pin(path, 'prod');
    expect(pinned).toMatchObject({
      ca: 'CA',
      namespace: 'shop',
      tlsServerName: 'api',
      user: { cert: 'CERT', key: 'KEY' },
    });
    const again = write('elsewhere/pin', kubeconfigText(pinned));
    const kubeconfig = readKubeconfig([again]);
    expect([...kubeconfig.contexts.keys()]).toEqual(['prod']);
    expect(kubeconfig.current).toBe('prod');
    expect(pinnedContext(kubeconfig, 'prod')).toEqual(pinned);
  });

  it('leaves token files where they are, and lets login helpers ask nobody', () => {
    const path = write(
      'config',
      config(
        'prod',
        'tokenFile: run/token, exec: { apiVersion: client.authentication.k8s.io/v1, command: ./login, args: [a], interactiveMode: IfAvailable }',
      ),
    );
    const text = kubeconfigText(pin(path, 'prod'));
    expect(text).toContain(join(folder, 'run/token'));
    expect(text).toContain(join(folder, 'login'));
    expect(text).toContain('interactiveMode: Never');
  });
});
