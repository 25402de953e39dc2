import { startsCommand } from '../shell/words.ts';
import { looksLikeOutput } from './output.ts';
import type { Prompt } from './prompts.ts';
import { opensSession } from './sessions.ts';
import { commandEnd } from './shell-state.ts';

/** Lines of a block by index: what a shell gets, prompts removed, and what is output. */
export interface Sorted {
  readonly commands: readonly { readonly index: number; readonly text: string }[];
  readonly sample: readonly number[];
}

const isComment = (line: string): boolean => /^\s*#/.test(line);
const isBlank = (line: string): boolean => line.trim() === '';

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
      const taken = promptedCommand(lines, i, prompt, promptAt);
      commands.push(...taken);
      i += Math.max(1, taken.length);
    } else if (prompt === null && !sawPrompt && startsCommand(line) && !looksLikeOutput(line)) {
      flush('commands');
      const end = commandEnd(lines, i, (_, index) => promptAt(index) !== null);
      for (; i < end; i += 1) commands.push({ index: i, text: lines[i] as string });
    } else {
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

/** The command of a prompt with its continuation lines; `> ` at their start is the shell's second prompt. */
const promptedCommand = (
  lines: readonly string[],
  from: number,
  prompt: Prompt,
  promptAt: (index: number) => Prompt | null,
): { index: number; text: string }[] => {
  if (prompt.command.trim() === '') return [];
  const secondary = /^\s*>(?: |$)/.test(lines[from + 1] ?? '');
  const until = secondary ? secondaryEnd(lines, from + 1) : lines.length;
  const shown = (index: number): string => {
    const line = lines[index] as string;
    if (index === from) return prompt.command;
    return secondary ? line.replace(/^\s*> ?/, '') : line;
  };
  const block = Array.from({ length: Math.min(until, from + 2_000) - from }, (_, k) => shown(from + k));
  const end = commandEnd(block, 0, (_, index) => promptAt(from + index) !== null);
  return block.slice(0, end).map((text, k) => ({ index: from + k, text }));
};

const secondaryEnd = (lines: readonly string[], from: number): number => {
  let end = from;
  while (end < lines.length && /^\s*>(?: |$)/.test(lines[end] as string)) end += 1;
  return end;
};

/**
 * A block without prompts whose first line starts a command: all of it is commands, but for the output that some
 * authors paste below a command.
 */
export const sortPlainLines = (lines: readonly string[]): Sorted => {
  const commands: { index: number; text: string }[] = [];
  const sample: number[] = [];
  const functions = definedFunctions(lines);
  let inOutput = false;
  let gap = true;
  for (let i = 0; i < lines.length; ) {
    const line = lines[i] as string;
    if (isBlank(line) || isComment(line)) {
      gap = true;
      if (!inOutput) commands.push({ index: i, text: line });
      else if (isComment(line) && leadsToCommand(lines, i)) {
        inOutput = false;
        commands.push({ index: i, text: line });
      } else if (isComment(line)) sample.push(i);
      i += 1;
      continue;
    }
    inOutput = isOutputLine(line, inOutput && !gap, functions);
    gap = false;
    if (inOutput) {
      sample.push(i);
      i += 1;
      continue;
    }
    const end = commandEnd(lines, i);
    for (; i < end; i += 1) commands.push({ index: i, text: lines[i] as string });
  }
  return { commands, sample };
};

/** A line that directly follows output must show more than one word to be taken for a command. */
const isOutputLine = (line: string, follows: boolean, functions: ReadonlySet<string>): boolean => {
  const text = line.trim();
  if (functions.has(/^\S*/.exec(text)?.[0] ?? '')) return false;
  return looksLikeOutput(line) || (follows && !(text.includes(' ') && startsCommand(text)));
};

const definedFunctions = (lines: readonly string[]): ReadonlySet<string> => {
  const names = lines.map((line) => /^\s*(?:function\s+([\w-]+)|([\w-]+)\s*\(\))\s*(?:\(\))?\s*\{?/.exec(line));
  return new Set(names.flatMap((match) => match?.[1] ?? match?.[2] ?? []));
};

/** True when the next line that is neither blank nor a comment starts a command. */
const leadsToCommand = (lines: readonly string[], from: number): boolean => {
  const next = lines.slice(from, from + 50).find((line) => !isBlank(line) && !isComment(line));
  return next !== undefined && startsCommand(next) && !looksLikeOutput(next);
};
