import { expect } from 'vitest';
import { expectRecorded, expectRunAsConfirmed, expectWhole } from './invariants.ts';
import { type Operated, type Operating, type OperatorOptions, operate } from './operator.ts';
import type { Practice } from './practice.ts';

export const startRun = (practice: Practice, options: OperatorOptions = {}): Operating =>
  operate(practice, ['run', '--plain', practice.runbook], options);

export const resumeRun = (practice: Practice, options: OperatorOptions = {}): Operating =>
  operate(practice, ['resume', '--plain'], options);

/** Leaves a run that cannot be saved or does not start its commands, as a person would. */
export const leavesWhenRefused: NonNullable<OperatorOptions['answer']> = (_, transcript) =>
  /FAIL {2}E706|NOT STARTED:/.test(transcript) ? 'q' : null;

/**
 * Walks a run of which the first process has the fault, and the next ones go on from what that left; after each the
 * invariants hold, and in the end the run is whole. Gives the processes.
 */
export const walkWith = async (
  practice: Practice,
  story: string,
  commands: number,
  options: OperatorOptions,
): Promise<readonly Operated[]> => {
  practice.clear();
  const typed = new Map<string, number>();
  const processes: Operated[] = [];
  while (!practice.events().some(({ type }) => type === 'run.finished')) {
    const begun = practice.events().some(({ type }) => type === 'frame.opened');
    const fault = processes.length === 0 ? options : {};
    const ended = await (begun ? resumeRun(practice, fault) : startRun(practice, fault)).ended;
    processes.push(ended);
    for (const [step, times] of ended.confirmed) typed.set(step, (typed.get(step) ?? 0) + times);
    const told = `${story}\n${ended.out}\n${ended.err}`;
    expectRecorded(ended.out, practice.events(), told);
    expectRunAsConfirmed(practice.ledger(), practice.events(), typed, told);
    expect(ended.out + ended.err, told).not.toContain('bug');
    expect(processes.length, told).toBeLessThan(4);
  }
  expectWhole(practice, commands, story);
  const isTold = processes.some(({ out }) => out.includes('could not be given free'));
  expect(practice.lockHolder() === null || isTold, `${story}: a deploy lock that stays is told`).toBe(true);
  return processes;
};
