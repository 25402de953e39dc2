/**
 * Names that a document itself uses as commands: behind a prompt, at the start of inline code of several words, and
 * with an option at the start of a line of code. A team's own tools are on no list, but its pages speak of them.
 */
export const mentionedTools = (text: string): ReadonlySet<string> => {
  const names = new Set<string>();
  for (const pattern of mentions) for (const match of text.matchAll(pattern)) names.add(match[1] as string);
  return names;
};

const mentions: readonly RegExp[] = [
  /`([a-z][\w.-]*)[ ][^`\n]+`/g,
  /^[ \t>]*(?:[$❯%]|[\w.-]+@[\w.-]+\S{0,80}[$#])[ \t]+(?:sudo[ \t]+)?([a-z][\w.-]*)(?=[ \t\n])/gm,
  /^[ \t>]*([a-z][\w.-]*)(?:[ \t][a-z][\w-]*){0,2}[ \t]--[a-z]/gm,
];

/** First word of a line. */
export const firstWord = (line: string): string => /^\s*([\w.-]*)/.exec(line)?.[1] ?? '';
