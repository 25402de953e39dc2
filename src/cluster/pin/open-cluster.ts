import type { Clock } from '../../ports/clock.ts';
import { connectApi } from '../api/connect.ts';
import type { ApiConnection } from '../api/connection.ts';
import { createCredentials } from './credentials.ts';
import { doubtingConnection } from './doubting.ts';
import { loginCommandOf } from './exec-plugin.ts';
import { kubeconfigText, type PinnedContext } from './pinned-context.ts';

/** The cluster that a run is bound to, spoken to as the user of its kubeconfig. */
export interface RunCluster {
  readonly context: PinnedContext;
  /** What commands get as KUBECONFIG. */
  readonly kubeconfig: string;
  readonly connection: ApiConnection;
}

export interface OpenClusterOptions {
  /** The operator's, for login helpers. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  /** A token or key that must be masked wherever it turns up. */
  readonly onSecret: (value: string) => void;
  /** The connection was cut, or a stream ended. */
  readonly onDoubt?: () => void;
}

/** Opens nothing yet: the first request does. */
export const openCluster = (context: PinnedContext, options: OpenClusterOptions): RunCluster => {
  const { environment, clock, onSecret } = options;
  for (const secret of [context.user.token, context.user.key]) if (secret !== null) onSecret(secret);
  const credentials = createCredentials(context, { environment, now: clock.now, onSecret });
  const connection = connectApi(
    {
      server: context.server,
      ca: context.ca,
      insecure: context.insecure,
      tlsServerName: context.tlsServerName,
      proxyUrl: context.proxyUrl,
      credentials,
      loginCommand: loginCommandOf(context.user.exec),
    },
    clock,
  );
  return {
    context,
    kubeconfig: kubeconfigText(context),
    connection: doubtingConnection(connection, options.onDoubt ?? (() => undefined)),
  };
};
