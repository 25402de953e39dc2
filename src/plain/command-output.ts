import type { Engine } from '../engine/view.ts';
import { pathSteps } from '../session/select.ts';
import type { AttemptState } from '../session/state.ts';
import { safe, safeLine } from '../text/safe-text.ts';
import { outputWords, seen } from './describe.ts';
import type { Lines } from './lines.ts';

/** Prints the output of the last command in full. */
export const printOutput = async (engine: Engine, lines: Lines): Promise<null> => {
  const last = Object.values(engine.view().session.attempts).at(-1);
  const output = last === undefined ? null : await engine.output(last.attempt);
  if (last?.outcome?.output.binary !== true)
    for (const line of (output?.text ?? 'no output').split('\n').slice(-2000))
      lines.print(safe`   ${withoutColour(line)}`);
  if (last?.outcome) for (const line of outputWords(last.outcome.output)) lines.print(line);
  return null;
};

/** Plain lines have none; all other control sequences are shown as text. */
const withoutColour = (line: string): string => line.replace(/\u001B\[[0-9;:]*m/g, '');

/** Prints what a running command writes, whole lines, as it comes. */
export const followOutput = (engine: Engine, lines: Lines): { flush(): void; close(): void } => {
  const printed = new Map<number, number>();
  const told = new Set<number>();
  const flush = (): void => {
    const { tails, session } = engine.view();
    for (const [key, tail] of Object.entries(tails)) {
      const attempt = Number(key);
      const from = printed.get(attempt) ?? 0;
      const fresh = Math.min(tail.lines - from, tail.tail.length);
      if (fresh <= 0) continue;
      if (tail.lines - from > fresh) lines.print(safe`   … ${tail.lines - from - fresh} lines, "output" shows them`);
      for (const line of tail.tail.slice(-fresh)) lines.print(safe`   | ${safeLine(withoutColour(line))}`);
      printed.set(attempt, tail.lines);
    }
    for (const attempt of Object.values(session.attempts)) {
      if (!hasEnded(attempt) || told.has(attempt.attempt)) continue;
      told.add(attempt.attempt);
      if (attempt.status === 'not-started') lines.print(safe`   NOT STARTED: ${attempt.resolved?.evidence ?? ''}`);
      const at = pathSteps(session).find(({ step }) => step.id === attempt.step);
      if (at !== undefined && at.frame === attempt.frame) for (const line of seen(session, at)) lines.print(line);
    }
  };
  for (const attempt of Object.values(engine.view().session.attempts)) if (hasEnded(attempt)) told.add(attempt.attempt);
  const stop = engine.subscribe(flush);
  return { flush, close: stop };
};

const hasEnded = ({ outcome, status }: AttemptState): boolean => outcome !== null || status === 'not-started';
