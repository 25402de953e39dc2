import { describe, expect, test } from 'vitest';
import { bad, failedToAsk, good, noData, type Sample } from '../../src/gates/sample.ts';
import { runningGates } from '../../src/session/gate-state.ts';
import { decideGates } from '../../src/session/gate-tick.ts';
import { gateView, runningGateViews } from '../../src/session/gate-view.ts';
import { enterWords } from '../../src/session/ui-words.ts';
import { GateOperator } from './gate-operator.ts';
import { Operator, type Setting } from './support.ts';

const fence = (kind: string, text: string): string =>
  `  \`\`\`${kind}\n  ${text.trim().split('\n').join('\n  ')}\n  \`\`\`\n`;

const runbook = (body: string, head = ''): string => `---\ngonogo: 1\n${head}---\n# Deploy\n\n${body}`;

const rolling = runbook(`## One
- [ ] Change it
${fence('sh', 'kubectl scale deployment/checkout --replicas=3')}
## Two
- [ ] Set the image
${fence('sh', 'kubectl set image deployment/checkout web=v2')}
- [ ] Rolled out
${fence('gate', 'rollout: deployment/checkout\ncritical: true')}
- [ ] Looked at the dashboard
- [ ] Answers
${fence('gate', "http: 'https://api.example.com/health'\nfor: 60s")}
- [ ] Tell them
${fence('sh', 'echo told')}
`);

const rolledOut = (at: number): Sample => good(at, 'COMPLETE, stable');
const doomed = (at: number): Sample => bad(at, 'UPDATING 1/3', 'web-1: manifest unknown', 'terminal');
const refused = (at: number): Sample => failedToAsk(at, 'connection refused');

const atGates = (setting: Setting = {}): GateOperator => {
  const operator = new GateOperator(rolling, setting);
  operator.runs();
  operator.does({ type: 'pass', step: '1.1' });
  operator.runs();
  operator.does({ type: 'pass', step: '2.1' });
  operator.ticks();
  return operator;
};

describe('the order of gates', () => {
  test('gates of a phase begin together once its earlier commands are done, not before', () => {
    const early = new GateOperator(rolling);
    expect(runningGates(early.state)).toEqual([]);
    const operator = atGates();
    expect(runningGates(operator.state).map(({ step }) => step)).toEqual(['2.2', '2.4']);
  });

  test('they run on while manual checks are done, and a command waits for them', () => {
    const operator = atGates();
    expect(operator.main).toMatchObject({ kind: 'pass', at: { step: { id: '2.3' } } });
    expect(operator.does({ type: 'pass', step: '2.3' })).toBe(true);
    expect(operator.gate).toMatchObject({ stage: 'judging', at: { step: { id: '2.2' } } });
    expect(operator.mainFor('2.5').kind).toBe('nothing');
    operator.sees('2.2', rolledOut);
    expect(operator.status('2.2')).toBe('passed');
    expect(operator.gate.at.step.id).toBe('2.4');
    for (let i = 0; i < 4; i += 1) {
      operator.sees('2.4', (at) => good(at, 'HTTP 200'));
      operator.passes(15_000);
    }
    expect(operator.status('2.4')).toBe('passed');
    expect(operator.main).toMatchObject({ kind: 'run', pending: { at: { step: { id: '2.5' } } } });
  });

  test('nothing of a runbook that is not trusted is asked: its gates are ticked by hand', () => {
    const operator = new GateOperator(runbook(`- [ ] Look\n${fence('gate', "http: 'https://api.example.com/'")}`), {
      restricted: true,
    });
    expect(operator.types()).not.toContain('gate.started');
    expect(operator.main).toMatchObject({ kind: 'pass', what: 'tick' });
  });

  test('a gate with commands begins with Enter once, by the hash that was seen', () => {
    const operator = new GateOperator(runbook(`- [ ] CI is green\n${fence('gate', 'command: gh run list')}`));
    const { gate } = operator;
    expect(gate).toMatchObject({ stage: 'start', commands: ['gh run list'] });
    expect(operator.does({ type: 'start-gate', step: '0.1', action: 0, hash: 'other' })).toBe(false);
    expect(operator.does({ type: 'start-gate', step: '0.1', action: 0, hash: gate.hash })).toBe(true);
    operator.sees('0.1', (at) => good(at, 'exit 0'));
    expect(operator.main.kind).toBe('finish');
  });

  test('a held run begins no gate', () => {
    const operator = new GateOperator(runbook(`- [ ] A\n- [ ] Look\n${fence('gate', 'pods: ready')}`));
    const held = new Operator(runbook(`- [ ] Look\n${fence('gate', 'pods: ready')}`));
    held.does({ type: 'hold', reason: 'waiting for bob' });
    const decision = decideGates(held.state, [], held.now);
    expect(decision.ok && decision.events).toEqual([]);
    expect(runningGates(operator.state).map(({ step }) => step)).toEqual(['0.2']);
  });
});

test('a soak lasts as long as the input says that gives its time', () => {
  const text = runbook(
    `- [ ] Look\n${fence('gate', 'pods: ready\nfor: ${soak}')}`,
    'inputs:\n  soak: { default: 5m }\n',
  );
  const soak = (inputs: Readonly<Record<string, string>>) =>
    runningGates(new GateOperator(text, { inputs }).state).map(({ rules }) => rules.forMs);
  expect(soak({ soak: '45s' })).toEqual([45_000]);
  expect(soak({})).toEqual([300_000]);
});

describe('a gate that failed', () => {
  test('asks for the operator: Enter does nothing', () => {
    const operator = atGates();
    operator.sees('2.2', doomed);
    expect(operator.effects).toContainEqual({ type: 'ring', why: 'needs-you' });
    expect(operator.gate).toMatchObject({
      stage: 'failed',
      because: 'rollout deployment/checkout: web-1: manifest unknown',
    });
    expect(operator.gate.choices.map(({ kind, label }) => [kind, label])).toEqual([
      ['back', 'Back to One'],
      ['hold', 'Hold'],
      ['override', 'Go on anyway'],
    ]);
    expect(enterWords(operator.state, operator.main, operator.now)).toBe(
      'Enter does nothing here: a check failed. Choose R, 1, 2 or 3.',
    );
    expect(operator.does({ type: 'pass', step: '2.2' })).toBe(false);
    expect(operator.does({ type: 'accept', step: '2.2', reason: 'it is fine, I say' })).toBe(false);
  });

  test('is held by a new try; the FAIL stays on record', () => {
    const operator = atGates();
    operator.sees('2.2', doomed);
    expect(operator.does({ type: 'hold-gate', step: '2.2', action: 0 })).toBe(true);
    expect(gateView(operator.state, { frame: 0, step: '2.2', action: 0 }, operator.now)).toMatchObject({
      try: 2,
      word: 'wait',
    });
    operator.now += 1;
    operator.sees('2.2', rolledOut);
    const step = operator.state.frames[0]?.steps['2.2'];
    expect(step).toMatchObject({ status: 'passed', how: 'itself', tries: 2 });
    expect(operator.events.filter((e) => e.type === 'gate.verdict' && e.data.verdict === 'FAIL')).toHaveLength(1);
  });

  test('is tried again with t, and gone back from', () => {
    const operator = atGates();
    operator.sees('2.2', doomed);
    expect(operator.does({ type: 'again', step: '2.2' })).toBe(true);
    operator.ticks();
    expect(runningGates(operator.state).find(({ step }) => step === '2.2')?.state.try).toBe(2);
    operator.now += 1;
    operator.sees('2.2', doomed);
    const back = operator.gate.choices[0];
    expect(operator.does({ type: 'back', step: back?.kind === 'back' ? back.step : '' })).toBe(true);
    operator.ticks();
    expect(runningGates(operator.state)).toEqual([]);
    expect(operator.main).toMatchObject({ kind: 'confirm', pending: { at: { step: { id: '1.1' } } } });
  });

  test('is gone past with ten characters and, critical in production, the name of the check', () => {
    const operator = atGates({ production: true });
    operator.sees('2.2', doomed);
    const past = (reason: string, typed: string | null): boolean =>
      operator.does({ type: 'override-gate', step: '2.2', action: 0, reason, typed });
    expect(past('known', 'rollout')).toBe(false);
    expect(past('known, INC-4711 says so', null)).toBe(false);
    expect(past('known, INC-4711 says so', 'pods')).toBe(false);
    expect(past('known, INC-4711 says so', 'rollout')).toBe(true);
    expect(operator.state.frames[0]?.steps['2.2']).toMatchObject({
      status: 'passed',
      how: 'override',
      reason: 'known, INC-4711 says so',
    });
  });

  test('types nothing in a hotfix', () => {
    const text = runbook(`- [ ] Look\n${fence('gate', 'pods: ready\ncritical: true')}`, 'kind: hotfix\n');
    const operator = new GateOperator(text, { production: true });
    operator.sees('0.1', doomed);
    expect(operator.gate.choices.at(-1)).toMatchObject({ kind: 'override', typed: null });
    expect(
      operator.does({ type: 'override-gate', step: '0.1', action: 0, reason: 'the old one is worse', typed: null }),
    ).toBe(true);
  });
});

describe('a gate that cannot tell', () => {
  const blind = (): GateOperator => {
    const operator = atGates();
    operator.does({ type: 'pass', step: '2.3' });
    operator.sees('2.2', rolledOut);
    for (let i = 0; i < 3; i += 1) {
      operator.now += 5000;
      operator.sees('2.4', refused);
    }
    return operator;
  };

  test('offers an override with the first BLIND verdict, and may still pass', () => {
    const operator = blind();
    expect(operator.gate).toMatchObject({ stage: 'blind', because: 'http api.example.com/health: connection refused' });
    expect(operator.gate.choices.map(({ kind }) => kind)).toEqual(['acknowledge', 'by-eye', 'hold', 'override']);
    operator.now += 5000;
    operator.sees('2.4', (at) => good(at, 'HTTP 200'));
    expect(operator.gate.stage).toBe('judging');
  });

  test('is judged by eye: passed for the outcome, never PASS', () => {
    const operator = blind();
    expect(operator.does({ type: 'by-eye', step: '2.4', action: 0, seen: 'curl from the bastion: 200 x20' })).toBe(
      true,
    );
    expect(operator.types()).toContain('source.acknowledged');
    expect(operator.state.frames[0]?.steps['2.4']).toMatchObject({ status: 'passed', how: 'by-eye' });
    expect(
      operator.events.some((e) => e.type === 'gate.verdict' && e.data.step === '2.4' && e.data.verdict === 'PASS'),
    ).toBe(false);
  });

  test('is judged by its else checks while the dead source is acknowledged, until it answers', () => {
    const text = runbook(`- [ ] Look\n${fence('gate', "pods: ready\nhttp: 'https://api.example.com/'\nelse: [http]")}`);
    const operator = new GateOperator(text);
    for (let i = 0; i < 3; i += 1) {
      operator.now += 5000;
      operator.sees('0.1', (at) => noData(at, 'stale', 'no news for 50 s'), 0);
    }
    operator.sees('0.1', (at) => good(at, 'HTTP 200'), 1);
    expect(operator.gate.stage).toBe('blind');
    operator.does({ type: 'acknowledge-source', source: 'cluster', reason: 'API server upgrade, known' });
    operator.ticks();
    expect(operator.status('0.1')).toBe('passed');
    const verdict = operator.events.findLast((e) => e.type === 'gate.verdict');
    expect(verdict?.data).toMatchObject({
      verdict: 'PASS',
      because: 'judged by http api.example.com/ instead: cluster does not answer',
    });
  });

  test('without else checks does not pass on what is left', () => {
    const text = runbook(`- [ ] Look\n${fence('gate', "pods: ready\nhttp: 'https://api.example.com/'")}`);
    const operator = new GateOperator(text);
    operator.sees('0.1', (at) => noData(at, 'stale', 'no news for 50 s'), 0);
    operator.sees('0.1', (at) => good(at, 'HTTP 200'), 1);
    operator.does({ type: 'acknowledge-source', source: 'cluster', reason: 'known' });
    operator.ticks();
    expect(operator.gate.stage).toBe('blind');
    operator.sees('0.1', (at) => good(at, '3 of 3 ready'), 0);
    expect(operator.state.acknowledged).toEqual([]);
    expect(operator.status('0.1')).toBe('passed');
  });
});

test('a change by somebody else voids what was seen, and is said', () => {
  const text = runbook(`- [ ] Soak\n${fence('gate', 'pods: ready\nfor: 60s')}`);
  const operator = new GateOperator(text);
  operator.sees('0.1', (at) => good(at, '3 of 3 ready'));
  operator.passes(40_000);
  const what = 'image web v2 -> v1';
  operator.record([
    {
      type: 'change.foreign',
      frame: 0,
      data: { workload: 'deployment/checkout', by: 'argocd', what, changedAt: operator.now },
    },
  ]);
  const [view] = runningGateViews(operator.state, operator.now);
  expect(view).toMatchObject({
    clock: 'waits 0:00',
    voided: `deployment/checkout was changed outside this run by argocd: ${what}`,
  });
  operator.passes(30_000);
  expect(operator.status('0.1')).toBe('active');
});

test('the same answer again is an entry every 15 s only', () => {
  const operator = new GateOperator(runbook(`- [ ] Soak\n${fence('gate', 'pods: ready\nfor: 10m')}`));
  for (let i = 0; i < 60; i += 1) {
    operator.sees('0.1', (at) => good(at, '3 of 3 ready'));
    operator.now += 2000;
  }
  const sampled = operator.types().filter((type) => type === 'gate.sampled').length;
  expect(sampled).toBeGreaterThanOrEqual(8);
  expect(sampled).toBeLessThanOrEqual(10);
  expect(runningGateViews(operator.state, operator.now)[0]).toMatchObject({
    clock: 'held 2:00 of 10:00',
    word: 'wait',
  });
});

test('time that nobody watched is not held', () => {
  const operator = new GateOperator(runbook(`- [ ] Soak\n${fence('gate', 'pods: ready\nfor: 60s')}`));
  operator.sees('0.1', (at) => good(at, '3 of 3 ready'));
  operator.now += 30_000;
  operator.sees('0.1', (at) => good(at, '3 of 3 ready'));
  const from = operator.now;
  operator.now += 3_600_000;
  operator.record([{ type: 'run.gap', frame: 0, data: { from, to: operator.now, kind: 'sleep' } }]);
  operator.ticks();
  expect(operator.status('0.1')).toBe('active');
  expect(runningGateViews(operator.state, operator.now)[0]?.clock).toBe('held 0:30 of 1:00');
});
