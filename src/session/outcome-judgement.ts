import type { Command } from '../runbook/model.ts';
import type { AttemptOutcome } from './outcome.ts';

/** How a finished attempt leaves its action. */
export interface Judgement {
  readonly status: 'done' | 'attention';
  /** A stated expectation was met, so the step may pass by itself. */
  readonly judged: boolean;
  /** One line in plain words: `exit 0`, `exit 1: grep found nothing`. */
  readonly summary: string;
}

const attention = (summary: string): Judgement => ({ status: 'attention', judged: false, summary });
const shown = (summary: string): Judgement => ({ status: 'done', judged: false, summary });

const matchWords = { grep: 'grep found nothing', diff: 'diff found differences' } as const;

/** Exit status in words: `exit 127: command not found: kubctl`. */
export const exitWords = (outcome: AttemptOutcome, endsInMatch: Command['endsInMatch']): string => {
  const status = outcome.exit === null ? `ended by ${outcome.signal ?? 'a signal'}` : `exit ${outcome.exit}`;
  if (outcome.exit === 1 && endsInMatch !== null) return `${status}: ${matchWords[endsInMatch]}`;
  if (outcome.exit === 141) return `${status}: a reader closed the pipe early`;
  if (outcome.explanation === null) return status;
  return outcome.explanation.startsWith('ended by ') ? outcome.explanation : `${status}: ${outcome.explanation}`;
};

/**
 * Exit 0 is not health: without a stated expectation the operator says whether the output is as expected.
 * Source: 20-runs, "Steps and order".
 */
export const judgeOutcome = (command: Command, outcome: AttemptOutcome, plain: boolean): Judgement => {
  const words = exitWords(outcome, command.endsInMatch);
  if (outcome.stoppedBy === 'operator' && command.watcher) return shown('stopped, as a watching command is');
  if (outcome.stoppedBy === 'operator') return attention('stopped by the operator');
  if (outcome.stoppedBy === 'timeout') return attention('stopped at its time limit');
  if (outcome.expectation !== null) {
    if (!outcome.expectation.met) return attention(outcome.expectation.because);
    return { status: 'done', judged: true, summary: outcome.expectation.because };
  }
  if (outcome.exit === 0) {
    const { capture } = command.options;
    const captured = capture === null || outcome.captures[capture] || outcome.withheld.includes(capture);
    return captured ? shown(words) : attention(`nothing was printed for ${capture}`);
  }
  if (plain && command.risk === 'read' && outcome.exit !== null) return shown(words);
  return attention(words);
};
