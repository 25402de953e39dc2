import { startsCommand } from '../shell/words.ts';
import { promptsOf } from './prompts.ts';
import { CommandEnds } from './shell-state.ts';

/** A fence that stands among the lines of a block, as an example of Markdown or since the block was not closed. */
export interface ShownFence {
  /** Index of its first line. */
  readonly from: number;
  /** Index after its last line. */
  readonly to: number;
  /** Its characters. */
  readonly markup: string;
  /** What is written behind them. */
  readonly info: string;
}

/** Without a name, a line of tildes is more often output that underlines something. */
const opening = /^\s*(?:(`{3,})([^`]*)|(~{3,})\s*([A-Za-z][^~^]*))$/;

/** Fences among the lines of a block. Those in the heredoc or the quotes of a command are its text, and none of them. */
export const shownFences = (lines: readonly string[]): readonly ShownFence[] => {
  if (!lines.some((line) => opening.test(line))) return [];
  const prompts = promptsOf(lines);
  const found: ShownFence[] = [];
  const ends = new CommandEnds(
    lines.length,
    (index) => prompts[index]?.command ?? (lines[index] as string),
    (index) => (prompts[index] ?? null) !== null,
  );
  for (let i = 0; i < lines.length; ) {
    const line = lines[i] as string;
    const match = opening.exec(line);
    if (match !== null) {
      const markup = match[1] ?? (match[3] as string);
      const to = endOf(lines, i, markup);
      found.push({ from: i, to, markup, info: (match[2] ?? match[4] ?? '').trim() });
      i = to;
    } else if ((prompts[i] ?? null) !== null || startsCommand(line)) i = ends.after(i);
    else i += 1;
  }
  return found;
};

const endOf = (lines: readonly string[], from: number, markup: string): number => {
  for (let i = from + 1; i < lines.length; i += 1) {
    const text = (lines[i] as string).trim();
    if (text.startsWith(markup) && text === markup.charAt(0).repeat(text.length)) return i + 1;
  }
  return lines.length;
};

/** True for each index of a line of these fences. */
export const isShown = (fences: readonly ShownFence[]): ((index: number) => boolean) => {
  const indexes = new Set(
    fences.flatMap(({ from, to }) => Array.from({ length: to - from }, (_, offset) => from + offset)),
  );
  return (index) => indexes.has(index);
};
