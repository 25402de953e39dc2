import type { CommandCheck, GateCheck } from './check.ts';
import { comparisonWords, holds } from './comparison.ts';
import { compareJson } from './json-path.ts';
import { bad, failedToAsk, good, grey, noData, type Sample } from './sample.ts';

/** What a GET was answered with. */
export interface WebAnswer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
  readonly location: string | null;
}

/** How a read command ended. */
export interface CommandAnswer {
  readonly exit: number | null;
  readonly output: string;
  readonly timedOut: boolean;
}

/** How many lines of some pods' logs match a pattern. */
export interface LogAnswer {
  /** That the selector selects. */
  readonly pods: number;
  /** Whose logs were read. */
  readonly read: number;
  /** Logs of which only the beginning and the end were read. */
  readonly cut: number;
  readonly lines: number;
  readonly matches: number;
  readonly groups: readonly { readonly text: string; readonly count: number; readonly pod: string }[];
  readonly incomplete: string | null;
}

/** A status other than the wanted one is BAD, a redirect an ERROR: it leads to a login as likely as to an answer. */
export const webSample = (check: Extract<GateCheck, { kind: 'http' }>, answer: WebAnswer, at: number): Sample => {
  const value = `HTTP ${answer.status}`;
  const redirected = answer.status >= 300 && answer.status < 400 && answer.status !== 304;
  if (redirected && check.status !== answer.status)
    return failedToAsk(at, `redirected to ${answer.location ?? 'nowhere'} (login?)`);
  if (answer.status !== check.status) return bad(at, value, `HTTP ${answer.status}, not ${check.status}`);
  if (check.json.length === 0) return good(at, value);
  const compared = compareJson(answer.body, check.json);
  switch (compared.kind) {
    case 'not-json':
      return failedToAsk(at, `not JSON (${answer.type === '' ? 'no type said' : answer.type})`);
    case 'equal':
      return good(at, `${value}, ${compared.value}`);
    case 'different':
      return bad(at, `${value}, ${compared.value}`, compared.because);
  }
};

const firstLine = (text: string): string => {
  const line = text.trim().split('\n').at(-1)?.trim() ?? '';
  return line.length > 200 ? `${line.slice(0, 200)}…` : line;
};

/**
 * Health of a read command. Without `exit`, a status other than 0 is BAD when nothing else is asked of the command, and
 * an ERROR when its output was to be judged: it did not give an answer.
 */
export const commandSample = (check: CommandCheck, answer: CommandAnswer, limitMs: number, at: number): Sample => {
  if (answer.timedOut) return failedToAsk(at, `no answer in ${limitMs / 1000} s`);
  if (answer.exit === null) return failedToAsk(at, 'a signal ended it');
  const said = firstLine(answer.output);
  const exit = `exit ${answer.exit}`;
  const inWords = said === '' ? exit : `${exit}: ${said}`;
  if ((answer.exit === 126 || answer.exit === 127) && check.exit !== answer.exit) return failedToAsk(at, inWords);
  const judgesOutput = check.json.length > 0 || check.matches !== null || check.number !== null;
  if (answer.exit !== (check.exit ?? 0)) {
    if (check.exit === null && judgesOutput) return failedToAsk(at, inWords);
    return bad(at, exit, check.exit === null || check.exit === 0 ? inWords : `${inWords}, not exit ${check.exit}`);
  }
  return judgesOutput ? outputSample(check, answer.output, at) : good(at, exit);
};

const outputSample = (check: CommandCheck, output: string, at: number): Sample => {
  const found: Sample[] = [];
  if (check.json.length > 0) {
    const compared = compareJson(output, check.json);
    if (compared.kind === 'not-json') return failedToAsk(at, 'its output is not JSON');
    found.push(compared.kind === 'equal' ? good(at, compared.value) : bad(at, compared.value, compared.because));
  }
  if (check.number !== null) {
    const text = output.trim();
    if (text === '') return noData(at, 'empty', 'its output is empty');
    const number = Number(text);
    if (!Number.isFinite(number)) return failedToAsk(at, 'its output is not a number');
    const right = holds(check.number, number);
    found.push(right ? good(at, text) : bad(at, text, `${text} is not ${comparisonWords(check.number)}`));
  }
  if (check.matches !== null) {
    const { source, flags } = check.matches;
    const right = new RegExp(source, flags.replaceAll(/[gy]/g, '')).test(output);
    const value = right ? 'matches' : 'no match';
    found.push(right ? good(at, value) : bad(at, value, `its output does not match /${source}/${flags}`));
  }
  return found.find(({ kind }) => kind === 'BAD') ?? good(at, found.map(({ value }) => value).join(', '));
};

const number = (count: number): string => count.toLocaleString('en');

/** How much was looked at: it goes into the record with the verdict. */
const readWords = ({ pods, read, cut, lines, matches }: LogAnswer): string => {
  const parts = [`${number(matches)} of ${number(lines)} lines`];
  if (read < pods) parts.push(`${number(read)} of ${number(pods)} pods read`);
  if (cut > 0) parts.push(`${number(cut)} ${cut === 1 ? 'log' : 'logs'} over 4 MiB: beginning and end read`);
  return parts.join(', ');
};

/** No line may match, and there must be lines. What could not be read is no proof; a choice of many pods is one. */
export const logSample = (answer: LogAnswer, at: number): Sample => {
  const words = readWords(answer);
  const first = answer.groups[0];
  if (answer.matches > 0)
    return bad(at, words, first === undefined ? words : `${first.text} (${first.count} x, ${first.pod})`);
  if (answer.pods === 0) return noData(at, 'empty', 'no pods match the selector');
  if (answer.incomplete !== null) return grey(at, words, answer.incomplete);
  return answer.lines === 0
    ? noData(at, 'empty', 'no line to read yet; judge it by eye if this service logs nothing')
    : good(at, words);
};

/**
 * A criterion looks for what is bad: of pods whose logs could be read and hold nothing, nothing is. A gate wants proof,
 * which silence is not.
 */
export const logCriterion = (answer: LogAnswer, at: number): Sample => {
  const isSilent = answer.pods > 0 && answer.lines === 0 && answer.incomplete === null;
  return isSilent ? good(at, readWords(answer)) : logSample(answer, at);
};
