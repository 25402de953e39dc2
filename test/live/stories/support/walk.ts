import type { Terminal } from '../../../support/terminal.ts';

/** The line that says what Enter does. */
export const enterLine = (terminal: Terminal): string => terminal.lines().at(-2) ?? '';

const limitMs = 120_000;

/** What is done when the line about Enter says so. */
export interface Answer {
  readonly when: RegExp;
  readonly does: (terminal: Terminal) => Promise<unknown>;
}

const presses =
  (...keys: readonly string[]): Answer['does'] =>
  (terminal) =>
    terminal.presses(...keys);

/** A key that came right after a change of the screen is told to be pressed again: a person does. */
const pressesUntil = async (terminal: Terminal, key: string, holds: () => boolean, what: string): Promise<void> => {
  for (;;) {
    await terminal.presses(key);
    await terminal.until(() => holds() || terminal.text().includes('press again'), what, 30_000);
    if (holds()) return;
    await terminal.until(() => holds() || !terminal.text().includes('press again'), what, 30_000);
    if (holds()) return;
  }
};

/** Enter shows the change, `y` runs it; in production a critical one wants the workload's name typed first. */
export const confirmsChange = async (terminal: Terminal): Promise<void> => {
  const asks = (): boolean => terminal.text().includes('Run this?');
  await pressesUntil(terminal, 'Enter', asks, 'asked "Run this?"');
  await pressesUntil(terminal, 'y', () => !asks(), 'ran what it asked for');
};

/** Between `y` and the start of the command cluster and lock are asked: meanwhile the line still offers it. */
const confirmsAndWaits = async (terminal: Terminal): Promise<void> => {
  const line = enterLine(terminal);
  await confirmsChange(terminal);
  await terminal.until(() => enterLine(terminal) !== line, `began what "${line}" says`, 30_000);
};

/** One that only some teams want is left out; else somebody is named. */
const approves = async (terminal: Terminal): Promise<void> => {
  if (/\bx n\/a\b/.test(terminal.lines().at(-1) ?? '')) return void (await terminal.presses('x'));
  await terminal.presses('Enter');
  await terminal.sees('They said yes');
  await terminal.presses('2');
  await terminal.sees('Name or ticket');
  await terminal.types('bob');
  await terminal.presses('Enter');
  await terminal.sees('Because');
  await terminal.types('customers are waiting');
  await terminal.presses('Enter');
  await terminal.seesNot('Because', 30_000);
};

/** What a person does who takes everything as it should be. */
const answers: readonly Answer[] = [
  { when: /Enter asks before it runs/, does: confirmsAndWaits },
  { when: /Enter runs:/, does: presses('Enter') },
  { when: /Enter: the output is as expected/, does: presses('Enter') },
  { when: /Space ticks the item/, does: presses('Space') },
  { when: /Enter goes on: every item is ticked/, does: presses('Enter') },
  { when: /Enter ticks this step/, does: presses('Enter') },
  { when: /Enter: it was sent/, does: presses('Enter') },
  { when: /Enter begins this gate/, does: presses('Enter') },
  { when: /it is your decision\. Choose 1/, does: presses('1') },
  // It is watched no longer than the story lasts.
  { when: /Enter goes on with "After the deployment"/, does: presses('x') },
  { when: /Enter: all parts of this step/, does: presses('Enter') },
  { when: /Enter opens the approval/, does: approves },
  { when: /\bx\b.*(n\/a|does not apply|leaves)/, does: presses('x') },
];

export interface WalkOptions {
  /** How long it may stand still, ms. */
  readonly limit?: number;
  /** Answers that come before the usual ones. */
  readonly first?: readonly Answer[];
}

/** Values for what a step asks for, in the order of its fields. */
export const types =
  (...values: readonly string[]): Answer['does'] =>
  async (terminal) => {
    await terminal.presses('Enter');
    await terminal.sees('This step needs values');
    for (const value of values) {
      await terminal.types(value);
      await terminal.presses('Enter');
    }
    await terminal.seesNot('This step needs values');
    await terminal.until(() => !/Enter asks for/.test(enterLine(terminal)), 'took the values', 30_000);
  };

/**
 * Walks on, taking everything as it should be, until the screen shows what is waited for. A decision takes its first
 * choice. Waits where the run waits; throws with the screen when it goes no further for two minutes.
 */
export const walksUntil = async (
  terminal: Terminal,
  wanted: RegExp,
  { limit = limitMs, first = [] }: WalkOptions = {},
): Promise<Terminal> => {
  const all = [...first, ...answers];
  const isThere = (): boolean => wanted.test(terminal.text());
  for (;;) {
    const before = terminal.text();
    if (isThere()) return terminal;
    const line = enterLine(terminal);
    const answer = all.find(({ when }) => when.test(line));
    if (answer === undefined) {
      await terminal.until(() => isThere() || isAnswerable(terminal, all), `came to ${wanted}`, limit);
      continue;
    }
    await terminal.rests();
    if (isThere()) return terminal;
    if (enterLine(terminal) !== line) continue;
    await answer.does(terminal);
    await terminal.until(() => terminal.text() !== before, `went on from "${line}"`, 30_000);
  }
};

const isAnswerable = (terminal: Terminal, all: readonly Answer[]): boolean =>
  all.some(({ when }) => when.test(enterLine(terminal)));
