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

/** True for a line of sample output among commands without prompts; it stands at the start of a command, not inside one. */
export const looksLikeOutput = (line: string): boolean => {
  const text = line.trim().slice(0, 2_000);
  if (printed.some((pattern) => pattern.test(text))) return true;
  if (startsCommand(text) || /^(?:["']?\$[\w{(]|--?[\w-]+|&&|\|\|?|[(){};]|\.\.?\/|<)/.test(text)) return false;
  return unlikely.some((pattern) => pattern.test(text));
};
