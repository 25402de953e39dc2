import { startsCommand } from '../shell/words.ts';

/** What tools print: no shell would be given such a line. */
const printed: readonly RegExp[] = [
  /^[\w.-]+(?:\.[\w.-]+)?\/[\w.:-]+ (?:\S+ )?(?:created|configured|unchanged|deleted|patched|scaled|restarted|labell?ed|annotated|exposed|rolled|cordoned|uncordoned|drained|evicted|replaced|edited|condition met|image updated|paused|resumed|already)\b/,
  /^[\w.-]+ ?(?:"[^"]+"|\([^)]*\)) (?:created|deleted|force deleted|configured|unchanged|successfully|scaled|patched|rolled|out|exposed|condition)\b/,
  /^\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d/,
  /^\[?\d\d:\d\d:\d\d\b/,
  /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\w*\s+(?:\w{3}\s+)?\d/,
  /^(?:HTTP\/\d|[<>*] (?:HTTP|GET|POST|PUT|DELETE|Host|User-Agent|Accept|Connected|Trying)\b)/,
  /^(?:error|warning|fatal|info|debug|notice|usage|hint|note|panic|trace)(?:\[\w+\])?:/i,
  /^level=\w+\s/,
  /^[A-Z][A-Z0-9_()%/-]*(?:(?:\t+| {2,})[A-Z][A-Z0-9_()%/ -]*)+$/,
  /^[├└│┌┐┘─═╔╗●○✓✔✗✘→⠿]/,
  /^[-=+|*~]{3,}/,
  /^(?:true|false|yes|no|null|ok|OK|active|inactive|enabled|disabled|running|pong|PONG|healthy)$/,
  /^[\w.-]+\[\d+\]:/,
  /^total \d+$/,
  /^"?[\w.-]+"?\s*:\s*["[{\d]/,
  /^\{\s*(?:"|$)/,
  /^[\]}]+,?$/,
  /^\[\s*(?:[{"\]]|$)/,
];

/** Not the shape of a command, when it starts with nothing that a shell would know. */
const unlikely: readonly RegExp[] = [
  /^[A-Z]/,
  /^\d/,
  /^[^\w./~$"'`({[!\\<-]/,
  /^-\s/,
  /^[\w.-]+:(\s|$)/,
  /^[\w.-]+\s+=\s/,
  /\S(?:\t+| {2,})\S/,
  /[.:,;]$/,
  /^\S+$/,
];

/** Starts with an expansion, an option of the line above, an operator or a bracket. */
const continuesShell = /^(?:["']?\$[\w{(]|--?[\w-]+|&&|\|\|?|[(){};]|\.\.?\/|<)/;

/** What a line at the start of a command looks like. */
export type Likeness = 'command' | 'output' | 'unknown';

export const likenessOf = (line: string): Likeness => {
  const text = line.trim().slice(0, 2_000);
  if (printed.some((pattern) => pattern.test(text))) return 'output';
  if (startsCommand(text) || continuesShell.test(text)) return 'command';
  return unlikely.some((pattern) => pattern.test(text)) ? 'output' : 'unknown';
};

/** Under a shell's name a word that no list knows is a tool when flags, a placeholder, a variable or a pipe follow. */
export const looksLikeTool = (line: string): boolean =>
  /^\s*[\p{Ll}\p{Cf}][^\s:=,]*\s/u.test(line) &&
  /\s(?:--?[A-Za-z][\w-]*(?:[=\s]|$)|<[A-Za-z][\w -]*>|\||"?\$[A-Za-z_{])/.test(line);

/** The same without a shell's name: only a compound word with a flag soon after it (`gitlab-psql -qtc "…"`). */
export const looksLikeCompoundTool = (line: string): boolean =>
  /^\s*[a-z][a-z0-9]*(?:[-_][a-z0-9]+)+(?:\.sh)?\s(?:[a-z][\w-]*\s){0,2}--?[A-Za-z][\w-]*(?:[=\s]|$)/.test(line) &&
  !/\S(?:\t| {2,})\S/.test(line);
