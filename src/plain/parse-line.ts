import type { Answer } from './answers.ts';

/** What can be asked of the session at any step. */
export type Anywhere =
  | { readonly kind: 'undo' }
  | { readonly kind: 'end' | 'note' | 'hold' | 'status' | 'back' | 'acknowledge'; readonly text: string };

/** What a typed line asks for: an answer, or one of the things that need no step. */
export type Typed =
  | Answer
  | Anywhere
  | { readonly kind: 'do'; readonly text: string }
  | { readonly kind: 'leave' | 'help' | 'output' | 'list' | 'metrics' | 'edit' };

const letters: Readonly<Record<string, Answer['kind']>> = { F: 'fail', S: 'skip', x: 'n/a', o: 'owe' };

/**
 * Empty = Enter; `y`, `t`, `R`, `q`; `F reason`, `S reason`, `x reason`, `o reason` (owe); `a text` (note), `P reason` (hold or lift),
 * `b step`, `do step`, `m` (metrics), `u`, `?`; the long words of an answers file work as well. Null when it is none of these.
 */
export const parseLine = (line: string): Typed | null => {
  const text = line.trim();
  if (text === '' || text === 'enter') return { kind: 'enter' };
  if (text === 'y' || text === 'yes') return { kind: 'yes' };
  if (text === 't' || text === 'again') return { kind: 'again' };
  if (text === 'R' || text === 'rollback') return { kind: 'rollback' };
  if (text === 'q') return { kind: 'leave' };
  if (text === 'u') return { kind: 'undo' };
  if (text === '?') return { kind: 'help' };
  if (text === 'output') return { kind: 'output' };
  if (text === 'list') return { kind: 'list' };
  if (text === 'm' || text === 'metrics') return { kind: 'metrics' };
  if (text === 'e') return { kind: 'edit' };
  const words = /^(type|answer|choose|n\/a|owe|skip|accept|fail|override|by-eye):\s*([\s\S]*)$/.exec(text);
  if (words !== null) return { kind: words[1] as 'type', text: words[2] ?? '' };
  const [, letter = '', rest = ''] = /^(\S+)\s*([\s\S]*)$/.exec(text) ?? [];
  const kind = letters[letter];
  if (kind !== undefined) return { kind, text: rest } as Answer;
  const other = { Q: 'end', a: 'note', P: 'hold', U: 'status', b: 'back', do: 'do', A: 'acknowledge' } as const;
  if (letter in other) return { kind: other[letter as keyof typeof other], text: rest };
  return null;
};
