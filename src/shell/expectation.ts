import { stripVTControlCharacters } from 'node:util';
import { runInNewContext } from 'node:vm';
import type { ExecSpec } from '../session/exec-spec.ts';
import type { AttemptOutcome } from '../session/outcome.ts';

export interface Result {
  readonly exit: number | null;
  readonly signal: string | null;
  /** Masked output of this execution, decoded: all of it, or its first and last part. */
  readonly text: string;
  readonly lines: number;
  /** Something between the first and the last part of the output is missing in `text`. */
  readonly incomplete: boolean;
}

type Verdict = NonNullable<AttemptOutcome['expectation']>;

/** Longest a pattern may take: a pattern that backtracks without end must not hang the runner. */
const patternLimitMs = 1_000;

const matches = (pattern: { source: string; flags: string }, text: string): boolean | 'timeout' | 'invalid' => {
  try {
    // The only way to bound a regular expression is the interpreter's own time limit.
    return (
      runInNewContext('new RegExp(source, flags).test(text)', { ...pattern, text }, { timeout: patternLimitMs }) ===
      true
    );
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT' ? 'timeout' : 'invalid';
  }
};

const firstLine = (text: string): string => text.split('\n', 1)[0] ?? '';

const unmet = (because: string): Verdict => ({ met: false, because });

/** Whether all stated parts hold. Null when nothing is expected. Colours in the output are ignored. */
export const judgeExpectation = (expect: ExecSpec['expect'], result: Result): Verdict | null => {
  if (expect === null) return null;
  const wanted = expect.exit ?? 0;
  if (result.exit === null) return unmet(`ended by ${result.signal ?? 'a signal'}, expected exit ${wanted}`);
  if (result.exit !== wanted) return unmet(`exit ${result.exit}, expected ${wanted}`);
  if (expect.none && result.lines > 0) {
    return unmet(`${result.lines} ${result.lines === 1 ? 'line' : 'lines'} of output, expected none`);
  }
  const text = stripVTControlCharacters(result.text);
  const where = result.incomplete ? 'in the first and last 8 MiB of the output' : 'in the output';
  if (expect.text !== null && !text.includes(expect.text)) return unmet(`"${firstLine(expect.text)}" is not ${where}`);
  if (expect.pattern !== null) {
    const shown = `/${expect.pattern.source}/${expect.pattern.flags}`;
    const matched = matches(expect.pattern, text);
    if (matched === 'timeout')
      return unmet(`${shown} took longer than ${patternLimitMs / 1000} s to match; simplify it`);
    if (matched === 'invalid') return unmet(`${shown} is not a regular expression`);
    if (!matched) return unmet(`${shown} does not match ${where}`);
  }
  return { met: true, because: metBecause(expect, wanted) };
};

const metBecause = (expect: NonNullable<ExecSpec['expect']>, wanted: number): string => {
  const parts = [`exit ${wanted}`];
  if (expect.none) parts.push('no output');
  if (expect.text !== null) parts.push(`output holds "${firstLine(expect.text)}"`);
  if (expect.pattern !== null) parts.push(`output matches /${expect.pattern.source}/${expect.pattern.flags}`);
  return parts.join(', ');
};
