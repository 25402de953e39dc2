import { readFileSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';
import { stringify } from 'yaml';
import { ExpectedError } from '../../text/errors.ts';
import type { Kubeconfig } from './kubeconfig.ts';
import type { ExecEntry, UserEntry } from './kubeconfig-shape.ts';

/** One context of a kubeconfig with everything it needs, files read in; only token files stay files. */
export interface PinnedContext {
  readonly name: string;
  readonly namespace: string | null;
  readonly server: string;
  /** PEM. */
  readonly ca: string | null;
  readonly insecure: boolean;
  readonly tlsServerName: string | null;
  readonly proxyUrl: string | null;
  readonly user: PinnedUser;
  /** `extensions` of the cluster named `client.authentication.k8s.io/exec`, for exec plugins. */
  readonly execConfig: unknown;
}

export interface PinnedUser {
  readonly name: string;
  /** PEM. */
  readonly cert: string | null;
  readonly key: string | null;
  readonly token: string | null;
  /** Absolute; read again and again, since it is renewed by others. */
  readonly tokenFile: string | null;
  readonly as: string | null;
  readonly asUid: string | null;
  readonly asGroups: readonly string[];
  readonly exec: ExecPlugin | null;
}

export interface ExecPlugin {
  readonly apiVersion: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: readonly { readonly name: string; readonly value: string }[];
  readonly installHint: string | null;
  readonly provideClusterInfo: boolean;
  readonly interactiveMode: string | null;
}

/** Picks one context. Throws `ExpectedError` E601 and E603. */
export const pinnedContext = (kubeconfig: Kubeconfig, name: string): PinnedContext => {
  const context = kubeconfig.contexts.get(name);
  if (context === undefined) throw missingContext(kubeconfig, name);
  const cluster = kubeconfig.clusters.get(context.value.cluster);
  if (cluster === undefined) throw incomplete(name, `cluster "${context.value.cluster}" is not there`);
  const userName = context.value.user ?? '';
  const user = kubeconfig.users.get(userName);
  if (user === undefined && userName !== '') throw incomplete(name, `user "${userName}" is not there`);
  const { value, folder } = cluster;
  return {
    name,
    namespace: context.value.namespace,
    server: value.server.replace(/\/+$/, ''),
    ca: pemOf(name, value['certificate-authority-data'], value['certificate-authority'], folder),
    insecure: value['insecure-skip-tls-verify'] === true,
    tlsServerName: value['tls-server-name'],
    proxyUrl: value['proxy-url'],
    user: user === undefined ? anonymous(userName) : userOf(name, userName, user.value, user.folder),
    execConfig: value.extensions?.find((one) => one.name === 'client.authentication.k8s.io/exec')?.extension ?? null,
  };
};

const anonymous = (name: string): PinnedUser => ({
  name,
  cert: null,
  key: null,
  token: null,
  tokenFile: null,
  as: null,
  asUid: null,
  asGroups: [],
  exec: null,
});

const userOf = (context: string, name: string, entry: UserEntry, folder: string): PinnedUser => {
  if (entry['auth-provider'] !== undefined && entry['auth-provider'] !== null)
    throw incomplete(context, `user "${name}" uses an auth-provider, which Kubernetes has given up`, {
      nextStep: 'Log in with an exec plugin (kubelogin, gke-gcloud-auth-plugin), then start again',
    });
  if (entry.username !== null && entry.token === null)
    throw incomplete(context, `user "${name}" logs in with a password, which API servers no longer take`, {
      nextStep: 'Use a token, a certificate or an exec plugin',
    });
  const { tokenFile } = entry;
  return {
    name,
    cert: pemOf(context, entry['client-certificate-data'], entry['client-certificate'], folder),
    key: pemOf(context, entry['client-key-data'], entry['client-key'], folder),
    token: entry.token,
    tokenFile: tokenFile === null ? null : resolve(folder, tokenFile),
    as: entry.as,
    asUid: entry['as-uid'],
    asGroups: entry['as-groups'] ?? [],
    exec: entry.exec == null ? null : pluginOf(entry.exec, folder),
  };
};

/** A command with a slash is relative to its file, one without is looked up on PATH. */
const pluginOf = (exec: ExecEntry, folder: string): ExecPlugin => ({
  apiVersion: exec.apiVersion,
  command: exec.command.includes('/') && !isAbsolute(exec.command) ? resolve(folder, exec.command) : exec.command,
  args: exec.args ?? [],
  env: exec.env ?? [],
  installHint: exec.installHint,
  provideClusterInfo: exec.provideClusterInfo === true,
  interactiveMode: exec.interactiveMode,
});

const pemOf = (context: string, data: string | null, file: string | null, folder: string): string | null => {
  if (data !== null) return Buffer.from(data, 'base64').toString('utf8');
  if (file === null) return null;
  const path = resolve(folder, file);
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw incomplete(context, `${path} cannot be read (${(error as NodeJS.ErrnoException).code ?? String(error)})`);
  }
};

const missingContext = (kubeconfig: Kubeconfig, name: string): ExpectedError => {
  const have = [...kubeconfig.contexts.keys()];
  return new ExpectedError(
    `context "${name}" not in kubeconfig (have: ${have.length === 0 ? 'none' : have.slice(0, 20).join(', ')})`,
    {
      code: 'E601',
      nextStep:
        have.length === 0
          ? 'Get its credentials before the start, for example: aws eks update-kubeconfig, gcloud container clusters get-credentials, az aks get-credentials'
          : 'Pass --context with one of these, or get its credentials before the start',
    },
  );
};

const incomplete = (context: string, what: string, options: { readonly nextStep?: string } = {}): ExpectedError =>
  new ExpectedError(`context "${context}": ${what}`, {
    code: 'E603',
    nextStep: options.nextStep ?? 'Correct the kubeconfig, or point KUBECONFIG to another file',
  });

const base64 = (text: string | null): string | undefined =>
  text === null ? undefined : Buffer.from(text, 'utf8').toString('base64');

/** The kubeconfig that commands get: this one context, chosen; login helpers may ask nobody. */
export const kubeconfigText = (pinned: PinnedContext): string => {
  const { user } = pinned;
  const exec =
    user.exec === null
      ? undefined
      : {
          apiVersion: user.exec.apiVersion,
          command: user.exec.command,
          args: user.exec.args,
          env: user.exec.env,
          installHint: user.exec.installHint ?? undefined,
          provideClusterInfo: user.exec.provideClusterInfo,
          interactiveMode: 'Never',
        };
  const extensions =
    pinned.execConfig === null
      ? undefined
      : [{ name: 'client.authentication.k8s.io/exec', extension: pinned.execConfig }];
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': pinned.name,
    contexts: [
      {
        name: pinned.name,
        context: { cluster: pinned.name, user: user.name, namespace: pinned.namespace ?? undefined },
      },
    ],
    clusters: [
      {
        name: pinned.name,
        cluster: {
          server: pinned.server,
          'certificate-authority-data': base64(pinned.ca),
          'insecure-skip-tls-verify': pinned.insecure || undefined,
          'tls-server-name': pinned.tlsServerName ?? undefined,
          'proxy-url': pinned.proxyUrl ?? undefined,
          extensions,
        },
      },
    ],
    users: [
      {
        name: user.name,
        user: {
          'client-certificate-data': base64(user.cert),
          'client-key-data': base64(user.key),
          token: user.token ?? undefined,
          tokenFile: user.tokenFile ?? undefined,
          as: user.as ?? undefined,
          'as-uid': user.asUid ?? undefined,
          'as-groups': user.asGroups.length === 0 ? undefined : user.asGroups,
          exec,
        },
      },
    ],
  });
};
