import { execa } from 'execa';
import { z } from 'zod';
import { ExpectedError, exitCodes } from '../../text/errors.ts';
import type { ExecPlugin, PinnedContext } from './pinned-context.ts';

/** What a login helper gave. */
export interface ExecCredential {
  readonly token: string | null;
  /** PEM. */
  readonly cert: string | null;
  readonly key: string | null;
  /** UTC ms; null = until it is refused. */
  readonly expiresAt: number | null;
}

export interface ExecPluginOptions {
  /** The operator's environment, to which the plugin's own variables are added. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Default 20,000. */
  readonly timeoutMs?: number;
}

const defaultTimeoutMs = 20_000;

const answerShape = z.object({
  kind: z.literal('ExecCredential'),
  status: z.object({
    token: z.string().nullish(),
    clientCertificateData: z.string().nullish(),
    clientKeyData: z.string().nullish(),
    expirationTimestamp: z.string().nullish(),
  }),
});

/**
 * Runs the login helper of a kubeconfig: nobody can be asked (no stdin, no terminal), and it has 20 s.
 * Throws `ExpectedError` E605. Source: k8s.io/client-go/plugin/pkg/client/auth/exec.
 */
export const runExecPlugin = async (pinned: PinnedContext, options: ExecPluginOptions): Promise<ExecCredential> => {
  const plugin = pinned.user.exec;
  if (plugin === null) throw failure('', 'is not there', null);
  const name = plugin.command.split('/').at(-1) ?? plugin.command;
  if (plugin.interactiveMode === 'Always') throw failure(name, 'asks for input', loginFirst(plugin));
  const timeoutMs = options.timeoutMs ?? defaultTimeoutMs;
  const child = execa(plugin.command, plugin.args, {
    env: {
      ...options.environment,
      ...Object.fromEntries(plugin.env.map(({ name: key, value }) => [key, value])),
      KUBERNETES_EXEC_INFO: JSON.stringify(execInfo(pinned, plugin)),
    },
    extendEnv: false,
    stdin: 'ignore',
    // Its own session: what asks on the terminal instead of stdin finds none.
    detached: true,
    reject: false,
    verbose: 'none',
    maxBuffer: 1 << 20,
  });
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    if (child.pid !== undefined) killGroup(child.pid);
    child.stdout.destroy();
    child.stderr.destroy();
  }, timeoutMs);
  const result = await child;
  clearTimeout(timer);
  const said = String(result.stderr ?? '');
  if (late) {
    const what = asks(said) ? 'asks for input' : `did not answer in ${Math.round(timeoutMs / 1000)} s`;
    throw failure(name, what, loginFirst(plugin));
  }
  if (child.pid === undefined)
    throw failure(name, 'is missing', plugin.installHint ?? `Install ${name}, or put it on PATH`);
  if (result.exitCode !== 0) {
    const last = said.trim().split('\n').at(-1) ?? '';
    const how =
      result.exitCode === undefined ? `ended by ${result.signal ?? 'a signal'}` : `failed (exit ${result.exitCode})`;
    throw failure(
      name,
      asks(said) ? 'asks for input' : `${how}${last === '' ? '' : `: ${last.slice(0, 300)}`}`,
      loginFirst(plugin),
    );
  }
  return credentialOf(name, String(result.stdout ?? ''), plugin);
};

const killGroup = (pid: number): void => {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
};

/** Text that ends like a question, without a line's end: `Password: `. */
const asks = (said: string): boolean =>
  /(password|username|code|passphrase|otp|token|\?|\[y\/n\])[^\n]{0,40}[:?>]\s?$/i.test(
    said.replace(/\n+$/, (end) => (end.length > 1 ? end : '')),
  );

const loginFirst = (plugin: ExecPlugin): string =>
  `Log in in another terminal first: ${loginCommandOf(plugin) ?? plugin.command}`;

const logins: Readonly<Record<string, string>> = {
  aws: 'aws sso login',
  'aws-iam-authenticator': 'aws sso login',
  'gke-gcloud-auth-plugin': 'gcloud auth login',
  gcloud: 'gcloud auth login',
  kubelogin: 'az login',
  az: 'az login',
  tsh: 'tsh login',
  doctl: 'doctl auth init',
};

/** The command that logs a person in again; null when it is not known. */
export const loginCommandOf = (plugin: ExecPlugin | null): string | null => {
  if (plugin === null) return null;
  const name = plugin.command.split('/').at(-1) ?? '';
  const profile = plugin.env.find((one) => one.name === 'AWS_PROFILE')?.value;
  const known = Object.hasOwn(logins, name) ? logins[name] : undefined;
  if (known === undefined) return [plugin.command, ...plugin.args].join(' ');
  return known.startsWith('aws') && profile !== undefined ? `${known} --profile ${profile}` : known;
};

const execInfo = (pinned: PinnedContext, plugin: ExecPlugin): object => ({
  apiVersion: plugin.apiVersion,
  kind: 'ExecCredential',
  spec: {
    interactive: false,
    ...(plugin.provideClusterInfo
      ? {
          cluster: {
            server: pinned.server,
            ...(pinned.tlsServerName === null ? {} : { 'tls-server-name': pinned.tlsServerName }),
            ...(pinned.insecure ? { 'insecure-skip-tls-verify': true } : {}),
            ...(pinned.ca === null ? {} : { 'certificate-authority-data': Buffer.from(pinned.ca).toString('base64') }),
            ...(pinned.proxyUrl === null ? {} : { 'proxy-url': pinned.proxyUrl }),
            ...(pinned.execConfig === null ? {} : { config: pinned.execConfig }),
          },
        }
      : {}),
  },
});

const credentialOf = (name: string, text: string, plugin: ExecPlugin): ExecCredential => {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    throw failure(name, 'gave something else than a credential', loginFirst(plugin));
  }
  const read = answerShape.safeParse(data);
  if (!read.success) throw failure(name, 'gave something else than a credential', loginFirst(plugin));
  const { token, clientCertificateData, clientKeyData, expirationTimestamp } = read.data.status;
  if (!token && !(clientCertificateData && clientKeyData))
    throw failure(name, 'gave an empty credential', loginFirst(plugin));
  const expiresAt = expirationTimestamp ? Date.parse(expirationTimestamp) : Number.NaN;
  return {
    token: token || null,
    cert: clientCertificateData || null,
    key: clientKeyData || null,
    expiresAt: Number.isNaN(expiresAt) ? null : expiresAt,
  };
};

const failure = (name: string, what: string, nextStep: string | null): ExpectedError =>
  new ExpectedError(`login helper "${name}" ${what}`, {
    code: 'E605',
    exit: exitCodes.refused,
    ...(nextStep === null ? {} : { nextStep }),
  });
