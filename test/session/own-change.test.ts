import { describe, expect, it } from 'vitest';
import { gateView } from '../../src/session/gate-view.ts';
import { mainActionFor } from '../../src/session/select.ts';
import { fence, goodMetric, inputs, MetricsOperator, metricsHeader } from './metrics-support.ts';

const minute = 60_000;
const text = (aside: string): string => `${metricsHeader()}
## 10 %
- [ ] One pod
${fence('sh', 'kubectl scale deployment/checkout-canary --replicas=1')}
- [ ] Soak
${fence('gate', 'error-rate: 1%\nfor: 5m')}
- [ ] Look at the logs
## Troubleshooting
- [ ] Aside
${fence('sh', aside)}
`;
const soak = { frame: 0, step: '1.2', action: 0 };

/** Four and a half of the five minutes that the soak takes have been held. */
const soaking = (aside: string): MetricsOperator => {
  const operator = new MetricsOperator(text(aside), { inputs });
  operator.runs();
  operator.does({ type: 'pass', step: '1.1' });
  operator.ticks();
  operator.passes(90_000);
  for (let looked = 0; looked < 5; looked += 1) {
    if (looked > 0) operator.passes(minute);
    operator.sees('1.2', goodMetric(0.001));
  }
  expect(gateView(operator.state, soak, operator.now)).toMatchObject({ clock: 'held 4:00 of 5:00', voided: null });
  return operator;
};
const aside = (operator: MetricsOperator): void => {
  const main = mainActionFor(operator.state, '2.1', operator.now);
  if (main.kind !== 'run' && main.kind !== 'confirm') throw new Error(`no command: ${main.kind}`);
  const { hash, level } = main.pending;
  const how = level.kind === 'enter' ? 'enter' : 'yes';
  const run = { type: 'run', step: '2.1', action: 0, part: 'action', hash, how } as const;
  expect(operator.does({ ...run, typed: null, script: null, edited: null, stdin: null })).toBe(true);
};
const ends = (operator: MetricsOperator): void => operator.ends({ startedAt: operator.now, endedAt: operator.now });

describe('a command beside a soak', () => {
  it('that changes something begins it anew, once when it starts and once when it ends', () => {
    const operator = soaking('kubectl rollout restart deployment/checkout-canary');
    aside(operator);
    operator.passes(2 * minute);
    expect(operator.status('1.2')).toBe('active');
    ends(operator);
    const view = gateView(operator.state, soak, operator.now);
    expect(view).toMatchObject({ clock: 'settles, 1:30 left', voided: 'this run made a change: Aside' });
    operator.passes(minute);
    operator.sees('1.2', goodMetric(0.001));
    expect(operator.status('1.2')).toBe('active');
    operator.passes(minute);
    for (let looked = 0; looked < 6; looked += 1) {
      operator.sees('1.2', goodMetric(0.001));
      if (looked < 5) operator.passes(minute);
    }
    expect(operator.status('1.2')).toBe('passed');
  });

  it('that only reads lets it go on', () => {
    const operator = soaking('kubectl get pods');
    aside(operator);
    ends(operator);
    operator.passes(minute);
    operator.sees('1.2', goodMetric(0.001));
    expect(operator.status('1.2')).toBe('passed');
  });
});

describe('a change by others before a soak', () => {
  const settling = (changed: { readonly before: number } | null): string => {
    const operator = new MetricsOperator(text('kubectl get pods'), { inputs });
    operator.runs();
    operator.passes(10 * minute);
    if (changed !== null) {
      const data = {
        workload: 'deployment/checkout-canary',
        by: 'kubectl-set',
        what: 'image web v2.3.0 -> v9',
        changedAt: operator.now - changed.before,
      };
      operator.record([{ type: 'change.foreign', frame: 0, data }]);
    }
    operator.does({ type: 'pass', step: '1.1' });
    operator.ticks();
    return gateView(operator.state, soak, operator.now)?.clock ?? '';
  };

  it('is one that the data of its checks must be from after', () => {
    expect(settling(null)).not.toMatch(/^settles/);
    expect(settling({ before: 30_000 })).toBe('settles, 1:00 left');
    expect(settling({ before: 5 * minute })).not.toMatch(/^settles/);
  });

  it('that a clock ahead of ours dates later counts as just made', () => {
    expect(settling({ before: -5 * minute })).toBe('settles, 1:30 left');
  });
});
