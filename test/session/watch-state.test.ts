import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { buildRecord } from '../../src/record/build.ts';
import { openBreach } from '../../src/session/criterion-state.ts';
import type { Recorded } from '../../src/session/events.ts';
import { project } from '../../src/session/project.ts';
import { initialState } from '../../src/session/state.ts';
import { parseWatchLine, type WatchFact, watchLineText } from '../../src/session/watch-line.ts';
import { unwatchedGaps } from '../../src/session/watch-state.ts';
import { Operator } from './support.ts';

const text = `---
gonogo: 1
rollback:
  when:
    - command: test ! -e broken
---
# Deploy

- [ ] Change it
  \`\`\`sh
  touch changed
  \`\`\`
- [ ] Look at it
`;

const session = 'watch-1';

/** A run that has changed something and was left at its `now`. */
const left = (): Operator => {
  const operator = new Operator(text);
  operator.runs();
  operator.ends();
  operator.record([
    { type: 'criterion.armed', frame: 0, data: { criterion: 0, reference: null } },
    { type: 'run.left', frame: 0, data: { why: 'quit' } },
  ]);
  return operator;
};

/** It comes back after `seconds`, and takes these lines over. */
const returns = (operator: Operator, seconds: number, lines: readonly string[]): void => {
  const from = operator.now;
  operator.now = from + seconds * 1000;
  operator.record([
    { type: 'run.gap', frame: 0, data: { from, to: operator.now, kind: 'left' } },
    ...lines.map((line) => ({ type: 'watch.reported', frame: 0, data: { session, line } }) as const),
    { type: 'run.resumed', frame: 0, data: { pid: 1, terminal: null, mode: 'screen' } },
  ]);
};

const line = (fact: WatchFact, at: number, of = session): string =>
  watchLineText({ ...fact, session: of, who: 'bob', at });

const breach: WatchFact = { type: 'criterion.breached', data: { criterion: 0, value: 'exit 1' } };

describe('what a watch reported', () => {
  test('is true of the criterion from the moment it was seen, and holds the run', () => {
    const operator = left();
    const at = operator.now + 20_000;
    returns(operator, 60, [line(breach, at)]);
    expect(operator.state.criteria[0]).toMatchObject({ status: 'breached', since: at, value: 'exit 1' });
    expect(openBreach(operator.state)).toMatchObject({ criterion: 0 });
  });

  test('stays latched when it recovered before anybody came back', () => {
    const operator = left();
    const { now } = operator;
    const well: WatchFact = { type: 'criterion.recovered', data: { criterion: 0, value: 'exit 0' } };
    returns(operator, 60, [line(breach, now + 10_000), line(well, now + 30_000)]);
    expect(operator.state.criteria[0]).toMatchObject({ status: 'recovered', since: now + 30_000 });
    expect(openBreach(operator.state)).not.toBeNull();
  });

  test('says nothing of a time in which a process of the run was there, nor after an acknowledgement', () => {
    const operator = left();
    const { now } = operator;
    returns(operator, 60, [line(breach, now - 1), line(breach, now + 61_000)]);
    expect(operator.state.criteria[0]?.status).toBe('ok');
    returns(operator, 60, [line(breach, now + 70_000)]);
    operator.record([{ type: 'criterion.acknowledged', frame: 0, data: { criterion: 0, reason: 'known' } }]);
    returns(operator, 60, [line(breach, now + 80_000)]);
    expect(operator.state.criteria[0]).toMatchObject({ status: 'ok', acknowledged: 'known' });
  });

  test('is counted by session, whatever its lines say', () => {
    const operator = left();
    returns(operator, 60, [
      'no line',
      line(breach, operator.now + 1, 'another'),
      line({ type: 'watch.began', data: { host: 'h' } }, 1),
    ]);
    expect(operator.state.watches).toEqual([{ session, who: 'bob', lines: 3, spans: [] }]);
    expect(operator.state.criteria[0]?.status).toBe('ok');
  });

  test('leaves of a gap what no watch covers', () => {
    const operator = left();
    const { now } = operator;
    const lasted = (from: number, to: number): string =>
      line({ type: 'watch.lasted', data: { from: now + from, to: now + to } }, now + to);
    returns(operator, 60, [lasted(5_000, 10_000), lasted(10_000, 30_000), lasted(40_000, 70_000)]);
    expect(operator.state.watches[0]?.spans).toHaveLength(2);
    expect(unwatchedGaps(operator.state)).toEqual([
      { from: now, to: now + 5_000 },
      { from: now + 30_000, to: now + 40_000 },
    ]);
  });

  test('is in the record: the breach when it was seen and by whom, the time as watched', () => {
    const operator = left();
    const { now } = operator;
    returns(operator, 60, [
      line(breach, now + 20_000),
      line({ type: 'watch.lasted', data: { from: now, to: now + 60_000 } }, now + 60_000),
      line({ type: 'watch.ended', data: { why: 'left' } }, now + 60_000),
    ]);
    const events = operator.events.map((event, seq) => {
      const { head, lastAt } = project(initialState(operator.state.library), operator.events.slice(0, seq + 1), now);
      return { ...event, seq, at: lastAt, mono: 0, boot: '', session: '', actor: 'alice', h: head } as Recorded;
    });
    const record = buildRecord(events, operator.state.library);
    expect(record.criteria[0]).toMatchObject({ breaches: 1 });
    const seen = new Date(now + 20_000).toISOString();
    expect(record.criteria[0]?.changes).toContainEqual({
      at: seen,
      by: 'bob',
      what: 'breached',
      value: 'exit 1',
      backfilled: false,
    });
    expect(record.timeline).toContainEqual(expect.objectContaining({ at: seen, by: 'bob' }));
    expect(record.timeline.map((entry) => entry.text)).toContain('bob had watched criteria and panels for 1 min');
    expect(record.times.unwatched).toBe(0);
    expect(record.deviations).toContainEqual(expect.objectContaining({ kind: 'BREACHED', by: 'bob' }));
  });
});

describe('a line of a watch', () => {
  test('is read as it was written, its texts at most 1,000 characters long', () => {
    const written = { ...breach, session, who: 'bob', at: 1_760_000_000_000 };
    expect(parseWatchLine(watchLineText(written))).toEqual(written);
    const long = watchLineText({ ...written, data: { criterion: 0, value: 'x'.repeat(100_000) } } as typeof written);
    expect(long.length).toBeLessThan(1_300);
    expect(parseWatchLine(long)).not.toBeNull();
  });

  test('of any other shape is none', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (any) => parseWatchLine(any) === null));
  });
});
