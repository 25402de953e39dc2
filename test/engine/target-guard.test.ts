import { describe, expect, it } from 'vitest';
import { createTargetGuard } from '../../src/engine/target-guard.ts';
import type { TargetCheck } from '../../src/ports/target.ts';
import { decide } from '../../src/session/decide.ts';
import type { EventData } from '../../src/session/events.ts';
import type { Intent } from '../../src/session/intents.ts';
import { Operator } from '../session/support.ts';

const runbook = `---
gonogo: 1
title: Deploy
---

## Deploy

- [ ] Change it

  \`\`\`sh
  kubectl apply -f x.yaml
  \`\`\`

  \`\`\`sh {undo}
  kubectl delete -f x.yaml
  \`\`\`

- [ ] Look at it

  \`\`\`sh
  kubectl get pods
  \`\`\`
`;

const changed = { kind: 'mismatch', code: 'E602', expected: '41ab', found: '7c1e' } as const;
const away = { kind: 'unreachable', because: 'connection refused', nextStep: null } as const;

/** What the guard says of an intent that the session itself would carry out. */
const guarded = async (
  operator: Operator,
  intent: Intent,
  check: TargetCheck,
  bound: EventData['target.pinned'] | null = null,
) => {
  const decision = decide(operator.state, intent, operator.now);
  if (!decision.ok) throw new Error(decision.refusal.message);
  const asked: number[] = [];
  const guard = createTargetGuard({
    check: async (maxAge) => {
      asked.push(maxAge);
      return check;
    },
    bound: () => bound,
  });
  return { asked, result: await guard(intent, operator.state, decision) };
};

const running = ({ pending }: Operator, how: 'yes' | 'enter'): Intent => ({
  type: 'run',
  step: pending.at.step.id,
  action: pending.action,
  part: pending.part,
  hash: pending.hash,
  how,
  typed: null,
  script: null,
  edited: null,
  stdin: null,
});
const change = (operator: Operator): Intent => running(operator, 'yes');

describe('before a change', () => {
  it('the target says that it is the right one', async () => {
    const operator = new Operator(runbook);
    const { asked, result } = await guarded(operator, change(operator), { kind: 'same' });
    expect([asked, result]).toEqual([[0], { ok: true, events: [] }]);
  });

  it('a read command and a note ask nothing', async () => {
    const operator = new Operator(runbook);
    operator.runs();
    operator.does({ type: 'pass', step: '1.1' });
    expect((await guarded(operator, running(operator, 'enter'), changed)).asked).toEqual([]);
    expect((await guarded(operator, { type: 'note', step: null, text: 'x' }, changed)).asked).toEqual([]);
  });

  it('another cluster stops the run: recorded, without an override, a rollback included', async () => {
    const operator = new Operator(runbook);
    const { result } = await guarded(operator, change(operator), changed);
    expect(result).toEqual({
      ok: false,
      refusal: {
        message: 'E602 STOP: cluster is 7c1e, run started on 41ab',
        nextStep: expect.stringContaining('Nothing can be changed'),
      },
      events: [{ type: 'target.mismatch', frame: 0, data: { code: 'E602', expected: '41ab', found: '7c1e' } }],
    });
    operator.runs();
    const { result: back } = await guarded(operator, { type: 'rollback' }, changed);
    expect(back).toMatchObject({ ok: false, refusal: { message: expect.stringContaining('E602') } });
  });

  it('one that cannot be asked needs a reason, for each command anew', async () => {
    const operator = new Operator(runbook);
    const intent = change(operator);
    const { result } = await guarded(operator, intent, away);
    expect(result).toMatchObject({
      ok: false,
      refusal: { override: { what: 'target not verified before attempt 1' } },
    });
    operator.does({ type: 'override', what: 'target not verified before attempt 1', reason: 'it cannot wait' });
    expect((await guarded(operator, intent, away)).result).toEqual({ ok: true, events: [] });
  });

  it('a cluster that says who it is for the first time is bound, before the command is confirmed', async () => {
    const operator = new Operator(runbook);
    const pinned = (clusterUid: string | null): EventData['target.pinned'] => ({
      identity: {
        context: 'prod-eu',
        namespace: 'production',
        server: 'https://a',
        caSha256: null,
        clusterUid,
        user: null,
        others: [],
      },
      kubeconfigSha256: null,
    });
    operator.record([{ type: 'target.pinned', frame: 0, data: pinned(null) }]);
    const bound = { type: 'target.pinned' as const, frame: 0, data: pinned('41ab') };
    const ask = () => guarded(operator, change(operator), { kind: 'same' }, bound.data);
    expect((await ask()).result).toEqual({ ok: true, events: [bound] });
    operator.record([bound]);
    expect(operator.state.pin?.clusterUid).toBe('41ab');
    expect((await ask()).result).toEqual({ ok: true, events: [] });
    operator.record([{ ...bound, data: pinned('7c1e') }]);
    expect(operator.state.pin?.clusterUid).toBe('41ab');
  });

  it('a rollback is not asked, the record says so', async () => {
    const operator = new Operator(runbook);
    operator.runs();
    const { result } = await guarded(operator, { type: 'rollback' }, away);
    expect(result).toMatchObject({
      ok: true,
      events: [{ type: 'override.given', data: { reason: 'rollback, not asked: connection refused' } }],
    });
  });
});

describe('after another target was found', () => {
  const stopped = (): Operator => {
    const operator = new Operator(runbook);
    operator.record([{ type: 'target.mismatch', frame: 0, data: { code: 'E602', expected: '41ab', found: '7c1e' } }]);
    return operator;
  };
  const isRefused = (operator: Operator, intent: Intent): boolean => !decide(operator.state, intent, operator.now).ok;

  it('nothing but leaving, ending and notes goes on', () => {
    const operator = stopped();
    expect(isRefused(operator, { type: 'rollback' })).toBe(true);
    expect(isRefused(operator, { type: 'skip', step: '1.1', reason: 'x' })).toBe(true);
    expect(isRefused(operator, { type: 'override', what: 'x', reason: 'y' })).toBe(true);
    expect(isRefused(operator, { type: 'note', step: null, text: 'x' })).toBe(false);
    expect(isRefused(operator, { type: 'end', reason: 'wrong cluster' })).toBe(false);
    expect(isRefused(operator, { type: 'leave', why: 'quit' })).toBe(false);
  });
});
