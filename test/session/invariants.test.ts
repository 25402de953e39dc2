import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decide } from '../../src/session/decide.ts';
import { specHash } from '../../src/session/exec-spec.ts';
import type { Effect, Intent, Report } from '../../src/session/intents.ts';
import { project } from '../../src/session/project.ts';
import { decideReport } from '../../src/session/report.ts';
import { mainAction } from '../../src/session/select.ts';
import { initialState, type SessionState } from '../../src/session/state.ts';
import { places } from '../../src/session/walk.ts';
import { Operator, outcome } from './support.ts';

const text = `---
gonogo: 1
title: Walk
inputs:
  service: { prompt: Service }
rollback: { runbook: back.md, with: { service: '\${service}' } }
---
# Walk

## Look

1. See

   \`\`\`sh
   kubectl get pods
   \`\`\`

- [ ] One {owe=1h}
- [ ] Two
  - [ ] Inner

## Change

1. Scale

   \`\`\`sh
   kubectl scale deployment/x --replicas=2
   \`\`\`

   \`\`\`sh {undo}
   kubectl scale deployment/x --replicas=1
   \`\`\`

1. Forward

   \`\`\`sh {background}
   kubectl port-forward svc/x 1:2
   \`\`\`

1. Remove

   \`\`\`sh
   kubectl delete deployment/old
   \`\`\`

## Decide

1. Go?

   \`\`\`decide
   On: next
   Hold: stay
   Again: '#look'
   Back: rollback
   No: stop
   \`\`\`

1. Over

   \`\`\`handoff
   runbook: after.md
   \`\`\`

## Rollback

1. Never reached

   \`\`\`sh
   kubectl rollout undo deployment/x
   \`\`\`
`;
const other = (title: string): string =>
  `---\ngonogo: 1\ntitle: ${title}\ninputs:\n  service: { prompt: Service, default: x }\n---\n# ${title}\n\n## P\n\n1. Do\n\n   \`\`\`sh\n   kubectl rollout undo "deployment/$SERVICE"\n   \`\`\`\n\n- [ ] Seen\n`;

const begin = (): Operator =>
  new Operator(text, {
    inputs: { service: 'checkout' },
    others: [
      { path: 'back.md', purpose: 'rollback', text: other('Back') },
      { path: 'after.md', purpose: 'handoff', text: other('After') },
    ],
  });

/** What an operator or the engine may do next, picked by numbers so that it can be shrunk. */
const moves = (state: SessionState, pick: number): readonly (Intent | Report)[] => {
  const frame = state.frames[state.frame];
  const ids = frame === undefined ? [] : places(frame.runbook).map(({ step }) => step.id);
  const step = ids[pick % Math.max(1, ids.length)] ?? '1.1';
  const attempt = 1 + (pick % Math.max(1, state.nextAttempt));
  const main = mainAction(state, 1);
  const pending = main.kind === 'run' || main.kind === 'confirm' ? main.pending : null;
  const run: readonly Intent[] =
    pending === null
      ? []
      : (['enter', 'yes', 'typed', 'auto'] as const).map((how) => ({
          type: 'run',
          step: pending.at.step.id,
          action: pending.action,
          part: 'action',
          hash: pending.hash,
          how,
          typed: pending.level.kind === 'type' ? pending.level.word : null,
          script: null,
          edited: null,
          stdin: null,
        }));
  return [
    ...run,
    { type: 'pass', step },
    { type: 'accept', step, reason: 'fine' },
    { type: 'fail', step, reason: null },
    { type: 'skip', step, reason: 'not now' },
    { type: 'owe', step, reason: null },
    { type: 'not-applicable', step, phase: null, reason: 'no' },
    { type: 'again', step },
    { type: 'undo' },
    { type: 'back', step },
    { type: 'decide', step, action: 0, label: ['On', 'Hold', 'Again', 'Back', 'No'][pick % 5] as string, reason: null },
    { type: 'handoff', step, action: 0 },
    { type: 'rollback' },
    { type: 'hold', reason: 'wait' },
    { type: 'lift-hold', reason: null },
    { type: 'stop-command', attempt, signal: 'TERM' },
    {
      type: 'resolve',
      attempt,
      as: (['succeeded', 'failed', 'not-applied'] as const)[pick % 3] as 'failed',
      evidence: 'looked',
    },
    { type: 'finish' },
    { type: 'leave', why: 'quit' },
    { type: 'attempt-started', attempt, pid: 1, startedAt: 1 },
    { type: 'attempt-finished', attempt, outcome: outcome({ exit: pick % 2 }), recovered: false },
    { type: 'attempt-unknown', attempt, startedAt: 1, survivors: [] },
    { type: 'attempt-not-started', attempt, because: 'claimed' },
    { type: 'attempt-steady', attempt, bytes: 0, lines: 0, tail: '' },
  ];
};

const isReport = (move: Intent | Report): move is Report => move.type.startsWith('attempt-');

describe('whatever is done in whatever order', () => {
  const choices = fc.array(fc.tuple(fc.nat(200), fc.nat(60)), { maxLength: 60 });

  test('the state is the fold of the events, every start was confirmed with its hash, and an unknown end stays until it is resolved', () => {
    fc.assert(
      fc.property(choices, (list) => {
        const alice = begin();
        const starts: Extract<Effect, { type: 'start' }>[] = [];
        for (const [which, pick] of list) {
          const possible = moves(alice.state, pick);
          const move = possible[which % possible.length] as Intent | Report;
          const before = alice.state;
          const decision = isReport(move) ? decideReport(before, move, alice.now) : decide(before, move, alice.now);
          if (!decision.ok) continue;
          alice.record(decision.events);
          for (const effect of decision.effects) if (effect.type === 'start') starts.push(effect);
          for (const attempt of Object.values(before.attempts)) {
            if (attempt.status !== 'unknown') continue;
            const after = alice.state.attempts[attempt.attempt];
            const named = decision.events.some(
              ({ type, data }) => type === 'command.resolved' && 'attempt' in data && data.attempt === attempt.attempt,
            );
            expect(named || after?.status === 'unknown').toBe(true);
          }
        }
        const confirmed = alice.events.filter((event) => event.type === 'command.confirmed');
        for (const { attempt, hash, spec } of starts) {
          expect(confirmed.filter(({ data }) => data.attempt === attempt && data.hash === hash)).toHaveLength(1);
          expect(specHash(spec)).toBe(hash);
        }
        expect(new Set(starts.map(({ attempt }) => attempt)).size).toBe(starts.length);
        expect(project(initialState(alice.state.library), alice.events, alice.now)).toEqual(alice.state);
      }),
      { numRuns: 150 },
    );
  });

  test('every event is accepted in every state', () => {
    fc.assert(
      fc.property(choices, fc.nat(1000), (list, seed) => {
        const alice = begin();
        for (const [which, pick] of list) {
          const possible = moves(alice.state, pick);
          const move = possible[which % possible.length] as Intent | Report;
          const decision = isReport(move)
            ? decideReport(alice.state, move, alice.now)
            : decide(alice.state, move, alice.now);
          if (decision.ok) alice.record(decision.events);
        }
        const event = alice.events[seed % alice.events.length];
        if (event !== undefined) {
          project(initialState({}), [event], 1);
          project(alice.state, [event, event], 1);
        }
      }),
      { numRuns: 80 },
    );
  });
});
