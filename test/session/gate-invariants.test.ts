import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bad, failedToAsk, good, grey, noData, type Sample } from '../../src/gates/sample.ts';
import type { Recorded, RunEvent } from '../../src/session/events.ts';
import { runningGates } from '../../src/session/gate-state.ts';
import { decideGates } from '../../src/session/gate-tick.ts';
import type { Intent } from '../../src/session/intents.ts';
import { fold } from '../../src/session/reduce.ts';
import { Keeper } from './keeper.ts';

const fence = (kind: string, body: string): string => `  \`\`\`${kind}\n  ${body.split('\n').join('\n  ')}\n  \`\`\`\n`;
const text = `---
gonogo: 1
rollback:
  when:
    - pods: failing
---
# Deploy

## One
- [ ] Change
${fence('sh', 'kubectl scale deployment/checkout --replicas=3')}
- [ ] Rolled out
${fence('gate', 'rollout: deployment/checkout')}
- [ ] Look
- [ ] Soak
${fence('gate', "pods: ready\nhttp: 'https://api.example.com/'\nfor: 30s\nelse: [http]")}
## Two
- [ ] Change again
${fence('sh', 'kubectl scale deployment/checkout --replicas=4')}
- [ ] Asks
${fence('gate', 'command: exit 0')}
`;

const sampleOf = (kind: number, at: number): Sample =>
  [
    good(at, 'fine'),
    good(at, 'fine'),
    good(at, 'fine'),
    bad(at, 'half', 'goes on', 'underway'),
    bad(at, 'sick', 'not well'),
    bad(at, 'doomed', 'no such image', 'terminal'),
    grey(at, 'some', 'partial'),
    failedToAsk(at, 'refused'),
    noData(at, 'stale', 'no news'),
  ][kind % 9] as Sample;

const reason = 'because it is known';

const intentsOf = (operator: Keeper): readonly Intent[] => {
  const steps = ['1.1', '1.2', '1.3', '1.4', '2.1', '2.2'];
  const main = operator.main;
  const run: readonly Intent[] =
    main.kind === 'confirm'
      ? [
          {
            type: 'run',
            step: main.pending.at.step.id,
            action: main.pending.action,
            part: 'action',
            hash: main.pending.hash,
            how: 'yes',
            typed: null,
            script: null,
            edited: null,
            stdin: null,
          },
        ]
      : [];
  const gates: readonly Intent[] =
    main.kind === 'gate' && main.stage === 'start'
      ? [{ type: 'start-gate', step: main.at.step.id, action: main.action, hash: main.hash }]
      : [];
  return [
    ...run,
    ...gates,
    { type: 'acknowledge-source', source: 'cluster', reason },
    { type: 'acknowledge-source', source: 'foreign:deployment/checkout', reason },
    { type: 'acknowledge-breach', criterion: 0, reason },
    ...steps.flatMap((step): readonly Intent[] => [
      { type: 'pass', step },
      { type: 'again', step },
      { type: 'back', step },
      { type: 'skip', step, reason },
      { type: 'fail', step, reason },
      { type: 'override-gate', step, action: 0, reason, typed: null },
      { type: 'hold-gate', step, action: 0 },
      { type: 'by-eye', step, action: 0, seen: reason },
    ]),
  ];
};

const gatesOpen = (operator: Keeper): boolean => {
  const frame = operator.state.frames[0];
  return Object.values(frame?.steps ?? {}).some(
    ({ status, actions }) =>
      (status === 'active' || status === 'attention') &&
      actions.some(
        (action) => action.kind === 'gate' && (action.status === 'running' || action.status === 'attention'),
      ),
  );
};

const move = fc.record({
  what: fc.constantFrom<'intent' | 'main' | 'sample' | 'sample' | 'time' | 'world'>(
    'intent',
    'main',
    'sample',
    'time',
    'world',
  ),
  pick: fc.nat(200),
  seconds: fc.integer({ min: 1, max: 40 }),
});

const play = (operator: Keeper, { what, pick, seconds }: { what: string; pick: number; seconds: number }): void => {
  operator.now += seconds * 1000;
  const intents = intentsOf(operator);
  switch (what) {
    case 'main':
    case 'intent': {
      const intent = what === 'main' ? intents[0] : intents[pick % intents.length];
      const blocked = gatesOpen(operator);
      if (intent === undefined) return;
      const done = operator.does(intent);
      // A change waits for the gates of its phase and of those before.
      if (intent.type === 'run' && done) expect(blocked).toBe(false);
      if (intent.type === 'run' && done) operator.ends();
      break;
    }
    case 'world': {
      const changes: readonly RunEvent[] = [
        {
          type: 'change.foreign',
          frame: 0,
          data: { workload: 'deployment/checkout', by: 'argocd', what: 'image', changedAt: operator.now },
        },
        { type: 'run.gap', frame: 0, data: { from: operator.now - 500, to: operator.now, kind: 'sleep' } },
        { type: 'criterion.breached', frame: 0, data: { criterion: 0, value: '1 failing' } },
      ];
      operator.record([changes[pick % 3] as RunEvent]);
      break;
    }
    default:
      break;
  }
  const answers = runningGates(operator.state).flatMap((gate) =>
    gate.checks.map(({ index }) => ({
      frame: gate.frame.number,
      step: gate.step,
      action: gate.action,
      try: gate.state.try,
      check: index,
      sample: sampleOf(pick + index * 7, operator.now),
    })),
  );
  const decision = decideGates(operator.state, what === 'sample' ? answers : [], operator.now);
  if (decision.ok) operator.record(decision.events);
};

/** A PASS has a GOOD answer of its own try before it, and a step with a gate passes by itself only by a PASS. */
const evidenceHolds = (lines: readonly Recorded[]): void => {
  for (const [at, line] of lines.entries()) {
    if (line.type === 'gate.verdict' && line.data.verdict === 'PASS') {
      const { step } = line.data;
      const began = lines.findLastIndex((own, i) => i < at && own.type === 'gate.started' && own.data.step === step);
      const seen = lines
        .slice(began, at)
        .flatMap((own) => (own.type === 'gate.sampled' && own.data.step === step ? own.data.samples : []));
      expect(seen.some(({ sample }) => sample.kind === 'GOOD' && line.at - sample.at <= 60_000)).toBe(true);
    }
    if (line.type === 'step.passed' && line.data.how === 'itself' && ['1.2', '1.4', '2.2'].includes(line.data.step)) {
      const { step } = line.data;
      const last = lines.findLast((own, i) => i < at && own.type === 'gate.verdict' && own.data.step === step);
      expect(last?.type === 'gate.verdict' && last.data.verdict).toBe('PASS');
    }
  }
};

/** After a change by others, once the run has changed something, nothing passes that was not acknowledged or made anew. */
const nobodyElsesPass = (lines: readonly Recorded[]): void => {
  let held: { readonly at: number } | null = null;
  let changed = false;
  let began = 0;
  for (const line of lines) {
    if (line.type === 'command.started') {
      changed = true;
      began = line.data.startedAt;
    }
    if (line.type === 'command.finished' && held !== null && began > held.at) held = null;
    if (line.type === 'change.foreign' && changed) held = { at: line.at };
    if (line.type === 'source.acknowledged' && line.data.source.startsWith('foreign:')) held = null;
    const judges = line.type === 'gate.verdict' && ['1.2', '1.4'].includes(line.data.step);
    if (judges && held !== null) expect(line.data.verdict).not.toBe('PASS');
  }
};

test('whatever happens, gates keep their promises and the journal gives the same state again', () => {
  fc.assert(
    fc.property(fc.array(move, { maxLength: 60 }), (moves) => {
      const operator = new Keeper(text);
      for (const one of moves) play(operator, one);
      evidenceHolds(operator.lines);
      nobodyElsesPass(operator.lines);
      const again = fold(operator.state.library, JSON.parse(JSON.stringify(operator.lines)) as Recorded[]);
      expect({ ...again, head: '', seq: 0 }).toEqual({ ...operator.state, head: '', seq: 0 });
    }),
    { numRuns: 150 },
  );
}, 60_000);
