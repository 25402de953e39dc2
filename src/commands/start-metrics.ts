import type { MetricsSource } from '../ports/metrics.ts';
import type { PreflightCheck, RunTarget } from '../session/events.ts';
import type { SessionState } from '../session/state.ts';
import { isKnownMetrics, rememberMetrics } from '../settings/metrics-trust.ts';
import { metricsChecks } from './metrics-checks.ts';
import { chooseMetrics, type MetricsChoice, sameClusterOf } from './metrics-server.ts';
import type { RunParts } from './run-parts.ts';
import type { GivenInput } from './start-inputs.ts';
import type { StartRequest } from './start-run.ts';

/** Metrics of the runbooks that may ask anything: nothing that one names is contacted before it is trusted. */
const metricsCount = ({ reachable, restricted }: Pick<StartRequest, 'reachable' | 'restricted'>): number =>
  new Set(
    reachable.runbooks
      .filter(({ sha256 }) => !restricted.has(sha256))
      .flatMap(({ runbook }) => runbook.metrics.map(({ name, query }) => `${name}\n${query}`)),
  ).size;

/** The server that a run will ask; none when no runbook of it has metrics. Throws `ExpectedError` for `--prometheus`. */
export const metricsOfStart = (
  request: StartRequest,
  { context }: Pick<RunTarget, 'context'>,
  given: Readonly<Record<string, GivenInput>>,
): MetricsChoice => {
  const { main, options, settings } = request;
  const choice = chooseMetrics({
    option: options.prometheus ?? null,
    context,
    settings,
    environment: process.env,
    sameCluster: sameClusterOf(main.runbook, given),
  });
  return metricsCount(request) === 0 ? { server: null, problem: null } : choice;
};

export interface FoundMetrics {
  readonly checks: readonly PreflightCheck[];
  /** Once the operator has agreed: the server is not asked about again. */
  remember(): Promise<void>;
}

/**
 * Asks the server whether it answers and knows the cluster, then what each metric is now. `session` is the run as it will
 * begin.
 */
export const findMetrics = async (
  request: StartRequest,
  { context, production }: Pick<RunTarget, 'context' | 'production'>,
  choice: MetricsChoice,
  { metrics }: Pick<RunParts, 'metrics'>,
  session: SessionState,
): Promise<FoundMetrics> => {
  const { server } = choice;
  const place = context ?? '';
  const isKnown = server !== null && isKnownMetrics(place, server.url);
  const checks = await metricsChecks({
    choice,
    source: metrics,
    count: metricsCount(request),
    target: { context, production },
    isKnown,
  });
  const answers = checks.some(({ id, level }) => id === 'metrics-server' && level === 'ok');
  const knows = !checks.some(({ id }) => id === 'same-cluster');
  const asked = metrics !== null && answers && knows ? await metricLines(session, metrics) : [];
  return {
    checks: [...checks, ...asked],
    remember: async () => {
      // A list that cannot be written is no reason not to deploy: it is asked about again.
      if (checks.some(({ id }) => id === 'metrics-bound') && server !== null)
        await rememberMetrics(place, server.url).catch(() => undefined);
    },
  };
};

const metricLines = async (session: SessionState, source: MetricsSource): Promise<readonly PreflightCheck[]> =>
  (await import('./preflight-metrics.ts')).preflightMetrics(session, source);
