import { unknownPart } from './literal.ts';
import { type Context, contexts, scanQuoting } from './quoting.ts';

/**
 * The text that a second shell gets of a part of a script, with quotes removed and expansions as `unknownPart`.
 * `heredoc`: the part is a here-document's body, not words.
 */
export const handedOn = (part: string, heredoc: boolean): string => {
  const { map } = scanQuoting(heredoc ? `cat <<__END__\n${part}\n__END__` : part);
  const shift = heredoc ? 'cat <<__END__\n'.length : 0;
  let out = '';
  for (let i = 0; i < part.length; i += 1) {
    const char = part[i] as string;
    const context = map[i + shift] as Context;
    const next = part[i + 1] ?? '';
    if (char === '\\' && unescapes(context, next)) {
      out += next === '\n' ? '' : next;
      i += 1;
    } else if (isDelimiter(char, context)) continue;
    else out += char;
  }
  return out;
};

const unescapes = (context: Context, next: string): boolean => {
  if (context === contexts.bare || context === contexts.ansi) return true;
  if (context === contexts.double) return /["\\$`\n]/.test(next);
  return context === contexts.heredoc && /[\\$`\n]/.test(next);
};

/** A quote that opens or closes; within `"…"` a `'` is text, and the other way round. */
const isDelimiter = (char: string, context: Context): boolean => {
  if (char === '"') return context === contexts.double;
  return char === "'" && (context === contexts.single || context === contexts.ansi);
};

/** The quoting in which text appended to `text` would stand, for the shell that reads it. */
export const quotingAtEnd = (text: string): Context => scanQuoting(text.replaceAll(unknownPart, 'x')).last;
