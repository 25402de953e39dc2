import { describe, expect, test } from 'vitest';
import { bad, failedToAsk, good, type Sample } from '../../src/gates/sample.ts';
import { buildRecord } from '../../src/record/build.ts';
import { renderJson } from '../../src/record/json.ts';
import { renderMarkdown } from '../../src/record/markdown.ts';
import { recordFileSchema } from '../../src/record/record-schema.ts';
import { runningGates } from '../../src/session/gate-state.ts';
import { decideGates } from '../../src/session/gate-tick.ts';
import { Keeper } from '../session/keeper.ts';

const text = `---
gonogo: 1
rollback:
  when:
    - pods: failing
---
# Deploy

- [ ] Rolled out
  \`\`\`gate
  rollout: deployment/checkout
  \`\`\`
- [ ] Answers
  \`\`\`gate
  http: 'https://api.example.com/health'
  within: 5m
  \`\`\`
`;

/** Walks the run as its gates see it. */
class Journalist extends Keeper {
  sees(step: string, make: (at: number) => Sample): void {
    this.now += 5000;
    const starts = decideGates(this.state, [], this.now);
    if (starts.ok) this.record(starts.events);
    const gate = runningGates(this.state).find((own) => own.step === step);
    if (gate === undefined) throw new Error(`no gate runs at ${step}`);
    const answer = { frame: 0, step, action: gate.action, try: gate.state.try, check: 0, sample: make(this.now) };
    const decision = decideGates(this.state, [answer], this.now);
    if (decision.ok) this.record(decision.events);
  }
}

const walked = (): Journalist => {
  const run = new Journalist(text);
  run.sees('0.1', (at) => bad(at, 'UPDATING 1/3', 'web-1: manifest unknown', 'terminal'));
  run.does({ type: 'hold-gate', step: '0.1', action: 0 });
  const what = 'image web v2 -> v1';
  run.record([
    {
      type: 'change.foreign',
      frame: 0,
      data: { workload: 'deployment/checkout', by: 'argocd', what, changedAt: run.now },
    },
  ]);
  run.sees('0.1', (at) => good(at, 'COMPLETE, stable'));
  for (let i = 0; i < 3; i += 1) run.sees('0.2', (at) => failedToAsk(at, 'connection refused'));
  run.does({ type: 'by-eye', step: '0.2', action: 0, seen: 'curl from the bastion: 200' });
  run.record([
    { type: 'criterion.armed', frame: 0, data: { criterion: 0, reference: null } },
    { type: 'criterion.breached', frame: 0, data: { criterion: 0, value: '2 failing' } },
    { type: 'criterion.acknowledged', frame: 0, data: { criterion: 0, reason: 'a node was drained' } },
  ]);
  run.does({ type: 'finish' });
  return run;
};

describe('gates in the record', () => {
  const run = walked();
  const record = buildRecord(run.lines, run.state.library);

  test('stand with every try, its checks, and how the run went on', () => {
    expect(record.gates).toMatchObject([
      {
        step: '0.1',
        try: 1,
        verdict: 'FAIL',
        because: 'rollout deployment/checkout: web-1: manifest unknown',
        checks: [{ value: 'UPDATING 1/3', limit: 'complete, then stable for 1 min' }],
        goneOn: null,
      },
      {
        step: '0.1',
        try: 2,
        verdict: 'PASS',
        voided: [{ because: 'deployment/checkout was changed outside this run by argocd: image web v2 -> v1' }],
      },
      {
        step: '0.2',
        verdict: 'ERROR',
        because: 'http api.example.com/health: connection refused',
        goneOn: { how: 'by eye', by: 'alice', reason: 'curl from the bastion: 200' },
      },
    ]);
    expect(record.criteria).toMatchObject([
      {
        title: 'pods failing',
        state: 'ok',
        breaches: 1,
        changes: [{ what: 'breached' }, { what: 'acknowledged', value: 'a node was drained' }],
      },
    ]);
    expect(record.foreignChanges).toMatchObject([{ workload: 'deployment/checkout', by: 'argocd' }]);
  });

  test('are deviations where they did not simply pass', () => {
    expect(record.deviations.map(({ kind }) => kind)).toEqual([
      'gate FAIL',
      'changed by others',
      'passed (2nd try)',
      'source known to be away',
      'by eye',
      'BREACHED',
      'breach acknowledged',
    ]);
  });

  test('fit the schema and render as a table', () => {
    expect(recordFileSchema.safeParse(JSON.parse(renderJson(record))).error?.issues ?? []).toEqual([]);
    const markdown = renderMarkdown(record);
    expect(markdown).toContain('| Gate | Check | Value | Limit | Looks | Result | When |');
    expect(markdown).toMatch(
      /\| 0\.1 Rolled out \| rollout deployment\/checkout \| UPDATING 1\/3 .*\*\*FAIL\*\* web-1: manifest unknown/,
    );
    expect(markdown).toMatch(/\(try 2\).*\| ok \|/);
    expect(markdown).toMatch(/\*\*BLIND\*\* connection refused \(went on: by eye\)/);
    expect(markdown).toMatch(
      /- pods failing \(none\) · ok: .* breached \(2 failing\); .* acknowledged \(a node was drained\)/,
    );
  });
});
