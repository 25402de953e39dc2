import type { MetricReading } from '../gates/metric.ts';
import { unknownCluster } from '../metrics/same-cluster.ts';
import type { MetricsSource } from '../ports/metrics.ts';
import type { MetricsServer, PreflightCheck, RunTarget } from '../session/events.ts';
import type { MetricsChoice } from './metrics-server.ts';

export interface MetricsFacts {
  readonly choice: MetricsChoice;
  /** Null when none is asked. */
  readonly source: MetricsSource | null;
  /** How many metrics the runbooks of the run have; none needs a server. */
  readonly count: number;
  readonly target: Pick<RunTarget, 'context' | 'production'>;
  /** Whether the operator said before that this server is the one of the context. */
  readonly isKnown: boolean;
}

type Finding = Pick<PreflightCheck, 'level' | 'message' | 'nextStep'>;

const skewWorthSaying = 30;

/** What can be said of the metrics server before the first step. */
export const metricsChecks = async (facts: MetricsFacts): Promise<readonly PreflightCheck[]> => {
  const { choice, source, count, target } = facts;
  if (count === 0) return [];
  const line = (id: string, title: string, finding: Finding): PreflightCheck => ({ id, title, ...finding });
  const { server } = choice;
  if (server === null || source === null)
    return [line('metrics-server', 'Metrics server', none(choice, count, target))];
  const reading = await source.read(probe, new AbortController().signal);
  const skew = source.skewSeconds();
  return [
    line('metrics-server', 'Metrics server', answers(server, reading)),
    ...(facts.isKnown || server.from === 'settings' || !target.production
      ? []
      : [line('metrics-bound', 'Metrics server', unbound(server, target))]),
    ...(isUnknownCluster(reading) ? [line('same-cluster', 'Same cluster', otherCluster(server, target))] : []),
    ...(skew === null || Math.abs(skew) <= skewWorthSaying
      ? []
      : [line('metrics-clock', 'Clock', skewed(server, skew))]),
  ];
};

/** Any server answers it, whatever it knows. */
const probe = { query: 'vector(1)', stable: null, traffic: null, freshness: null, scrapeMs: null, counts: false };

const isUnknownCluster = ({ value }: MetricReading): boolean =>
  value.kind === 'fault' && value.because === unknownCluster;

const binding = (context: string, url: string): string => `gonogo config prometheus '{"^${context}$": "${url}"}'`;

const none = ({ problem }: MetricsChoice, count: number, { context }: MetricsFacts['target']): Finding => ({
  level: 'warn',
  message:
    problem?.message ??
    `none is named: ${count === 1 ? 'the metric' : `all ${count} metrics`} will be BLIND, judged by eye`,
  nextStep:
    problem?.nextStep ??
    `Start again with --prometheus URL${context === null ? '' : `, or for all runs: ${binding(context, 'https://…')}`}`,
});

const words: Readonly<Record<MetricsServer['from'], string>> = {
  option: '--prometheus',
  settings: 'from the settings',
  environment: 'PROMETHEUS_URL',
};

const answers = ({ name, from }: MetricsServer, reading: MetricReading): Finding => {
  const where = `${name} (${words[from]})`;
  const { value } = reading;
  if (value.kind !== 'fault' || isUnknownCluster(reading))
    return { level: 'ok', message: `${where} answers`, nextStep: null };
  return {
    level: 'warn',
    message: `${where}: ${value.because}`,
    nextStep: 'Metrics are BLIND until it answers; gates that need them are then judged by eye',
  };
};

const unbound = ({ url, name, from }: MetricsServer, { context }: MetricsFacts['target']): Finding => ({
  level: 'override',
  message: `${name} comes from ${words[from]}: nothing binds it to ${context ?? 'this target'}`,
  nextStep: `Say why it is the right one, which is asked once${context === null ? '' : `; or bind it: ${binding(context, url)}`}`,
});

const otherCluster = ({ name }: MetricsServer, { context, production }: MetricsFacts['target']): Finding => ({
  level: production ? 'override' : 'warn',
  message: `${name}: ${unknownCluster}. Every metric is BLIND`,
  nextStep: `Name the server of ${context ?? 'this cluster'} with --prometheus, or correct same-cluster in the runbook`,
});

const skewed = ({ name }: MetricsServer, skew: number): Finding => ({
  level: 'warn',
  message: `clock skew ${skew > 0 ? '+' : '−'}${Math.abs(skew)} s: the clock of ${name} is ${skew > 0 ? 'ahead' : 'behind'}`,
  nextStep: 'It is asked for its own time; correct the clock that is wrong, times in the record are ours',
});
