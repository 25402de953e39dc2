import { describe, expect, test } from 'vitest';
import type { CriterionWatch } from '../../src/gates/criterion.ts';
import { bad, failedToAsk, good, type Sample } from '../../src/gates/sample.ts';
import { decideCriteria } from '../../src/session/criterion-tick.ts';
import { runningGates } from '../../src/session/gate-state.ts';
import { decideGates } from '../../src/session/gate-tick.ts';
import { Operator } from './support.ts';

const hourMs = 3_600_000;
const lookMs = 15_000;

/** Without the runbooks, which never change. */
const sizeOf = ({ state }: Operator): number => JSON.stringify({ ...state, library: null }).length;

/** What a whole day adds: digits of counters. */
const slack = 64;

const soak = `---
gonogo: 1
---
# Deploy

- [ ] Holds
  \`\`\`gate
  pods: ready
  for: 24h
  every: 15s
  \`\`\`
`;

describe('a run of a whole day', () => {
  test('keeps of a soak what its verdict needs, and an entry for every look', () => {
    const operator = new Operator(soak, { workloads: ['deployment/checkout'] });
    const answers = (at: number): readonly Sample[] => {
      const look = Math.floor(at / lookMs);
      if (look % 97 === 0) return [failedToAsk(at, 'connection refused')];
      return [look % 53 === 0 ? bad(at, '5 of 6 ready', 'starting', 'underway') : good(at, '6 of 6 ready')];
    };
    const passes = (ms: number): void => {
      for (const end = operator.now + ms; operator.now < end; operator.now += lookMs) {
        const { now } = operator;
        const samples = runningGates(operator.state).flatMap(({ frame, step, action, state }) =>
          answers(now).map((sample) => ({ frame: frame.number, step, action, try: state.try, check: 0, sample })),
        );
        const decision = decideGates(operator.state, samples, now);
        if (decision.ok) operator.record(decision.events);
      }
    };
    passes(2 * hourMs);
    const early = { size: sizeOf(operator), events: operator.events.length };
    passes(21 * hourMs);
    expect(operator.status('0.1')).toBe('active');
    expect(sizeOf(operator)).toBeLessThan(early.size + slack);
    // One every 15 s, and the few changes of the verdict.
    expect(operator.events.length - early.events).toBeLessThan((21 * hourMs * 1.05) / lookMs);
  });

  test('keeps of its criteria how they stand', () => {
    const operator = new Operator(
      `---\ngonogo: 1\nrollback:\n  when:\n    - pods: failing\n---\n# Deploy\n\n- [ ] Look\n`,
    );
    const passes = (ms: number): void => {
      for (const end = operator.now + ms; operator.now < end; operator.now += lookMs) {
        const minute = Math.floor(operator.now / 60_000);
        const status: CriterionWatch['status'] = minute % 7 === 0 ? 'suspect' : 'ok';
        const blind = minute % 11 === 0 ? 'no permission (list pods)' : null;
        const seen = [{ criterion: 0, watch: { status, blind }, value: '1 failing', reference: null }];
        const decision = decideCriteria(operator.state, seen);
        if (decision.ok) operator.record(decision.events);
      }
    };
    passes(2 * hourMs);
    const early = sizeOf(operator);
    passes(22 * hourMs);
    expect(sizeOf(operator)).toBeLessThan(early + slack);
  });

  test('keeps the last changes by others', () => {
    const operator = new Operator(soak, { workloads: ['deployment/checkout'] });
    const changes = (count: number): void => {
      for (let i = 0; i < count; i += 1) {
        operator.now += 60_000;
        const data = {
          workload: 'deployment/checkout',
          by: 'kube-controller-manager (autoscaler)',
          what: `replicas ${(i % 3) + 3} -> ${((i + 1) % 3) + 3}`,
          changedAt: operator.now,
        };
        operator.record([{ type: 'change.foreign', frame: 0, data }]);
      }
    };
    changes(120);
    const early = sizeOf(operator);
    changes(1_320);
    expect(sizeOf(operator)).toBeLessThan(early + slack);
  });
});
