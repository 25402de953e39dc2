import { executables, keywords } from './executables.ts';

/** True when a shell would find a command at the start of the line: executable, builtin, keyword, assignment or path. */
export const startsCommand = (line: string): boolean => {
  const text = line.trim();
  const first = /^[^\s|;&<>()]+/.exec(text)?.[0] ?? '';
  if (/^[A-Za-z_]\w*=/.test(first)) return true;
  if (/^(\.{1,2}|~)?\/[\w.-]/.test(first)) return true;
  return (executables.has(first) || keywords.has(first)) && !/^\S+:(\s|$)/.test(text);
};
