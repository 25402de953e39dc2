import type { MetricsSource } from '../ports/metrics.ts';
import type { PreflightCheck, RunTarget } from '../session/events.ts';
import { shippedReference } from '../session/frames.ts';
import type { SessionState } from '../session/state.ts';
import { isKnownMetrics, rememberMetrics } from '../settings/metrics-trust.ts';
import { metricsChecks } from './metrics-checks.ts';
import { chooseMetrics, type MetricsChoice, sameClusterOf } from './metrics-server.ts';
import type { RunParts } from './run-parts.ts';
import type { GivenInput } from './start-inputs.ts';
import type { StartRequest } from './start-run.ts';

/**
 * Metrics of the runbooks that may ask anything: nothing that one names is contacted before it is trusted. Those of the
 * shipped rollback, which nobody named, count only where somebody named a server for this run.
 */
const metricsCount = ({ main, reachable, restricted, options }: AskedRunbooks): number => {
  const named = (sha256: string): boolean =>
    sha256 === main.sha256 ||
    reachable.ways.some(({ runbook, reference }) => runbook.sha256 === sha256 && reference !== shippedReference);
  return new Set(
    reachable.runbooks
      .filter(({ sha256 }) => !restricted.has(sha256) && (options.prometheus !== undefined || named(sha256)))
      .flatMap(({ runbook }) => runbook.metrics.map(({ name, query }) => `${name}\n${query}`)),
  ).size;
};

type AskedRunbooks = Pick<StartRequest, 'main' | 'reachable' | 'restricted' | 'options'>;

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
  if (metricsCount(request) > 0) return choice;
  // The way back may have metrics that nothing was said about: only a server that is bound to the context is asked.
  const hasAny = request.reachable.runbooks.some(({ runbook }) => runbook.metrics.length > 0);
  return { server: hasAny && choice.server?.from === 'settings' ? choice.server : null, problem: null };
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
