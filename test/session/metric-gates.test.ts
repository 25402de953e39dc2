import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CriterionWatch, criterionWatch, watchSample } from '../../src/gates/criterion.ts';
import { failedToAsk, good, noData, type Sample } from '../../src/gates/sample.ts';
import { acknowledgeable } from '../../src/session/acknowledge-view.ts';
import { criterionRules } from '../../src/session/criterion-rules.ts';
import { criteriaOf, openBreach } from '../../src/session/criterion-state.ts';
import { decideCriteria } from '../../src/session/criterion-tick.ts';
import { criterionRows } from '../../src/session/criterion-view.ts';
import { gateView } from '../../src/session/gate-view.ts';
import { metricTrack } from '../../src/session/metric-track.ts';
import { fold, reduce } from '../../src/session/reduce.ts';
import { initialState } from '../../src/session/state.ts';
import { badMetric, fence, figures, goodMetric, inputs, MetricsOperator, metricsHeader } from './metrics-support.ts';

const minute = 60_000;
const header = metricsHeader(`rollback:
  runbook: rollback.md
  when:
    - error-rate: '> 5%'
    - p95: '> 125% of stable'
`);
const back =
  '---\ngonogo: 1\nkind: rollback\n---\n# Back\n\n- [ ] Undo\n  ```sh\n  kubectl rollout undo deployment/checkout\n  ```\n';
const setting = { inputs, others: [{ path: 'rollback.md', text: back, purpose: 'rollback' as const }] };
const text = `${header}
## 10 %
- [ ] One pod
${fence('sh', 'kubectl scale deployment/checkout-canary --replicas=1')}
- [ ] Soak
${fence('gate', 'error-rate: 1%\nfor: 2m\nsettle: 1s')}
## 25 %
- [ ] Three pods
${fence('sh', 'kubectl scale deployment/checkout-canary --replicas=3')}
- [ ] Soak {critical}
${fence('gate', 'error-rate: 1%\np95: 115% of stable\nhttp: https://api.example.com/health\nelse: [http]\nfor: 20m\nsettle: 1s')}
- [ ] Errors by hand
${fence('gate', 'p95: 1s')}
- [ ] Look at the logs
- [ ] Look at the pods
## 50 %
- [ ] Five pods
${fence('sh', 'kubectl scale deployment/checkout-canary --replicas=5')}
`;

const atSecondStage = (more: Partial<typeof setting> & { production?: boolean } = {}): MetricsOperator => {
  const operator = new MetricsOperator(text, { ...setting, ...more });
  operator.runs();
  operator.does({ type: 'pass', step: '1.1' });
  operator.ticks();
  operator.passes(2_000);
  operator.sees('1.2', goodMetric(0.001));
  for (let looked = 0; looked < 2; looked += 1) {
    operator.passes(minute);
    operator.sees('1.2', goodMetric(0.001));
  }
  expect(operator.status('1.2')).toBe('passed');
  operator.runs();
  operator.does({ type: 'pass', step: '2.1' });
  operator.ticks();
  operator.passes(2_000);
  return operator;
};
const refused = (at: number): Sample => failedToAsk(at, 'connection refused');
const asksAll = (operator: MetricsOperator, ...samples: readonly ((at: number) => Sample)[]): void => {
  for (const [check, sample] of samples.entries()) operator.sees('2.2', sample, check);
};
const fails = (operator: MetricsOperator): void => {
  for (let looked = 0; looked < 3; looked += 1) {
    if (looked > 0) operator.passes(5 * minute);
    operator.sees('2.2', goodMetric(0.001));
    operator.sees('2.2', (at) => good(at, 'HTTP 200'), 2);
    operator.sees('2.2', badMetric(0.548, { stable: 0.398, limits: [0.4577] }), 1);
  }
};
const verdict = ({ state }: MetricsOperator, step = '2.2') => state.frames[0]?.steps[step]?.actions[0]?.gate?.verdict;

describe('gates on metrics', () => {
  it('of a phase run side by side, and its checks by hand go on meanwhile', () => {
    const operator = atSecondStage();
    expect(operator.main).toMatchObject({ kind: 'card' });
    expect(operator.does({ type: 'pass', step: '2.4' })).toBe(true);
    expect(operator.does({ type: 'pass', step: '2.5' })).toBe(true);
    operator.sees('2.3', goodMetric(0.2));
    expect(operator.status('2.3')).toBe('passed');
    expect(operator.status('2.2')).toBe('active');
    expect(operator.gate).toMatchObject({ stage: 'judging', at: { step: { id: '2.2' } } });
  });

  it('that failed offer one stage back, a new try, and going on with a reason and the name of the check', () => {
    const operator = atSecondStage({ production: true });
    fails(operator);
    const { choices, because } = operator.gate;
    expect(because).toMatch(/^p95: over its limit: 3 looks in a row/);
    expect(choices.map(({ kind, label, detail }) => [kind, label, detail])).toEqual([
      ['back', 'Back to 10 %', '1 command, then its soak of 2:00 again'],
      ['hold', 'Hold', 'a new soak of 20:00; this FAIL stays on record'],
      ['override', 'Go on anyway', 'reason, and type p95; goes into the record'],
    ]);
    const override = {
      type: 'override-gate',
      step: '2.2',
      action: 0,
      reason: 'accepted by the incident commander',
    } as const;
    expect(operator.does({ ...override, typed: null })).toBe(false);
    expect(operator.does({ ...override, typed: 'p95' })).toBe(true);
    expect(operator.state.frames[0]?.steps['2.2']).toMatchObject({ status: 'passed', how: 'override' });
  });

  it('that failed go one stage back: its command, then its soak again', () => {
    const operator = atSecondStage();
    fails(operator);
    const [choice] = operator.gate.choices;
    if (choice?.kind !== 'back') throw new Error('no way back');
    expect(operator.does({ type: 'back', step: choice.step })).toBe(true);
    expect(operator.pending.command.script).toContain('--replicas=1');
    expect(operator.status('1.2')).toBe('open');
    operator.runs();
    operator.does({ type: 'pass', step: '1.1' });
    operator.ticks();
    expect(operator.gate).toMatchObject({ stage: 'judging', at: { step: { id: '1.2' } } });
    expect(
      operator.events.filter(
        ({ type, data }) => type === 'gate.verdict' && 'verdict' in data && data.verdict === 'FAIL',
      ),
    ).toHaveLength(1);
  });

  it('show canary, stable, absolute limit, rule and looks of each check', () => {
    const operator = atSecondStage();
    fails(operator);
    const view = gateView(operator.state, { frame: 0, step: '2.2', action: 0 }, operator.now);
    expect(view?.rows[1]).toMatchObject({
      title: 'p95',
      word: 'FAIL',
      metric: {
        name: 'p95',
        comparesWith: 'stable',
        words: { canary: '548 ms', stable: '398 ms', limit: '458 ms', rule: '115 % of stable', tally: '3 of 3' },
      },
    });
    expect(view?.rows[0]?.metric?.words).toMatchObject({ canary: '0.1 %', rule: '<= 1 %', tally: '3 of 3' });
    expect(view?.rows[2]?.metric).toBeNull();
  });
});

describe('a metrics server that is away', () => {
  const dead = (): MetricsOperator => {
    const operator = atSecondStage();
    for (let asked = 0; asked < 3; asked += 1) {
      asksAll(operator, refused, refused, (at) => good(at, 'HTTP 200'));
      operator.sees('2.3', refused);
      operator.passes(5_000);
    }
    operator.record(
      [0, 1].map((criterion) => ({
        type: 'criterion.blind',
        frame: 0,
        data: { criterion, because: 'connection refused' },
      })),
    );
    return operator;
  };

  it('is acknowledged once for all gates and criteria', () => {
    const operator = dead();
    expect(verdict(operator)).toBe('ERROR');
    expect(acknowledgeable(operator.state, operator.now)).toMatchObject([{ kind: 'source', source: 'metrics' }]);
    operator.does({ type: 'acknowledge-source', source: 'metrics', reason: 'known, INC-4711' });
    operator.ticks();
    expect(acknowledgeable(operator.state, operator.now)).toEqual([]);
    expect(criterionRows(operator.state, operator.now).map(({ state, known }) => [state, known])).toEqual([
      ['BLIND', 'alice: known, INC-4711'],
      ['BLIND', 'alice: known, INC-4711'],
    ]);
    expect(verdict(operator, '2.3')).toBe('INCONCLUSIVE');
  });

  it('leaves a gate to its else checks, by which it passes', () => {
    const operator = dead();
    operator.does({ type: 'acknowledge-source', source: 'metrics', reason: 'known, INC-4711' });
    for (let asked = 0; asked < 100; asked += 1) {
      operator.passes(15_000);
      if (operator.status('2.2') !== 'passed') operator.sees('2.2', (at) => good(at, 'HTTP 200'), 2);
    }
    expect(operator.status('2.2')).toBe('passed');
    expect(operator.state.frames[0]?.steps['2.2']?.actions[0]?.result).toMatchObject({
      how: 'passed',
      reason: expect.stringContaining('metrics does not answer'),
    });
  });

  it('ends the acknowledgement when it answers again, a gate or a criterion', () => {
    const byGate = dead();
    byGate.does({ type: 'acknowledge-source', source: 'metrics', reason: 'known, INC-4711' });
    byGate.sees('2.3', goodMetric(0.2));
    expect(byGate.state.acknowledged).toEqual([]);
    const byCriterion = dead();
    byCriterion.does({ type: 'acknowledge-source', source: 'metrics', reason: 'known, INC-4711' });
    byCriterion.record([{ type: 'criterion.recovered', frame: 0, data: { criterion: 0, value: '0.1 %' } }]);
    expect(byCriterion.state.acknowledged).toEqual([]);
  });

  it('is not dead while it answers another check: that one is judged by eye', () => {
    const operator = atSecondStage();
    for (let asked = 0; asked < 3; asked += 1) {
      asksAll(
        operator,
        goodMetric(0.001),
        (at) => noData(at, 'empty', 'no result'),
        (at) => good(at, 'HTTP 200'),
      );
      operator.passes(15_000);
    }
    expect(verdict(operator)).toBe('NO-DATA');
    expect(operator.does({ type: 'pass', step: '2.4' })).toBe(true);
    expect(operator.does({ type: 'pass', step: '2.5' })).toBe(true);
    operator.sees('2.3', goodMetric(0.2));
    expect(operator.gate.choices.map(({ kind }) => kind)).toEqual(['by-eye', 'hold', 'override']);
    expect(acknowledgeable(operator.state, operator.now)).toEqual([]);
    expect(operator.does({ type: 'by-eye', step: '2.2', action: 0, seen: 'p95 on the dashboard is 190 ms' })).toBe(
      true,
    );
    expect(operator.state.frames[0]?.steps['2.2']).toMatchObject({ status: 'passed', how: 'by-eye' });
    expect(operator.types()).not.toContain('source.acknowledged');
  });
});

describe('the track of a metric', () => {
  const sampled = (operator: MetricsOperator, value: number | null): void =>
    operator.record([
      {
        type: 'metric.sampled',
        frame: 0,
        data: { metrics: [{ metric: 'p95', hash: 'h', value, stable: null, ageMs: 1 }] },
      },
    ]);
  const seen = { hash: 'h', rangeMs: minute, valueAt: null };
  const empty = (operator: MetricsOperator): Sample => noData(operator.now, 'empty', 'no result');
  const scaled = (operator: MetricsOperator, madeBy: number | null, desired = 0, track = 'canary'): void =>
    operator.record([
      {
        type: 'workload.seen',
        frame: 0,
        data: {
          workload: `deployment/checkout-${track}`,
          madeBy,
          spec: {
            uid: 'u',
            generation: 2,
            images: [],
            templateHash: 't',
            desired,
            isPaused: false,
            partition: 0,
            managers: [],
          },
        },
      },
    ]);

  it('does not exist before its first value, and is known over a resume after it', () => {
    const operator = new MetricsOperator(text, setting);
    sampled(operator, null);
    expect(metricTrack(operator.state, empty(operator), seen)).toBe('not-yet');
    sampled(operator, 0.2);
    expect(metricTrack(operator.state, empty(operator), seen)).toBe('gone');
    expect(metricTrack(operator.state, failedToAsk(operator.now, 'refused'), seen)).toBe('there');
  });

  it('is missed long after the last change when every workload is at work', () => {
    const operator = new MetricsOperator(text, setting);
    operator.runs('yes', { startedAt: operator.now, endedAt: operator.now });
    scaled(operator, null);
    operator.now += 30 * minute;
    expect(metricTrack(operator.state, empty(operator), seen)).toBe('not-yet');
    scaled(operator, 1, 3);
    expect(metricTrack(operator.state, empty(operator), seen)).toBe('gone');
    operator.does({ type: 'pass', step: '1.1' });
    const young = new MetricsOperator(text, setting);
    young.runs('yes', { startedAt: young.now, endedAt: young.now });
    young.now += 5 * minute;
    expect(metricTrack(young.state, empty(young), seen)).toBe('not-yet');
  });

  it('is missed all the same once this run has scaled what it found at work to 0', () => {
    const operator = new MetricsOperator(text, setting);
    scaled(operator, null, 3, 'stable');
    operator.runs('yes', { startedAt: operator.now, endedAt: operator.now });
    scaled(operator, 1, 0);
    operator.now += 30 * minute;
    expect(metricTrack(operator.state, empty(operator), seen)).toBe('not-yet');
    scaled(operator, 1, 3);
    scaled(operator, 1, 0, 'stable');
    operator.now += 30 * minute;
    expect(metricTrack(operator.state, empty(operator), seen)).toBe('gone');
    scaled(operator, null, 0, 'stable');
    expect(metricTrack(operator.state, empty(operator), seen)).toBe('not-yet');
    scaled(operator, 1, 0, 'stable');
    scaled(operator, 1, 0);
    expect(metricTrack(operator.state, empty(operator), seen)).toBe('not-yet');
  });

  it('is gone when its data went on for minutes after this run scaled something to 0', () => {
    const operator = new MetricsOperator(text, setting);
    operator.runs();
    scaled(operator, 1);
    const old = (ageMs: number): Sample => ({
      ...noData(operator.now, 'stale', 'old'),
      figures: figures(0.2, { ageMs }),
    });
    operator.now += 7 * minute;
    const valued = { ...seen, valueAt: operator.now };
    expect(metricTrack(operator.state, old(2 * minute), valued)).toBe('gone');
    expect(metricTrack(operator.state, old(6.5 * minute), valued)).toBe('over');
    expect(metricTrack(operator.state, empty(operator), { ...seen, valueAt: operator.now })).toBe('gone');
  });

  it('is over when it ended as this run scaled it to 0, and gone when it ended later or by others', () => {
    const operator = new MetricsOperator(text, setting);
    operator.runs();
    sampled(operator, 0.2);
    scaled(operator, null);
    expect(metricTrack(operator.state, empty(operator), seen)).toBe('gone');
    scaled(operator, 1);
    operator.now += 7 * minute;
    expect(metricTrack(operator.state, empty(operator), seen)).toBe('over');
    const control: Sample = { ...empty(operator), figures: figures(0.2) };
    expect(metricTrack(operator.state, control, { ...seen, valueAt: operator.now })).toBe('over');
    operator.now += 20 * minute;
    expect(metricTrack(operator.state, control, { ...seen, valueAt: operator.now })).toBe('over');
    sampled(operator, 0.2);
    operator.now += minute;
    expect(metricTrack(operator.state, empty(operator), seen)).toBe('gone');
  });
});

describe('a metric criterion of a hotfix', () => {
  const hotfix = header.replace('kind: canary', 'kind: hotfix');
  const criterion = (operator: MetricsOperator, amount: number, watch: CriterionWatch): CriterionWatch => {
    const [own] = criteriaOf(operator.state);
    if (own === undefined) throw new Error('no criterion');
    const sample = badMetric(amount)(operator.now);
    const next = watchSample(
      watch,
      { sample, amount, notYet: false },
      criterionRules(operator.state, own, operator.now),
    );
    const seen = { criterion: 0, watch: next, value: `${amount}`, reference: 0.2 };
    const decision = decideCriteria(operator.state, [seen]);
    if (!decision.ok) throw new Error(decision.refusal.message);
    operator.record(decision.events);
    return next;
  };
  const three = (
    operator: MetricsOperator,
    amount: number,
    from = criterionWatch('ok', null, false),
  ): CriterionWatch => {
    let watch = from;
    for (let looked = 0; looked < 3; looked += 1) {
      watch = criterion(operator, amount, watch);
      operator.now += minute;
    }
    return watch;
  };
  const changed = (): MetricsOperator => {
    const operator = new MetricsOperator(text.replace(header, hotfix), setting);
    three(operator, 0.2);
    expect(operator.types()).not.toContain('criterion.breached');
    operator.runs();
    return operator;
  };

  it('is its own reference: as bad as before is none, worse is a breach', () => {
    const same = changed();
    three(same, 0.2);
    expect(same.state.criteria[0]).toMatchObject({ status: 'ok', reference: 0.2 });
    const worse = changed();
    criterion(worse, 0.2, criterionWatch('ok', null, false));
    three(worse, 0.3);
    expect(worse.state.criteria[0]?.status).toBe('breached');
  });

  it('that is still so ten minutes after the change asks', () => {
    const operator = changed();
    const watch = three(operator, 0.2);
    operator.now += 10 * minute;
    three(operator, 0.2, watch);
    expect(openBreach(operator.state)).toMatchObject({ value: 'still so 10 min after the change: 0.2' });
    expect(criterionRows(operator.state, operator.now)[0]).toMatchObject({ state: 'BREACHED', asks: true });
  });
});

describe('whatever metrics answer', () => {
  const answer = fc.record({
    check: fc.integer({ min: 0, max: 2 }),
    kind: fc.nat(5),
    seconds: fc.integer({ min: 1, max: 90 }),
  });
  const made = (kind: number): ((at: number) => Sample) =>
    [
      goodMetric(0.2, { stable: 0.19, limits: [0.2185], traffic: 20 }),
      goodMetric(0.001),
      badMetric(0.548, { stable: 0.398, limits: [0.4577] }),
      refused,
      (at: number) => noData(at, 'stale', 'data 120 s old'),
      (at: number) => noData(at, 'empty', 'no result'),
    ][kind] as (at: number) => Sample;

  it('every event of metrics is accepted in every state', () => {
    const operator = atSecondStage();
    const data = { step: '2.2', action: 0 };
    operator.record([
      { type: 'baseline.captured', frame: 0, data: { ...data, metrics: [] } },
      { type: 'baseline.accepted', frame: 0, data: { ...data, reason: 'known' } },
      { type: 'metric.sampled', frame: 0, data: { metrics: [] } },
      {
        type: 'gap.backfilled',
        frame: 0,
        data: { from: 0, to: operator.now, gates: [{ ...data, samples: [] }], criteria: [] },
      },
    ]);
    for (const [index, line] of operator.lines.entries()) {
      reduce(initialState(operator.state.library), line);
      const before = fold(operator.state.library, operator.lines.slice(0, Math.floor(index / 2)));
      expect(reduce(before, line).seq).toBe(line.seq);
    }
  });

  it('the journal alone gives the same state and verdicts again, and a FAIL stays one', () => {
    fc.assert(
      fc.property(fc.array(answer, { minLength: 1, maxLength: 60 }), (answers) => {
        const operator = atSecondStage();
        let failed = false;
        for (const { check, kind, seconds } of answers) {
          operator.now += seconds * 1000;
          if (operator.status('2.2') !== 'active') break;
          operator.sees('2.2', made(kind), check);
          failed ||= verdict(operator) === 'FAIL';
          if (failed) expect(verdict(operator)).toBe('FAIL');
        }
        const again = fold(operator.state.library, operator.lines);
        expect(again).toEqual(operator.state);
        const view = gateView(again, { frame: 0, step: '2.2', action: 0 }, operator.now);
        expect(view).toEqual(gateView(operator.state, { frame: 0, step: '2.2', action: 0 }, operator.now));
        if (operator.status('2.2') === 'passed')
          expect(answers.some(({ kind, check }) => kind < 2 && check === 0)).toBe(true);
      }),
      { numRuns: 40 },
    );
  });
});
