import { parseAttributes } from '../attributes.ts';
import { diagnosticAt } from '../diagnostic.ts';
import type { Diagnostic } from '../model.ts';
import type { CodeBlock } from './blocks.ts';
import { firstSaid, namesShell, type Reading } from './fence.ts';
import { shownFences } from './shown-fences.ts';

/**
 * I328 for a fence that names a shell and is yet shown as sample output, since its first line cannot start a command:
 * an author whose command is not known here must be able to see that it will not run. Null for any other block.
 */
export const sampleFence = (block: CodeBlock, reading: Reading, lines: readonly string[]): Diagnostic | null => {
  if (reading.kind !== 'text' || !namesShell(parseAttributes(block.info).language)) return null;
  const index = firstSaid(block.content);
  if (index === null) return null;
  const text = (block.content[index] as string).trim();
  const line = block.contentFrom + index;
  const column = Math.max(0, (lines[line - 1] ?? '').indexOf(text)) + 1;
  return diagnosticAt(
    'I328',
    { line, column },
    `taken as sample output, never run: "${short(text)}" does not look like a command`,
    'to run it, begin each of its commands with "$ "',
  );
};

/**
 * I328 for a shell fence that is opened inside another block and cannot end there: that block was not closed before, or
 * it was opened with too few characters to show a fence. Without a word its commands would just be missing.
 */
export const swallowedFences = (block: CodeBlock, lines: readonly string[]): readonly Diagnostic[] =>
  !block.fenced
    ? []
    : shownFences(block.content)
        .filter(({ markup, info }) => markup.startsWith(block.markup) && namesShell(parseAttributes(info).language))
        .map(({ from, markup }) => {
          const line = block.contentFrom + from;
          const column = Math.max(0, (lines[line - 1] ?? '').indexOf(markup)) + 1;
          return diagnosticAt(
            'I328',
            { line, column },
            `taken as text, never run: this fence stands inside the code block opened line ${block.from}`,
            `to run it, close that block before it; to show it, open that block with ${markup}${markup.charAt(0)}`,
          );
        });

const longest = 60;
const short = (text: string): string => {
  const one = text.replace(/\s+/g, ' ');
  return one.length <= longest ? one : `${one.slice(0, longest - 1)}…`;
};
