import { type Behaviour, well } from './faults.ts';
import { durationBuckets } from './service.ts';

export interface HistoryOptions {
  /** As Prometheus labels what it scrapes: with these labels the live series go on from the old ones. */
  readonly job: string;
  readonly instance: string;
  readonly service?: string;
  readonly track?: string;
  readonly perSecond: number;
  readonly behaviour?: Partial<Behaviour>;
  readonly minutes: number;
  /** UTC ms of the last value. */
  readonly until: number;
}

const stepSeconds = 5;

/** Of the standard normal distribution; off by less than 2e-7 (Abramowitz and Stegun 7.1.26). */
const cumulative = (x: number): number => {
  const t = 1 / (1 + (0.3275911 * Math.abs(x)) / Math.SQRT2);
  const series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const erf = 1 - series * Math.exp((-x * x) / 2);
  return x < 0 ? (1 - erf) / 2 : (1 + erf) / 2;
};

/** What the shop would have counted until now, as OpenMetrics text: a test has no half hour for a baseline. */
export const shopHistory = (options: HistoryOptions): string => {
  const { job, instance, service = 'checkout', track = 'stable', perSecond, minutes, until } = options;
  const { errors, medianMs, spread } = { ...well, ...options.behaviour };
  const labels = `service="${service}",track="${track}",job="${job}",instance="${instance}"`;
  const totals = { good: 0, bad: 0, seconds: 0, buckets: durationBuckets.map(() => 0) };
  const requests: string[] = [];
  const durations: string[] = [];
  const steps = (minutes * 60) / stepSeconds;
  for (let step = 0; step <= steps; step += 1) {
    const at = (until / 1000 - (steps - step) * stepSeconds).toFixed(3);
    // Real figures are never twice the same.
    const median = (medianMs / 1000) * (1 + 0.02 * Math.sin(step));
    const count = Math.round(perSecond * stepSeconds * (1 + 0.05 * Math.cos(step * 1.7)));
    totals.bad += count * errors;
    totals.good += count * (1 - errors);
    totals.seconds += count * median;
    requests.push(`http_requests_total{${labels},code="200"} ${Math.round(totals.good)} ${at}`);
    if (errors > 0) requests.push(`http_requests_total{${labels},code="500"} ${Math.round(totals.bad)} ${at}`);
    durationBuckets.forEach((limit, index) => {
      totals.buckets[index] = (totals.buckets[index] ?? 0) + count * cumulative(Math.log(limit / median) / spread);
      durations.push(
        `http_request_duration_seconds_bucket{${labels},le="${limit}"} ${Math.round(totals.buckets[index] ?? 0)} ${at}`,
      );
    });
    const all = Math.round(totals.good + totals.bad);
    durations.push(`http_request_duration_seconds_bucket{${labels},le="+Inf"} ${all} ${at}`);
    durations.push(`http_request_duration_seconds_count{${labels}} ${all} ${at}`);
    durations.push(`http_request_duration_seconds_sum{${labels}} ${totals.seconds.toFixed(3)} ${at}`);
  }
  return [
    '# TYPE http_requests counter',
    ...requests,
    '# TYPE http_request_duration_seconds histogram',
    ...durations,
    '# EOF\n',
  ].join('\n');
};
