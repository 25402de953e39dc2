import { readFileSync } from 'node:fs';

export interface KubeconfigParts {
  /** Name of the context, of the cluster and of the user. */
  readonly context: string;
  readonly server: string;
  /** Paths. */
  readonly authority: string;
  readonly certificate?: string;
  readonly key?: string;
  readonly token?: string;
  readonly namespace?: string;
}

const embedded = (path: string): string => readFileSync(path).toString('base64');

/** Text of a kubeconfig with one context; certificates are embedded, so that the file can be moved. */
export const kubeconfigText = (parts: KubeconfigParts): string => {
  const { context, server, authority, certificate, key, token, namespace } = parts;
  const user = token
    ? { token }
    : certificate && key
      ? { 'client-certificate-data': embedded(certificate), 'client-key-data': embedded(key) }
      : {};
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': context,
    clusters: [{ name: context, cluster: { server, 'certificate-authority-data': embedded(authority) } }],
    users: [{ name: context, user }],
    contexts: [{ name: context, context: { cluster: context, user: context, ...(namespace ? { namespace } : {}) } }],
  };
  return `${JSON.stringify(config, null, 2)}\n`;
};
