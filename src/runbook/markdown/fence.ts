import { parseAttributes } from '../attributes.ts';
import { type BodyKind, bodyKindOf } from '../bodies.ts';
import type { LineRange } from '../model.ts';
import { executables } from '../shell/executables.ts';
import { looksLikeSettings, startsCommand } from '../shell/words.ts';
import type { CodeBlock } from './blocks.ts';
import { firstWord } from './mentioned-tools.ts';
import { likenessOf, looksLikeCompoundTool, looksLikeTool } from './output.ts';
import { promptsOf, rootPrompts } from './prompts.ts';
import { isShown, type ShownFence, shownFences } from './shown-fences.ts';
import { type Sorted, sortPlainLines, sortPromptedLines } from './sort-lines.ts';
import { looksLikeText } from './text-shapes.ts';

/** What a code block is for. */
export type Reading =
  | { readonly kind: 'command'; readonly source: FenceCommand }
  | { readonly kind: 'body'; readonly body: BodyKind }
  | { readonly kind: 'text' };

/** The lines of a block that a shell gets, and those that are output. */
export interface FenceCommand {
  /** Texts of the executed lines, prompts removed. */
  readonly script: readonly string[];
  /** Source line of each entry of `script`. */
  readonly scriptLines: readonly number[];
  readonly sample: { readonly text: string; readonly lines: readonly LineRange[] } | null;
}

const shellLanguages: ReadonlySet<string> = new Set(
  'sh bash shell zsh console shell-session terminal shellsession sh-session bash-session shellscript shell-script ksh dash'.split(
    ' ',
  ),
);

/** Does a fence of this language hold shell commands? Null, no language, is no. */
export const namesShell = (written: string | null): boolean => shellLanguages.has(languageOf(written) ?? '');

/** `bash,ignore` -> `bash`. */
const languageOf = (written: string | null): string | null =>
  written === null ? null : (/^[\w-]+/.exec(written)?.[0] ?? written);

/** Index of the first line that is neither blank nor a comment; null when there is none. */
export const firstSaid = (lines: readonly string[]): number | null => {
  const index = lines.findIndex((line) => line.trim() !== '' && !/^\s*#/.test(line));
  return index === -1 ? null : index;
};

export interface ReadingOptions {
  /** Fences of gonogo's own kinds are text in a plain file. */
  readonly plain: boolean;
  /** See `mentionedTools`. */
  readonly tools: ReadonlySet<string>;
}

/** Decides what a block is. Wrong either way is bad; running output is worse. */
export const readCode = (block: CodeBlock, options: ReadingOptions): Reading => {
  const { language: written, attributes } = parseAttributes(block.info);
  const language = languageOf(written);
  if (language !== null && !shellLanguages.has(language)) {
    const body = options.plain || !block.fenced ? null : bodyKindOf(language);
    return body === null ? { kind: 'text' } : { kind: 'body', body };
  }
  const named = language !== null;
  const shown = shownFences(block.content);
  const whole = !options.plain && shown.length === 0 && !hasPrompts(block.content);
  if (named && (attributes.shell !== undefined || whole)) return wholeBlock(block);
  const sorted =
    shown.length === 0
      ? sortLines(block.content, named, options.tools)
      : sortAround(shown, block.content, named, options.tools);
  if (sorted === null) return { kind: 'text' };
  return { kind: 'command', source: toCommand(block, sorted) };
};

const sortLines = (lines: readonly string[], named: boolean, tools: ReadonlySet<string>): Sorted | null => {
  const prompts = promptsOf(lines);
  const sorted = sortPromptedLines(lines, (i) => prompts[i] ?? null);
  if (sorted !== null) return sorted;
  const root = rootPrompts(lines);
  if (root.size > 0)
    return sortPromptedLines(lines, (i) =>
      root.has(i) ? { text: '#', command: (lines[i] as string).replace(/^\s*# /, '') } : null,
    );
  const first = lines[firstSaid(lines) ?? -1];
  if (first === undefined)
    return named && lines.some((line) => line.trim() !== '') ? sortPlainLines(lines, named, tools) : null;
  const likeness = likenessOf(first);
  const isTool = named
    ? looksLikeTool(first) || tools.has(firstWord(first)) || isJoinedCommand(first)
    : looksLikeCompoundTool(first);
  if (likeness === 'output' || !(startsCommand(first) || isTool)) return null;
  if (!named && (looksLikeText(lines) || looksLikeSettings(lines))) return null;
  return sortPlainLines(lines, named, tools);
};

/**
 * A block that shows fences of its own: what stands in them is output of the prompts around them. Without prompts only
 * a block that names a shell has commands, those before the first one.
 */
const sortAround = (
  shown: readonly ShownFence[],
  lines: readonly string[],
  named: boolean,
  tools: ReadonlySet<string>,
): Sorted | null => {
  const hidden = isShown(shown);
  const around = lines.map((line, i) => (hidden(i) ? '' : line));
  const inside = lines.flatMap((_, i) => (hidden(i) ? [i] : []));
  if (hasPrompts(around)) {
    const sorted = sortLines(around, named, tools);
    // A quote that is open around such a fence: nobody can tell what its author would run.
    if (sorted === null || sorted.commands.some(({ index }) => hidden(index))) return null;
    return { commands: sorted.commands, sample: [...sorted.sample, ...inside].sort((a, b) => a - b) };
  }
  const first = shown[0]?.from ?? 0;
  const sorted = named ? sortLines(lines.slice(0, first), named, tools) : null;
  const rest = lines.flatMap((_, i) => (i < first ? [] : [i]));
  return sorted === null ? null : { commands: sorted.commands, sample: [...sorted.sample, ...rest] };
};

/** A word that may be prose, as in `touch a && touch b`: the operator says that a shell is meant. */
const isJoinedCommand = (line: string): boolean => executables.has(firstWord(line)) && /&&|\|\||[;|>]/.test(line);

const hasPrompts = (lines: readonly string[]): boolean =>
  promptsOf(lines).some((prompt) => prompt !== null && prompt !== undefined) || rootPrompts(lines).size > 0;

/**
 * A fence that names its interpreter is that interpreter's, whatever its lines look like; so is a shell fence without
 * prompts of a gonogo runbook, whose author knows that it runs.
 */
const wholeBlock = (block: CodeBlock): Reading =>
  block.content.some((line) => line.trim() !== '')
    ? {
        kind: 'command',
        source: toCommand(block, { commands: block.content.map((text, index) => ({ index, text })), sample: [] }),
      }
    : { kind: 'text' };

const toCommand = (block: CodeBlock, sorted: Sorted): FenceCommand => {
  const commands = trimBlank(sorted.commands);
  const sample = sorted.sample.filter((index) => (block.content[index] as string).trim() !== '');
  return {
    script: commands.map(({ text }) => text),
    scriptLines: commands.map(({ index }) => block.contentFrom + index),
    sample:
      sample.length === 0
        ? null
        : {
            text: sampleText(block, sorted.sample),
            lines: toRanges(sample.map((index) => block.contentFrom + index)),
          },
  };
};

const trimBlank = (commands: Sorted['commands']): Sorted['commands'] => {
  let from = 0;
  let to = commands.length;
  while (from < to && commands[from]?.text.trim() === '') from += 1;
  while (to > from && commands[to - 1]?.text.trim() === '') to -= 1;
  return commands.slice(from, to);
};

const sampleText = (block: CodeBlock, indexes: readonly number[]): string =>
  indexes
    .map((index) => block.content[index] as string)
    .join('\n')
    .replace(/^\n+|\n+$/g, '');

/** `[3, 4, 7]` -> `[[3, 4], [7, 7]]`. */
export const toRanges = (numbers: readonly number[]): readonly LineRange[] => {
  const ranges: [number, number][] = [];
  for (const number of numbers) {
    const last = ranges.at(-1);
    if (last !== undefined && last[1] === number - 1) last[1] = number;
    else ranges.push([number, number]);
  }
  return ranges;
};
