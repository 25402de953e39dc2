import type { MetricView } from '../../../src/engine/view.ts';
import type { MetricCheck, MetricReading } from '../../../src/gates/metric.ts';
import { metricSample } from '../../../src/gates/metric-sample.ts';
import { failedToAsk, good, type Sample } from '../../../src/gates/sample.ts';
import type { Gate, Metric, Runbook } from '../../../src/runbook/model.ts';
import type { Recorded } from '../../../src/session/events.ts';
import { checksOf } from '../../../src/session/gate-checks.ts';
import { metricsOf } from '../../../src/session/metric-of.ts';
import { fold } from '../../../src/session/reduce.ts';
import type { FrameState, RunbookLibrary } from '../../../src/session/state.ts';
import { timeOfDay } from '../../../src/text/duration.ts';
import {
  changing,
  inputOf,
  JournalWriter,
  libraryOf,
  phaseOf,
  run,
  runbookOf,
  startOf,
  stepOf,
} from '../../record/support.ts';

/** A canary release judged on metrics, stopped where a picture of the screen is worth looking at. */

const path = 'runbooks/canary.md';
const scale = (replicas: number) => changing(`kubectl scale deployment/checkout-canary --replicas=${replicas}`);

const rate = (track: string): string => `sum(rate(http_requests_total{app="checkout",track="${track}"}[1m]))`;
const errors = (track: string): string =>
  `(sum(rate(http_requests_total{app="checkout",track="${track}",code=~"5.."}[1m])) or vector(0)) / ${rate(track)}`;
const quantile = (q: number, track: string): string =>
  `histogram_quantile(${q}, sum by (le) (rate(http_seconds_bucket{app="checkout",track="${track}"}[1m])))`;

const metric = (name: string, title: string, query: string, more: Partial<Metric> = {}): Metric => ({
  name,
  title,
  query,
  stable: null,
  unit: 'count',
  worse: 'higher',
  traffic: null,
  scrapeMs: null,
  freshness: null,
  line: 1,
  ...more,
});

const compared = (name: string, title: string, of: (track: string) => string, unit: Metric['unit']): Metric =>
  metric(name, title, of('canary'), { stable: of('stable'), unit, traffic: rate('canary') });

const metrics: readonly Metric[] = [
  compared('error-rate', 'error rate', errors, 'ratio'),
  compared('p95', 'p95', (track) => quantile(0.95, track), 'seconds'),
  compared('p99', 'p99', (track) => quantile(0.99, track), 'seconds'),
  metric('requests', 'requests/min', '60 * sum(rate(http_requests_total{app="checkout"}[1m]))', { worse: 'lower' }),
  metric('orders', 'checkouts/min', '60 * sum(rate(orders_total[1m]))', { worse: 'lower' }),
  metric('pool', 'db pool', '100 * max(db_pool_used / db_pool_size)', { unit: 'percent' }),
];

const check = (source: string, expression: string | null, body: Gate['checks'][number]['body'] = null) => ({
  source,
  body,
  expression,
  line: 1,
});

const gateOf = (checks: Gate['checks'], more: Partial<Gate> = {}): Gate => ({
  name: null,
  critical: true,
  checks,
  else: [],
  forMs: null,
  withinMs: null,
  settleMs: 0,
  everyMs: null,
  breach: null,
  floor: null,
  minLooks: null,
  holdTimeoutMs: null,
  shift: null,
  ...more,
});

export const soak = gateOf(
  [
    check('error-rate', 'stable + 1pp'),
    check('p95', '110% of stable'),
    check('p99', '115% of stable'),
    check('http', null, 'https://shop.example.com/health'),
  ],
  { name: 'Soak: errors, p95, p99', forMs: 900_000, else: ['http'] },
);

const gate = (own: Gate) => ({ kind: 'gate', gate: own, line: 1 }) as const;

const stage = (title: string, replicas: number) =>
  phaseOf(title, [
    stepOf(`Scale the canary to ${replicas}`, [run(scale(replicas))], { undo: [scale(1)] }),
    stepOf('Soak: errors, p95, p99', [gate(soak)]),
    stepOf('Decide', [
      {
        kind: 'decide',
        line: 1,
        choices: [
          { label: 'Go on', target: 'next' },
          { label: 'Roll back', target: 'rollback' },
        ],
      },
    ]),
  ]);

export const canary: Runbook = runbookOf(
  'Canary release',
  'canary',
  [
    phaseOf('Setup', [
      stepOf('Merge freeze announced'),
      stepOf('Baseline', [
        { kind: 'baseline', line: 1, baseline: { metrics: ['error-rate', 'p95', 'p99'], windowMs: 1_800_000 } },
      ]),
    ]),
    stage('25 %', 3),
    stage('50 %', 5),
    stage('75 %', 8),
    phaseOf('Rollback', [stepOf('Scale the canary to 0', [run(scale(0))]), stepOf('Errors are back')], {
      offPath: 'rollback',
    }),
  ],
  {
    inputs: [inputOf('service'), inputOf('version'), inputOf('previous-version')],
    metrics,
    rollback: { runbook: null, with: {}, line: 1, when: [check('error-rate', '> 5%'), check('pods', null, 'failing')] },
  },
);

export const canaryLibrary: RunbookLibrary = libraryOf([path, canary]);

const soaking = { step: '3.2', action: 0 } as const;

const begin = (): JournalWriter =>
  new JournalWriter()
    .add(
      'run.started',
      startOf({
        target: {
          context: 'prod-eu',
          namespace: 'production',
          workloads: ['deployment/checkout'],
          production: true,
          pinned: true,
        },
      }),
    )
    .open(path, canary, { service: 'checkout', version: 'v2.3.1', 'previous-version': 'v2.2.5' })
    .tick('1.1');

const passed = { ...soaking, step: '2.2', verdict: 'PASS', because: '', checks: [] } as const;

/** The soak at 50 % has begun. */
const atSoak = (): JournalWriter =>
  begin()
    .wait(200)
    .add('step.skipped', { step: '1.2', reason: 'captured an hour ago' })
    .ran('2.1', scale(3), 'deployment.apps/checkout-canary scaled\n', 1)
    .passed('2.1')
    .add('step.started', { step: '2.2' })
    .add('gate.started', { step: '2.2', action: 0, try: 1, checks: ['error-rate', 'p95', 'p99', 'http'], hash: null })
    .wait(900)
    .add('gate.verdict', passed)
    .passed('2.2', 'itself')
    .add('decision.made', { step: '2.3', action: 0, label: 'Go on', target: 'next', reason: null })
    .passed('2.3', 'itself')
    .ran('3.1', scale(5), 'deployment.apps/checkout-canary scaled\n', 1)
    .passed('3.1')
    .add('step.started', { step: '3.2' })
    .add('gate.started', { ...soaking, try: 1, checks: ['error-rate', 'p95', 'p99', 'http'], hash: null });

const frameOf = (journal: JournalWriter): FrameState => {
  const [frame] = fold(canaryLibrary, journal.events).frames;
  if (frame === undefined) throw new Error('no frame');
  return frame;
};

type Values = Readonly<Record<string, readonly [canary: number, stable: number]>>;

export const healthy: Values = { 'error-rate': [0.0034, 0.0031], p95: [0.187, 0.181], p99: [0.4, 0.398] };
export const slow: Values = { ...healthy, p99: [0.548, 0.398] };

const reading = (at: number, [value, stable]: readonly [number, number]): MetricReading => ({
  at,
  value: { kind: 'value', value },
  stable: { kind: 'value', value: stable },
  traffic: { kind: 'value', value: 48.567 },
  age: { kind: 'known', ms: 9000 },
  stableAge: { kind: 'known', ms: 9000 },
  counts: null,
  warnings: [],
  infos: [],
});

const samplesOf = (frame: FrameState, at: number, values: Values): readonly { check: number; sample: Sample }[] =>
  checksOf(frame, soak).map(({ check: own, index }) => {
    if (own?.kind !== 'metric') return { check: index, sample: good(at, 'HTTP 200') };
    return {
      check: index,
      sample: metricSample(own as MetricCheck, reading(at, values[own.name] ?? [0, 0]), { baseline: null }),
    };
  });

/** Looks one a minute, of these values each. */
const looked = (...values: readonly Values[]): JournalWriter => {
  const journal = atSoak();
  const frame = frameOf(journal);
  for (const each of values) {
    journal.wait(60);
    journal.add('gate.sampled', { ...soaking, samples: samplesOf(frame, journal.now, each) });
  }
  return journal;
};

const failed = (): JournalWriter => {
  const journal = looked(healthy, slow, slow, slow);
  return journal.add('gate.verdict', {
    ...soaking,
    verdict: 'FAIL',
    because: `p99: 548 ms, limit 458 ms: 3 looks in a row, since ${timeOfDay(journal.now)}`,
    checks: [],
  });
};

export const refused = 'connection refused';

const blind = (): JournalWriter => {
  const journal = looked(healthy, healthy);
  for (let i = 0; i < 3; i += 1) {
    journal.wait(5);
    const samples = [0, 1, 2].map((index) => ({ check: index, sample: failedToAsk(journal.now, refused) }));
    journal.add('gate.sampled', { ...soaking, samples });
  }
  return journal.add('gate.verdict', { ...soaking, verdict: 'ERROR', because: refused, checks: [] });
};

const baselined = (): JournalWriter => {
  const journal = begin();
  const frame = frameOf(journal);
  journal.add('step.started', { step: '1.2' });
  const captured = metricsOf(frame)
    .slice(0, 3)
    .map(({ name, title, query, hash }, i) => {
      const value = [0.0031, 0.181, 0.391][i] ?? 0;
      return {
        metric: name,
        title,
        query,
        hash,
        from: journal.now - 1_800_000,
        to: journal.now,
        stepMs: 60_000,
        values: Array.from({ length: 30 }, () => value),
        median: value,
        mad: value / 40,
        p95: value * 1.1,
        count: 30,
        coverage: 1,
        counts: null,
        problem: null,
      };
    });
  return journal.add('baseline.captured', { step: '1.2', action: 0, metrics: captured });
};

/** Journals by what the operator sees at their end. */
export const metricRuns = {
  capturing: (): readonly Recorded[] => begin().events,
  baselined: (): readonly Recorded[] => baselined().events,
  soaking: (): readonly Recorded[] => looked(healthy, healthy, healthy).events,
  failed: (): readonly Recorded[] => failed().events,
  blind: (): readonly Recorded[] => blind().events,
  known: (): readonly Recorded[] =>
    blind().add('source.acknowledged', { source: 'metrics', reason: 'known, INC-4711' }).events,
} as const;

const levels: Readonly<Record<string, readonly [value: number, stable: number | null]>> = {
  ...healthy,
  requests: [5914.4, null],
  orders: [410, null],
  pool: [78, null],
};

/** What the engine would know of the metrics at `now`; p99 rises in the last minutes when `rising`. */
export const metricViews = (now: number, rising: boolean): readonly MetricView[] =>
  metrics.map(({ name, title, unit, worse, query }) => {
    const [usual, stable] = levels[name] ?? [0, null];
    const rises = name === 'p99' && rising;
    const history = Array.from({ length: 120 }, (_, i) => {
      const wave = 1 + Math.sin(i / 3 + name.length) / 40;
      const climb = rises ? Math.min(1, Math.max(0, i - 100) / 8) * 0.15 : 0;
      return {
        at: now - (119 - i) * 15_000 - 9000,
        value: usual * wave + climb,
        stable: stable === null ? null : stable * (2 - wave),
      };
    });
    const limit = { p99: 0.458, p95: 0.199, 'error-rate': 0.0131 }[name];
    const rule = { p99: '115 % of stable', p95: '110 % of stable', 'error-rate': 'stable + 1 pp' }[name] ?? '';
    return {
      name,
      title,
      unit,
      worse,
      query,
      hash: name,
      state: 'live',
      because: null,
      value: rises ? 0.548 : usual,
      stable,
      baseline: null,
      traffic: stable === null ? null : 48.567,
      at: now,
      ageMs: 9000,
      skewSeconds: null,
      history,
      limits: limit === undefined ? [] : [{ rule, values: [limit], for: 'gate' }],
    };
  });

/** The server has not answered for so long. */
export const silentViews = (now: number, forMs: number): readonly MetricView[] =>
  metricViews(now, false).map((each) => ({ ...each, state: 'error', because: refused, at: now - forMs }));
