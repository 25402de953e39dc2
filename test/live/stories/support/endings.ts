import type { Terminal } from '../../../support/terminal.ts';
import { type WalkOptions, walksUntil } from './walk.ts';

/** Leaves the end page; the program's exit code. */
const leavesEndPage = async (terminal: Terminal): Promise<number> => {
  await terminal.presses('q');
  return terminal.exits(30_000);
};

export interface EndOptions {
  /** On the end page, before it is left. */
  readonly atEnd?: () => void;
  readonly walk?: WalkOptions;
}

/** Walks to the end of the run; the program's exit code. */
export const walksToEnd = async (
  terminal: Terminal,
  outcome: 'Succeeded' | 'Rolled back' = 'Succeeded',
  { atEnd, walk }: EndOptions = {},
): Promise<number> => {
  await walksUntil(terminal, /Enter ends the run/, walk);
  await terminal.presses('Enter');
  await terminal.sees(outcome);
  atEnd?.();
  return leavesEndPage(terminal);
};

export interface RollbackOptions {
  /** The key that asks for it: `R`, or the number of a choice. */
  readonly by?: string;
  /** Looks at the question before it is answered. */
  readonly asked?: () => unknown;
}

/** Rolls back and walks to the end of that; the program's exit code. */
export const rollsBack = async (terminal: Terminal, { by = 'R', asked }: RollbackOptions = {}): Promise<number> => {
  await terminal.presses(by);
  await terminal.sees('Roll back?');
  await asked?.();
  await terminal.presses('y');
  await terminal.seesNot('Roll back?', 30_000);
  return walksToEnd(terminal, 'Rolled back');
};

/** Ends the run where it stands. */
export const aborts = async (terminal: Terminal): Promise<number> => {
  await terminal.presses('Q');
  await terminal.sees('Why does the run end here?');
  await terminal.presses('2');
  await terminal.sees('Aborted');
  return leavesEndPage(terminal);
};

/** Leaves the run as it is, to be resumed. */
export const leavesRun = async (terminal: Terminal): Promise<number> => {
  await terminal.presses('q');
  await terminal.sees('Leave this run?');
  await terminal.presses('y');
  return terminal.exits(30_000);
};
