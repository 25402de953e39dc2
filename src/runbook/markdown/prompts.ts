import { startsCommand } from '../shell/words.ts';

export interface Prompt {
  /** The prompt itself, as written: `$`, `deploy@log3:~$`. */
  readonly text: string;
  readonly command: string;
}

/** Nothing else looks like these, so whatever stands behind is a command. */
const certain: readonly RegExp[] = [
  /^(\$)(?:\s+(.*))?$/,
  /^((?:\S{1,60}\s)?❯)(?:\s+(.*))?$/,
  /^([\w.-]+@[\w.-]+(?:[: ][^\s$#%]{0,80})?(?:\s\([\w./-]+\))?\s?[$#])(?:\s+(.*))?$/,
  /^(\[[^\]]{1,80}\](?:\s?[\w.~/-]+)?[$#])(?:\s+(.*))?$/,
  /^((?:sh|bash|zsh|ksh|ash|dash)-\d[\w.]*[$#])(?:\s+(.*))?$/,
];

/** These occur in logs, tables and prose too, so a command must stand behind. */
const likely: readonly RegExp[] = [
  /^(%)\s+(.+)$/,
  /^([\w.-]+@[\w.-]+(?:[: ]\S{0,80})?\s?%)\s+(.+)$/,
  /^([~/][\w./-]*\s?[$#%])\s+(.+)$/,
  /^([\w.-]+:[~/][\w./~-]*(?:\s\w+)?\s?[$#])\s+(.+)$/,
  /^([\w.-]+[$#])\s+(.+)$/,
  /^([\w.-]+\s+[$#])\s+(.+)$/,
];

/** `(venv) $ pip install x`: the name of an environment may stand before any prompt. */
const environment = /^\([\w.:/-]{1,40}\)\s*(?=\S)/;

/** The prompt at the start of a line; null when there is none. `# ` is not among them (see `rootPrompts`). */
export const promptOf = (line: string): Prompt | null => {
  if (line.length > 20_000) return null;
  const trimmed = line.trim();
  const text = trimmed.replace(environment, '');
  if (!/[$%❯➜#]/.test(text.slice(0, 200))) return null;
  const arrow = arrowPrompt(text);
  if (arrow !== null) return arrow;
  for (const pattern of certain) {
    const match = pattern.exec(text);
    if (match === null || isAmount(match[2])) continue;
    return { text: match[1] as string, command: match[2] ?? '' };
  }
  for (const pattern of likely) {
    const match = pattern.exec(text);
    if (match === null || !startsCommand(match[2] as string)) continue;
    const prompt = match[1] as string;
    if (!startsCommand(prompt.replace(/\s.*/, ''))) return { text: prompt, command: match[2] as string };
  }
  return null;
};

/** Prompts by line. One that was seen once is believed for every line that starts with it. */
export const promptsOf = (lines: readonly string[]): readonly (Prompt | null)[] => {
  const found = lines.map(promptOf);
  const known = new Set(found.flatMap((prompt) => prompt?.text ?? []).filter((text) => text.length > 2));
  if (known.size === 0) return found;
  return found.map((prompt, i) => {
    if (prompt !== null) return prompt;
    const line = (lines[i] as string).trim();
    const text = /^\S.*?[$#%](?=\s+\S)/.exec(line.slice(0, 2_000))?.[0];
    if (text === undefined || !known.has(text)) return null;
    return { text, command: line.slice(text.length).trim() };
  });
};

/** `➜ kubectl get pods`, `➜  ~ ls`, `➜  shop git:(main) ✗ make deploy`. */
const arrowPrompt = (text: string): Prompt | null => {
  const match = /^➜\s+(.*)$/.exec(text);
  if (match === null) return null;
  const rest = match[1] as string;
  const decorated = /^(\S+\s+git:\([^)]*\)(?:\s+[✗✘✔])?)\s+(.*)$/.exec(rest);
  if (decorated !== null) return { text: `➜ ${decorated[1]}`, command: decorated[2] as string };
  const directory = /^(\S+)\s+(.+)$/.exec(rest);
  if (
    directory !== null &&
    !/[:.,]$/.test(directory[1] as string) &&
    !startsCommand(rest) &&
    startsCommand(directory[2] as string)
  )
    return { text: `➜ ${directory[1]}`, command: directory[2] as string };
  return /^[a-z./~$][\w./~+-]*(\s|$)/.test(rest) ? { text: '➜', command: rest } : null;
};

const isAmount = (text: string | undefined): boolean => text !== undefined && /^[\d.,]+(\s|$)/.test(text);

/**
 * Indexes of the lines where `# ` is a root prompt rather than a comment: a command stands behind it, and output, which
 * starts no command itself, follows one of them. Only asked for fences without another prompt.
 */
export const rootPrompts = (lines: readonly string[]): ReadonlySet<number> => {
  const found = new Set<number>();
  let followed = false;
  for (const [i, line] of lines.entries()) {
    const behind = /^\s*# (\S.*)$/.exec(line)?.[1];
    if (behind === undefined) {
      if (line.trim() === '' || /^\s*#/.test(line)) continue;
      if (startsCommand(line)) return new Set();
      if (found.size === 0) return new Set();
      followed ||= found.has(i - 1);
    } else if (startsCommand(behind)) found.add(i);
  }
  return followed ? found : new Set();
};
