import type { MetricsSource } from '../ports/metrics.ts';
import type { ResolveSecret, SecretsRegistry } from '../ports/secrets.ts';
import type { MetricsServer } from '../session/events.ts';
import { environmentLogin } from './metrics-server.ts';

export interface MetricsNeeds {
  readonly resolveSecret: ResolveSecret;
  readonly registry: Pick<SecretsRegistry, 'register'>;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Shorter ones would mask words of any text. */
const shortestSecret = 8;

/**
 * The metrics server of a run. Its client takes longer to load than a screen does: it is loaded with the first question.
 */
export const openRunMetrics = (server: MetricsServer, needs: MetricsNeeds): MetricsSource => {
  let opened: MetricsSource | null = null;
  let opening: Promise<MetricsSource> | null = null;
  const open = async (): Promise<MetricsSource> => {
    const { openMetrics } = await import('../metrics/open-metrics.ts');
    const { url, name, sameCluster } = server;
    opened = openMetrics({ url, name, sameCluster, headers: () => headersOf(server, needs) });
    return opened;
  };
  const source = (): Promise<MetricsSource> => {
    opening ??= open();
    return opening;
  };
  return {
    name: server.name,
    read: async (question, signal) => (await source()).read(question, signal),
    series: async (request, signal) => (await source()).series(request, signal),
    skewSeconds: () => opened?.skewSeconds() ?? null,
    close: async () => {
      if (opening !== null) await (await opening).close();
    },
  };
};

/** The values behind the references; from here on they are masked wherever they appear. */
const headersOf = async (
  server: MetricsServer,
  { resolveSecret, registry, environment }: MetricsNeeds,
): Promise<Readonly<Record<string, string>>> => {
  const headers: Record<string, string> = {};
  for (const [name, reference] of Object.entries(server.headers)) {
    const value = (await resolveSecret(reference)).trim();
    // A token alone is no login: `env:TOKEN` often holds only it.
    headers[name] = /^authorization$/i.test(name) && !value.includes(' ') ? `Bearer ${value}` : value;
  }
  const login = environmentLogin(server, environment);
  if (login !== null && !Object.keys(headers).some((name) => /^authorization$/i.test(name)))
    headers.authorization = login;
  for (const value of Object.values(headers)) {
    const secret = value.split(' ').at(-1) ?? '';
    if (secret.length >= shortestSecret) registry.register('metrics-login', secret);
  }
  return headers;
};
