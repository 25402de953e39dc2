import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bad, failedToAsk, good, grey, noData, type Sample } from '../../src/gates/sample.ts';
import { buildRecord } from '../../src/record/build.ts';
import { renderJson } from '../../src/record/json.ts';
import type { DeploymentRecord } from '../../src/record/record.ts';
import { recordFileSchema } from '../../src/record/record-schema.ts';
import { replayRecord, replayRun } from '../../src/record/replay.ts';
import { type VerifyRequest, verifyRecord } from '../../src/record/verify.ts';
import type { Recorded } from '../../src/session/events.ts';
import { runningGates } from '../../src/session/gate-state.ts';
import { decideGates } from '../../src/session/gate-tick.ts';
import { Keeper } from '../session/keeper.ts';

const text = `---
gonogo: 1
---
# Deploy

- [ ] Soak
  \`\`\`gate
  rollout: deployment/checkout
  http: 'https://api.example.com/health'
  else: [rollout]
  for: 5m
  within: 2m
  \`\`\`
- [ ] Answers
  \`\`\`gate
  http: 'https://api.example.com/health'
  within: 5m
  \`\`\`
`;

const makers: Readonly<Record<string, (at: number) => Sample>> = {
  good: (at) => good(at, 'HTTP 200'),
  bad: (at) => bad(at, 'HTTP 503', 'HTTP 503'),
  underway: (at) => bad(at, 'UPDATING 4/6', 'not complete', 'underway'),
  terminal: (at) => bad(at, 'UPDATING 4/6', 'image does not exist', 'terminal'),
  grey: (at) => grey(at, 'HTTP 200', 'partial'),
  error: (at) => failedToAsk(at, 'connection refused'),
  missing: (at) => noData(at, 'empty', 'no data'),
};

type Move =
  | {
      readonly kind: 'answer';
      readonly seconds: number;
      readonly step: string;
      readonly check: number;
      readonly as: string;
    }
  | {
      readonly kind: 'gap' | 'backfill' | 'others' | 'acknowledge' | 'hold';
      readonly seconds: number;
    };

const moves = fc.array(
  fc.oneof(
    {
      weight: 12,
      arbitrary: fc.record({
        kind: fc.constant('answer' as const),
        seconds: fc.integer({ min: 1, max: 40 }),
        step: fc.constantFrom('0.1', '0.2'),
        check: fc.constantFrom(0, 1),
        as: fc.constantFrom('good', 'good', 'good', 'good', 'bad', 'underway', 'terminal', 'grey', 'error', 'missing'),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constantFrom('gap', 'backfill', 'others', 'acknowledge', 'hold') as fc.Arbitrary<
          'gap' | 'backfill' | 'others' | 'acknowledge' | 'hold'
        >,
        seconds: fc.integer({ min: 1, max: 120 }),
      }),
    },
  ),
  { minLength: 5, maxLength: 80 },
);

/** Whatever happens to its gates, as the journal would have it: entries are written a little after they were decided. */
class Walker extends Keeper {
  ticks(answers: Parameters<typeof decideGates>[1] = []): void {
    const decision = decideGates(this.state, answers, this.now);
    if (decision.ok) this.record(decision.events);
    this.now += 3;
  }

  /** What was answered about a gap afterwards: every check at a look's distance, some of them BAD. */
  backfills(from: number): void {
    const gates = runningGates(this.state).map(({ step, action, checks }) => ({
      step,
      action,
      samples: checks.flatMap((_, check) =>
        Array.from({ length: Math.floor((this.now - from) / 15_000) }, (__, i) => {
          const at = from + (i + 1) * 15_000;
          return { check, sample: i % 5 === 4 ? bad(at, 'HTTP 503', 'HTTP 503') : good(at, 'HTTP 200') };
        }),
      ),
    }));
    this.record([{ type: 'gap.backfilled', frame: 0, data: { from, to: this.now, gates, criteria: [] } }]);
  }

  makes(move: Move): void {
    this.now += move.seconds * 1000;
    this.ticks();
    const frame = 0;
    if (move.kind === 'answer') {
      const gate = runningGates(this.state).find(({ step }) => step === move.step);
      if (gate?.checks[move.check] === undefined) return;
      const { action, state } = gate;
      const sample = (makers[move.as] as (at: number) => Sample)(this.now);
      this.ticks([{ frame, step: move.step, action, try: state.try, check: move.check, sample }]);
    } else if (move.kind === 'gap' || move.kind === 'backfill') {
      this.record([
        { type: 'run.gap', frame, data: { from: this.now - move.seconds * 1000, to: this.now, kind: 'sleep' } },
      ]);
      if (move.kind === 'backfill') this.backfills(this.now - move.seconds * 1000);
    } else if (move.kind === 'others') {
      const data = { workload: 'deployment/checkout', by: 'argocd', what: 'image web v2 -> v1', changedAt: this.now };
      this.record([{ type: 'change.foreign', frame, data }]);
    } else if (move.kind === 'acknowledge') {
      const data = { source: 'http api.example.com', reason: 'known, INC-4711' };
      this.record([{ type: 'source.acknowledged', frame, data }]);
    } else {
      this.does({ type: 'hold-gate', step: '0.1', action: 0 });
    }
  }
}

const walked = (all: readonly Move[]): Walker => {
  const run = new Walker(text);
  for (const move of all) run.makes(move);
  return run;
};

const recorded = (events: readonly Recorded[]): number => events.filter(({ type }) => type === 'gate.verdict').length;

const asFile = (record: DeploymentRecord): DeploymentRecord => {
  const { seal: _, ...read } = recordFileSchema.parse(JSON.parse(renderJson(record)));
  return read;
};

describe('replay', () => {
  test('reaches every verdict again, from the journal and from record.json alone', () => {
    let verdicts = 0;
    fc.assert(
      fc.property(moves, (all) => {
        const { lines, state } = walked(all);
        const expected = { same: recorded(lines), differing: [], beyond: 0, contrary: [] };
        verdicts += expected.same;
        expect(replayRun(lines, state.library)).toEqual(expected);
        expect(replayRecord(asFile(buildRecord(lines, state.library)))).toEqual(expected);
      }),
      { numRuns: 60 },
    );
    expect(verdicts).toBeGreaterThan(150);
  });

  /** A minute of good answers, then three bad ones in a row. */
  const failing = (): Walker => {
    const answers = [...Array.from({ length: 4 }, () => 'good'), 'bad', 'bad', 'bad', 'bad'];
    return walked(
      answers.flatMap((as) =>
        [0, 1].map((check) => ({ kind: 'answer' as const, seconds: check === 0 ? 15 : 1, step: '0.1', check, as })),
      ),
    );
  };

  test('tells which verdict its samples do not give', () => {
    const { lines, state } = failing();
    const forged = lines.map((event) =>
      event.type === 'gate.verdict' && event.data.verdict === 'FAIL'
        ? { ...event, data: { ...event.data, verdict: 'PASS' as const } }
        : event,
    );
    const found = { step: '0.1', title: 'Soak', recorded: 'PASS', found: 'FAIL' };
    expect(replayRun(lines, state.library).differing).toEqual([]);
    expect(replayRun(forged, state.library).differing).toMatchObject([found]);
    expect(replayRecord(asFile(buildRecord(forged, state.library))).differing).toMatchObject([found]);
  });

  test('tells a sample that was made good afterwards', () => {
    const { lines, state } = failing();
    const text = renderJson(buildRecord(lines, state.library)).replaceAll('"BAD","HTTP 503"', '"GOOD","HTTP 200"');
    const { seal: _, ...record } = recordFileSchema.parse(JSON.parse(text));
    expect(replayRecord(record).differing).toMatchObject([{ recorded: 'FAIL', found: 'RUNNING' }]);
  });

  test('is said by verify, with and without the run', () => {
    const { lines, state } = failing();
    const json = renderJson(buildRecord(lines, state.library));
    const said = (request: Pick<VerifyRequest, 'record' | 'run'>): string =>
      verifyRecord({ ...request, anchors: [] })
        .findings.map(({ level, text: words }) => `${level}: ${words}`)
        .join('\n');
    const run = { events: lines, library: state.library, journal: { kind: 'intact' } } as const;
    const count = recorded(lines);
    expect(said({ record: null, run })).toContain(`proven: ${count} of ${count} verdicts follow from the samples`);
    expect(said({ record: json, run: null })).toContain(
      `proven: ${count} of ${count} verdicts follow from the samples`,
    );
    const forged = json.replace(/"verdict","FAIL"/, '"verdict","PASS"');
    expect(said({ record: forged, run: null })).toMatch(
      /broken: 1 of \d+ verdicts does not follow from the samples: 0\.1 Soak at \d\d:\d\d:\d\d UTC was recorded as ok, the samples give FAIL/,
    );
  });
});

describe('the record of a long soak', () => {
  const day = 24 * 3600;
  const run = new Walker(text.replaceAll('for: 5m', 'for: 24h'));
  const every = 15;
  for (let i = 0; i * every < day + 200; i += 1)
    for (const check of [0, 1])
      run.makes({ kind: 'answer', seconds: check === 0 ? every - 1 : 1, step: '0.1', check, as: 'good' });
  const record = buildRecord(run.lines, run.state.library);
  const soak = record.gates.find(({ step }) => step === '0.1');

  test('keeps the last samples of each check, and how far the gate had come before them', () => {
    const { judging } = soak ?? {};
    const samples = judging?.log.filter(([, , what]) => what === 'sample').length ?? 0;
    expect(samples).toBeGreaterThan(990);
    expect(samples).toBeLessThanOrEqual(1000);
    expect(samples + (judging?.leftOut ?? 0)).toBe(
      run.lines.flatMap((event) =>
        event.type === 'gate.sampled' && event.data.step === '0.1' ? event.data.samples : [],
      ).length,
    );
    expect(renderJson(record).length).toBeLessThan(400_000);
  });

  test('still gives its last verdict again, and says which it cannot', () => {
    expect(soak?.verdict).toBe('PASS');
    const { same, differing, beyond } = replayRecord(asFile(record));
    expect(differing).toEqual([]);
    expect(beyond).toBeGreaterThan(0);
    expect(same + beyond).toBe(recorded(run.lines));
    expect(soak?.judging?.log.at(-1)?.slice(2)).toEqual(['verdict', 'PASS']);
  });
});
