import { describe, expect, test } from 'vitest';
import { good } from '../../src/gates/sample.ts';
import { acknowledgeable } from '../../src/session/acknowledge-view.ts';
import { unownedChanges } from '../../src/session/foreign.ts';
import { runningGateViews } from '../../src/session/gate-view.ts';
import type { SessionState } from '../../src/session/state.ts';
import { GateOperator } from './gate-operator.ts';

const fence = (kind: string, text: string): string => `  \`\`\`${kind}\n  ${text.split('\n').join('\n  ')}\n  \`\`\`\n`;
const steps = (gate: string): string => `---
gonogo: 1
---
# Deploy

## One
- [ ] Set the image
${fence('sh', 'kubectl set image deployment/checkout web=v2.3.0')}
- [ ] Rolled out
${fence('gate', gate)}
## Two
- [ ] Again
${fence('sh', 'kubectl rollout restart deployment/checkout')}
`;

const workload = 'deployment/checkout';
const what = 'image web v2.3.0 -> v9';
const source = `foreign:${workload}`;

const deployed = (gate = `rollout: ${workload}`): GateOperator => {
  const operator = new GateOperator(steps(gate));
  operator.runs();
  operator.does({ type: 'pass', step: '1.1' });
  operator.ticks();
  return operator;
};

const others = (operator: GateOperator, own: { workload?: string; what?: string } = {}): void => {
  operator.now += 1000;
  const data = { workload, by: 'kubectl-set', what, changedAt: operator.now, ...own };
  operator.record([{ type: 'change.foreign', frame: 0, data }]);
};

const seesItRolledOut = (operator: GateOperator): void => {
  operator.now += 70_000;
  operator.sees('1.2', (at) => good(at, 'COMPLETE, stable'));
};

/** The command that writes the workload, a second time. */
const runsItAgain = (operator: GateOperator): void => {
  operator.does({ type: 'back', step: '1.1' });
  operator.now += 1000;
  operator.runs();
};

/** A state whose scripts are counted when they are read. */
const counted = (state: SessionState): readonly [SessionState, () => number] => {
  let reads = 0;
  const attempts = Object.entries(state.attempts).map(([id, attempt]) => {
    const spec = Object.defineProperty({ ...attempt.spec }, 'script', {
      get: () => {
        reads += 1;
        return attempt.spec.script;
      },
    });
    return [id, { ...attempt, spec }] as const;
  });
  return [{ ...state, attempts: Object.fromEntries(attempts) }, () => reads];
};

describe('a workload as somebody else left it', () => {
  test.each([`rollout: ${workload}`, 'pods: ready'])('%s does not pass on it; the reason says whose it is', (gate) => {
    const operator = deployed(gate);
    others(operator);
    seesItRolledOut(operator);
    expect(operator.status('1.2')).toBe('active');
    const said = /^runs v9, set by kubectl-set at \d\d:\d\d, not by this run \(deployment\/checkout\)$/;
    expect(runningGateViews(operator.state, operator.now)[0]).toMatchObject({
      verdict: 'INCONCLUSIVE',
      word: 'BLIND',
      rows: [{ word: 'BLIND', because: expect.stringMatching(said) }],
    });
    expect(operator.gate).toMatchObject({ stage: 'blind', choices: [{ kind: 'acknowledge', source }, {}, {}, {}] });
  });

  test('passes once it is acknowledged with a reason, and a further change asks again', () => {
    const operator = deployed();
    others(operator);
    seesItRolledOut(operator);
    expect(acknowledgeable(operator.state, operator.now)).toMatchObject([{ kind: 'source', source }]);
    expect(operator.does({ type: 'acknowledge-source', source, reason: ' ' })).toBe(false);
    expect(operator.does({ type: 'acknowledge-source', source, reason: 'v9 is the hotfix' })).toBe(true);
    expect(operator.does({ type: 'acknowledge-source', source, reason: 'once more' })).toBe(false);
    others(operator, { what: 'replicas 3 -> 9' });
    seesItRolledOut(operator);
    expect(operator.gate.because).toContain('replicas 3 -> 9');
    expect(operator.does({ type: 'acknowledge-source', source, reason: 'scaled for the sale' })).toBe(true);
    seesItRolledOut(operator);
    expect(operator.status('1.2')).toBe('passed');
  });

  test("is this run's again after a command of it that names the workload", () => {
    const operator = deployed();
    others(operator);
    operator.ticks();
    runsItAgain(operator);
    operator.does({ type: 'pass', step: '1.1' });
    operator.ticks();
    seesItRolledOut(operator);
    expect(operator.status('1.2')).toBe('passed');
  });

  test("is this run's again where the command names it by a variable", () => {
    const script = 'kubectl set image "deployment/$SERVICE" web=v2.3.0';
    const text = steps(`rollout: ${workload}`)
      .replace('gonogo: 1\n', 'gonogo: 1\ninputs:\n  service: { type: text, default: checkout }\n')
      .replace('kubectl set image deployment/checkout web=v2.3.0', script);
    const operator = new GateOperator(text, { inputs: { service: 'checkout' } });
    operator.runs();
    operator.does({ type: 'pass', step: '1.1' });
    operator.ticks();
    others(operator);
    runsItAgain(operator);
    operator.does({ type: 'pass', step: '1.1' });
    operator.ticks();
    seesItRolledOut(operator);
    expect(operator.status('1.2')).toBe('passed');
  });

  test('is told from the commands of the run without reading their scripts for every frame', () => {
    const operator = deployed();
    others(operator);
    operator.ticks();
    const [before, beforeReads] = counted(operator.state);
    expect(unownedChanges(before)).toHaveLength(1);
    expect(beforeReads()).toBe(0);

    others(operator, { workload: 'deployment/other' });
    runsItAgain(operator);
    const [after, afterReads] = counted(operator.state);
    for (let frame = 0; frame < 50; frame += 1)
      expect(unownedChanges({ ...after })).toMatchObject([{ workload: 'deployment/other' }]);
    expect(afterReads()).toBe(1);
  });

  test("is this run's again once a change of its own command was seen, unless its pods stay the others'", () => {
    const seen = (operator: GateOperator, madeBy: number | null, generation: number, templateHash: string): void => {
      const spec = {
        uid: 'w1',
        generation,
        templateHash,
        images: [],
        desired: 3,
        isPaused: false,
        partition: 0,
        managers: [],
      };
      operator.record([{ type: 'workload.seen', frame: 0, data: { workload, madeBy, spec } }]);
    };
    const operator = deployed();
    others(operator);
    seen(operator, null, 13, 'v9');
    seen(operator, 2, 14, 'v9');
    expect(unownedChanges(operator.state)).toHaveLength(1);
    seen(operator, 2, 15, 'v2');
    expect(unownedChanges(operator.state)).toEqual([]);
    others(operator, { what: 'replicas 3 -> 9' });
    seen(operator, null, 16, 'v2');
    expect(unownedChanges(operator.state)).toHaveLength(1);
    seen(operator, 2, 17, 'v2');
    expect(unownedChanges(operator.state)).toEqual([]);
    seesItRolledOut(operator);
    expect(operator.status('1.2')).toBe('passed');
  });

  test('is by eye, or an override, where the operator says so: never a pass', () => {
    const operator = deployed();
    others(operator);
    operator.ticks();
    expect(operator.does({ type: 'by-eye', step: '1.2', action: 0, seen: 'v9 answers well' })).toBe(true);
    expect(operator.state.frames[0]?.steps['1.2']?.actions[0]?.result).toMatchObject({ how: 'by-eye' });
  });

  test('holds up nothing that does not judge it, nor what was so before the first change of the run', () => {
    const operator = deployed();
    others(operator, { workload: 'deployment/other' });
    seesItRolledOut(operator);
    expect(operator.status('1.2')).toBe('passed');
    const early = new GateOperator(steps(`rollout: ${workload}`));
    others(early);
    expect(acknowledgeable(early.state, early.now)).toEqual([]);
  });
});

test.each(["http: 'https://api.example.com/health'", 'logs: { selector: app=checkout, none: /panic/ }', 'pods: ready'])(
  'a gate of %s begins anew with every change by others, and passes on what is seen since',
  (gate) => {
    const operator = deployed(`${gate}\nfor: 60s`);
    operator.sees('1.2', (at) => good(at, 'fine'));
    operator.passes(40_000);
    others(operator, { workload: 'deployment/other' });
    const [view] = runningGateViews(operator.state, operator.now);
    expect(view?.clock).toBe('waits 0:00');
    expect(view?.voided).toBe(`deployment/other was changed outside this run by kubectl-set: ${what}`);
    operator.passes(30_000);
    expect(operator.status('1.2')).toBe('active');
  },
);

test('the last 50 changes by others are kept for the screen', () => {
  const operator = deployed();
  for (let i = 0; i < 60; i += 1) others(operator, { what: `replicas ${i} -> ${i + 1}` });
  expect(operator.state.foreignChanges).toHaveLength(50);
  expect(operator.state.foreignChanges.at(-1)).toEqual({
    at: operator.now,
    workload,
    by: 'kubectl-set',
    what: 'replicas 59 -> 60',
  });
});
