import { describe, expect, it } from 'vitest';
import { failedToAsk, good, type Sample } from '../../src/gates/sample.ts';
import { type BackfillAnswer, decideBackfill } from '../../src/session/backfill-tick.ts';
import { criterionRows } from '../../src/session/criterion-view.ts';
import { runningGates } from '../../src/session/gate-state.ts';
import { fold } from '../../src/session/reduce.ts';
import { badMetric, fence, goodMetric, inputs, MetricsOperator, metricsHeader } from './metrics-support.ts';

const minute = 60_000;
const rollback = `rollback:
  runbook: rollback.md
  when:
    - error-rate: '> 5%'
`;
const back =
  '---\ngonogo: 1\nkind: rollback\n---\n# Back\n\n- [ ] Undo\n  ```sh\n  kubectl rollout undo deployment/checkout\n  ```\n';
const others = [{ path: 'rollback.md', text: back, purpose: 'rollback' as const }];
const soak = (body: string): string => `${metricsHeader(rollback)}
## Canary
- [ ] Change
${fence('sh', 'kubectl scale deployment/checkout-canary --replicas=1')}
- [ ] Soak
${fence('gate', body)}
`;

/** A soak that was good for two minutes, and that nobody watched for the six after them. */
const away = (
  body = 'error-rate: 1%\nfor: 10m\nsettle: 1s',
  checks = 1,
): { operator: MetricsOperator; from: number } => {
  const operator = new MetricsOperator(soak(body), { inputs, others });
  operator.runs();
  operator.does({ type: 'pass', step: '1.1' });
  operator.record([{ type: 'criterion.armed', frame: 0, data: { criterion: 0, reference: null } }]);
  operator.passes(1_000);
  for (let looked = 0; looked < 3; looked += 1) {
    for (let check = 0; check < checks; check += 1) operator.sees('1.2', goodMetric(0.001), check);
    if (looked < 2) operator.passes(minute);
  }
  const from = operator.now;
  operator.now += 6 * minute;
  operator.record([{ type: 'run.gap', frame: 0, data: { from, to: operator.now, kind: 'killed' } }]);
  return { operator, from };
};

const looks = (from: number, count: number, make: (at: number) => Sample): readonly Sample[] =>
  Array.from({ length: count }, (_, index) => make(from + (index + 1) * minute));

const tells = (operator: MetricsOperator, from: number, answer: Partial<BackfillAnswer>): void => {
  const decision = decideBackfill(operator.state, { from, to: operator.now, gates: [], criteria: [], ...answer });
  if (!decision.ok) throw new Error(decision.refusal.message);
  operator.effects.push(...decision.effects);
  operator.record(decision.events);
  operator.ticks();
};
const gateOf = (samples: readonly Sample[], check = 0) => ({
  step: '1.2',
  action: 0,
  try: 1,
  samples: samples.map((sample) => ({ check, sample })),
});
const progress = (operator: MetricsOperator) => {
  const [gate] = runningGates(operator.state);
  if (gate === undefined) throw new Error('no gate runs');
  return gate.state.progress;
};
const verdict = ({ state }: MetricsOperator) => state.frames[0]?.steps['1.2']?.actions[0]?.gate;

describe('a gap that metrics tell of afterwards', () => {
  it('counts as watched where they have its looks: the soak ends when it would have', () => {
    const { operator, from } = away();
    tells(operator, from, { gates: [gateOf(looks(from, 6, goodMetric(0.002)))] });
    expect(progress(operator)).toMatchObject({ awayMs: 0, checks: [{ looks: 8 }] });
    for (let looked = 0; looked < 3; looked += 1) {
      operator.passes(minute);
      operator.sees('1.2', goodMetric(0.001));
    }
    expect(operator.status('1.2')).toBe('passed');
  });

  it('stays unwatched without them, or with too few', () => {
    const { operator, from } = away();
    tells(operator, from, { gates: [gateOf(looks(from, 3, goodMetric(0.002)))] });
    expect(progress(operator).awayMs).toBe(6 * minute);
    operator.passes(2 * minute);
    operator.sees('1.2', goodMetric(0.001));
    expect(operator.status('1.2')).toBe('active');
  });

  it('fails a soak that broke in it, and says when', () => {
    const { operator, from } = away();
    tells(operator, from, { gates: [gateOf(looks(from, 6, badMetric(0.2)))] });
    expect(verdict(operator)).toMatchObject({ verdict: 'FAIL' });
    expect(verdict(operator)?.because).toMatch(/at \d\d:\d\d:\d\d while nobody watched$/);
  });

  it('fails it too where another check has nothing for that time, which does not count otherwise', () => {
    const both = 'error-rate: 1%\nhttp: https://api.example.com/health\nfor: 10m\nsettle: 1s';
    const calm = away(both, 2);
    tells(calm.operator, calm.from, { gates: [gateOf(looks(calm.from, 6, goodMetric(0.002)))] });
    expect(progress(calm.operator).awayMs).toBe(6 * minute);
    const broken = away(both, 2);
    tells(broken.operator, broken.from, { gates: [gateOf(looks(broken.from, 6, badMetric(0.2)))] });
    expect(verdict(broken.operator)?.verdict).toBe('FAIL');
  });

  it('makes no soak good: ERROR samples are no looks', () => {
    const { operator, from } = away();
    tells(operator, from, { gates: [gateOf(looks(from, 6, (at) => failedToAsk(at, 'refused')))] });
    expect(progress(operator).awayMs).toBe(6 * minute);
  });

  it('is not judged again once the gate has been asked since', () => {
    const { operator, from } = away();
    operator.sees('1.2', goodMetric(0.001));
    tells(operator, from, { gates: [gateOf(looks(from, 6, badMetric(0.2)))] });
    expect(verdict(operator)?.verdict).not.toBe('FAIL');
  });

  it('dates a breach when it happened, and keeps one that has passed', () => {
    const { operator, from } = away();
    const samples = [...looks(from, 4, badMetric(0.2)), good(from + 5 * minute, '0.1 %')];
    const criterion = samples.map((sample) => ({ sample, amount: sample.kind === 'BAD' ? 0.2 : 0.001, notYet: false }));
    tells(operator, from, { criteria: [{ criterion: 0, samples: criterion }] });
    const breached = operator.events.find(({ type }) => type === 'criterion.breached');
    expect(breached?.data).toMatchObject({ criterion: 0, happenedAt: from + 3 * minute });
    expect(criterionRows(operator.state, operator.now)[0]).toMatchObject({ state: 'RECOVERED', asks: true });
    expect(operator.effects).toContainEqual({ type: 'ring', why: 'breach' });
  });

  it('leaves a criterion alone that has no breach in it', () => {
    const { operator, from } = away();
    const samples = looks(from, 6, goodMetric(0.001)).map((sample) => ({ sample, amount: 0.001, notYet: false }));
    tells(operator, from, { criteria: [{ criterion: 0, samples }] });
    expect(operator.types()).not.toContain('criterion.breached');
    expect(operator.events.find(({ type }) => type === 'gap.backfilled')?.data).toMatchObject({
      criteria: [{ criterion: 0, coverage: 1 }],
    });
  });

  it('comes back from the journal as it was', () => {
    const { operator, from } = away();
    tells(operator, from, { gates: [gateOf(looks(from, 6, goodMetric(0.002)))] });
    expect(fold(operator.state.library, operator.lines)).toEqual(operator.state);
  });
});
