import { startsCommand } from '../shell/words.ts';
import { firstWord } from './mentioned-tools.ts';
import { likenessOf, looksLikeCompoundTool, looksLikeTool } from './output.ts';
import type { Prompt } from './prompts.ts';
import { endsSession, leavesShell, opensSession } from './sessions.ts';
import { CommandEnds } from './shell-state.ts';

/** Lines of a block by index: what a shell gets, prompts removed, and what is output. */
export interface Sorted {
  readonly commands: readonly { readonly index: number; readonly text: string }[];
  readonly sample: readonly number[];
}

const isComment = (line: string): boolean => /^\s*#/.test(line);
const isBlank = (line: string): boolean => line.trim() === '';
const runs = (line: string): boolean => startsCommand(line) && likenessOf(line) !== 'output';

/**
 * A block with prompts: only prompt lines and their continuations are commands, `#` lines right above a prompt are
 * its comments, lines above the first prompt that start a command are commands too, all else is output.
 * Null when there is no prompt.
 */
export const sortPromptedLines = (
  lines: readonly string[],
  promptAt: (index: number) => Prompt | null,
): Sorted | null => {
  const commands: { index: number; text: string }[] = [];
  const sample: number[] = [];
  const prompted = new PromptedCommands(lines, promptAt);
  const ends = new CommandEnds(
    lines.length,
    (index) => lines[index] as string,
    (index) => promptAt(index) !== null,
  );
  let comments: number[] = [];
  let sawPrompt = false;
  /** Prompt of the shell from which another one was opened (ssh, psql): only it ends the session. */
  let outer: string | null = null;
  const flush = (target: 'commands' | 'sample'): void => {
    for (const index of comments) {
      if (target === 'sample') sample.push(index);
      else commands.push({ index, text: (lines[index] as string).trim() });
    }
    comments = [];
  };
  for (let i = 0; i < lines.length; ) {
    const line = lines[i] as string;
    const prompt = promptAt(i);
    if (prompt !== null && (outer === null || hostOf(prompt) === outer)) {
      flush('commands');
      outer = opensSession(prompt.command) ? hostOf(prompt) : null;
      sawPrompt = true;
      const end = prompted.endOf(i, prompt);
      for (let index = i; index < end; index += 1) commands.push({ index, text: prompted.textAt(index) });
      i = Math.max(i + 1, end);
    } else if (prompt === null && !sawPrompt && outer === null && runs(line)) {
      flush('commands');
      if (opensSession(line)) outer = '';
      const end = ends.after(i);
      for (; i < end; i += 1) commands.push({ index: i, text: lines[i] as string });
    } else {
      sawPrompt ||= prompt !== null;
      if (isComment(line)) comments.push(i);
      else if (!isBlank(line)) {
        flush('sample');
        sample.push(i);
      }
      i += 1;
    }
  }
  flush('sample');
  return sawPrompt ? { commands, sample } : null;
};

/** The part of a prompt that names its shell: `cd` changes the rest of it. */
const hostOf = (prompt: Prompt): string => prompt.text.replace(/[:\s].*$/, '');

/** Reads the command behind a prompt with its continuation lines; `> ` at their start is the shell's second prompt. */
class PromptedCommands {
  readonly #lines: readonly string[];
  readonly #ends: CommandEnds;
  #from = 0;
  #command = '';
  #secondary = false;

  constructor(lines: readonly string[], promptAt: (index: number) => Prompt | null) {
    this.#lines = lines;
    this.#ends = new CommandEnds(
      lines.length,
      (index) => this.textAt(index),
      (index) => promptAt(index) !== null,
    );
  }

  /** End (exclusive) of the command at a prompt; the prompt's own line when nothing is behind it. */
  endOf(from: number, prompt: Prompt): number {
    if (prompt.command.trim() === '') return from;
    this.#from = from;
    this.#command = prompt.command;
    this.#secondary = isSecondary(this.#lines[from + 1]);
    if (!this.#secondary) return this.#ends.after(from);
    let until = from + 1;
    while (isSecondary(this.#lines[until])) until += 1;
    return this.#ends.after(from, until);
  }

  /** Text of a line of the command that was read last, without its prompt. */
  textAt(index: number): string {
    if (index === this.#from) return this.#command;
    const line = this.#lines[index] as string;
    return this.#secondary ? line.replace(/^\s*> ?/, '') : line;
  }
}

const isSecondary = (line: string | undefined): boolean => line !== undefined && /^\s*>(?: |$)/.test(line);

/**
 * A block without prompts whose first line starts a command: all of it is commands, but for the output that some
 * authors paste below a command. Output ends where a line starts a command again.
 * `named`: the block carries a shell's name, so that a line with an unknown word is more likely a command.
 */
export const sortPlainLines = (lines: readonly string[], named: boolean, tools: ReadonlySet<string>): Sorted => {
  const commands: { index: number; text: string }[] = [];
  const sample: number[] = [];
  const known = new Set([...(named ? tools : []), ...definedFunctions(lines)]);
  const ends = new CommandEnds(lines.length, (index) => lines[index] as string);
  let inOutput = false;
  let gap = true;
  for (let i = 0; i < lines.length; ) {
    const line = lines[i] as string;
    if (isBlank(line) || isComment(line)) {
      gap = true;
      if (inOutput && isComment(line)) inOutput = !leadsToCommand(lines, i, known);
      if (!inOutput) commands.push({ index: i, text: line });
      else if (isComment(line)) sample.push(i);
      i += 1;
      continue;
    }
    inOutput = isOutputLine(line, { named, gap, afterOutput: inOutput, known });
    gap = false;
    if (inOutput) {
      sample.push(i);
      i += 1;
      continue;
    }
    const end = ends.after(i);
    const left = end === i + 1 && leavesShell(line);
    for (; i < end; i += 1) commands.push({ index: i, text: lines[i] as string });
    if (left) for (const after = sessionEnd(lines, i); i < after; i += 1) sample.push(i);
  }
  return { commands, sample };
};

/** End (exclusive) of what is typed in the session that the line above opened; another login beside it is none. */
const sessionEnd = (lines: readonly string[], from: number): number => {
  const next = lines.slice(from).find((line) => !isBlank(line) && !isComment(line));
  if (next === undefined || leavesShell(next)) return from;
  const last = lines.findIndex((line, i) => i >= from && endsSession(line));
  return last < 0 ? lines.length : last + 1;
};

interface LineContext {
  readonly named: boolean;
  /** First of the block, or below a blank line or comment. */
  readonly gap: boolean;
  readonly afterOutput: boolean;
  /** Functions of the block and tools of the document. */
  readonly known: ReadonlySet<string>;
}

/** A line that directly follows output must show more than one word to be taken for a command. */
const isOutputLine = (line: string, context: LineContext): boolean => {
  const text = line.trim();
  const likeness = likenessOf(text);
  if (context.known.has(firstWord(text)) && (likeness !== 'output' || /^[\w-]+(\s*\(\))?$/.test(text))) return false;
  if (likeness === 'output') return true;
  if (context.afterOutput && !context.gap && !(text.includes(' ') && startsCommand(text))) return true;
  if (likeness === 'command') return false;
  if (!context.named) return !looksLikeCompoundTool(text);
  return !looksLikeTool(text) && !context.gap && text.split(/\s+/).length > 2;
};

const definedFunctions = (lines: readonly string[]): readonly string[] =>
  lines.flatMap((line) => {
    const match = /^\s*(?:function\s+([\w-]+)|([\w-]+)\s*\(\))/.exec(line.slice(0, 200));
    return match?.[1] ?? match?.[2] ?? [];
  });

/** True when the next line that is neither blank nor a comment starts a command. */
const leadsToCommand = (lines: readonly string[], from: number, known: ReadonlySet<string>): boolean => {
  const next = lines.slice(from, from + 50).find((line) => !isBlank(line) && !isComment(line));
  return next !== undefined && (runs(next) || (known.has(firstWord(next)) && likenessOf(next) !== 'output'));
};
