import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Recorded, RecordedOf } from '../../../src/session/events.ts';
import type { LedgerLine, Practice } from './practice.ts';

const of = <T extends Recorded['type']>(events: readonly Recorded[], type: T): readonly RecordedOf<T>[] =>
  events.filter((event): event is RecordedOf<T> => event.type === type);

/** Steps whose command has such an entry in the journal. */
const stepsOf = (events: readonly Recorded[], attempts: readonly number[]): ReadonlySet<string> =>
  new Set(
    of(events, 'command.confirmed')
      .filter(({ data }) => attempts.includes(data.attempt))
      .map(({ data }) => data.step),
  );

/** Whatever the operator was shown as done is on the disk: each line of the output against the journal. */
export const expectRecorded = (out: string, events: readonly Recorded[], story: string): void => {
  const finished = stepsOf(
    events,
    of(events, 'command.finished').map(({ data }) => data.attempt),
  );
  const recovered = of(events, 'command.finished').map(({ data }) => data.recovered);
  const unknown = of(events, 'command.unknown').map(({ data }) => data.attempt);
  const passed = new Set(of(events, 'step.passed').map(({ data }) => data.step));
  let step = '';
  for (const line of out.split('\n').slice(0, -1)) {
    const heading = /^-- (\d+\.(\d+)) /.exec(line);
    if (heading !== null) {
      step = heading[1] as string;
      for (let before = 1; before < Number(heading[2]); before++)
        expect(passed, `${story}: shown as passed: ${line}`).toContain(`1.${before}`);
    }
    // Before the first heading it is the end of a command that went on without its gonogo.
    if (/^ {3}(RECOVERED )?exit \d+/.test(line))
      expect(step === '' ? recovered : finished, `${story}: shown as ended: ${line}`).toContain(
        step === '' ? true : step,
      );
    const attempt = /^UNKNOWN: attempt (\d+)/.exec(line)?.[1];
    if (attempt !== undefined) expect(unknown, `${story}: shown as unknown`).toContain(Number(attempt));
    if (/^ {2}[!-] RECOVERED /.test(line)) expect(recovered, story).toContain(true);
    if (/^ {2}[!-] NOT STARTED /.test(line))
      expect(
        of(events, 'command.resolved').some(({ data }) => data.as === 'not-started'),
        story,
      ).toBe(true);
    if (/^(succeeded|partial), /.test(line)) expect(of(events, 'run.finished'), story).toHaveLength(1);
  }
};

/** No command began more often than it was confirmed: by the journal, and by what the operator typed. */
export const expectRunAsConfirmed = (
  ledger: readonly LedgerLine[],
  events: readonly Recorded[],
  typed: ReadonlyMap<string, number>,
  story: string,
): void => {
  const confirmed = of(events, 'command.confirmed');
  for (const line of ledger.filter(({ what }) => what === 'began')) {
    const same = ledger.filter(({ attempt, what }) => attempt === line.attempt && what === 'began');
    expect(same, `${story}: attempt ${line.attempt} ran more than once`).toHaveLength(1);
    const confirmation = confirmed.find(({ data }) => data.attempt === line.attempt);
    expect(confirmation?.data.spec.script, `${story}: attempt ${line.attempt} was confirmed`).toContain(line.name);
  }
  for (const step of new Set(confirmed.map(({ data }) => data.step))) {
    const count = confirmed.filter(({ data }) => data.step === step).length;
    expect(count, `${story}: confirmations of ${step} on disk, and typed`).toBeLessThanOrEqual(typed.get(step) ?? 0);
  }
};

/**
 * The run has come to its end: every change was applied, and journal and record prove themselves. A record that a kill
 * has prevented is exported.
 */
export const expectWhole = (practice: Practice, commands: number, story: string): void => {
  const finished = of(practice.events(), 'run.finished');
  expect(
    finished.map(({ data }) => data.outcome),
    story,
  ).toEqual(['succeeded']);
  const applied = practice.ledger().filter(({ what }) => what === 'ended');
  expect(new Set(applied.map(({ name }) => name)).size, story).toBe(commands);
  const record = join(practice.runDir as string, 'record.md');
  if (!existsSync(record)) {
    const exported = practice.gonogo(['export', practice.run, '-o', record]);
    expect(exported.code, `${story}: export\n${exported.out}${exported.err}`).toBe(0);
  }
  for (const what of [practice.run, record]) {
    const verified = practice.gonogo(['verify', what]);
    expect(verified.code, `${story}: verify ${what}\n${verified.out}${verified.err}`).toBe(0);
  }
};
