import { parseDuration } from '../text/duration.ts';
import { attributeNames, foreignAttributes, itemAttributes } from './attribute-names.ts';
import type { CommandOptions, Condition, Diagnostic, Expectation, Risk } from './model.ts';
import { nearest } from './nearest.ts';

/** 1-based place of the attributes in the source file. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

type Attributes = Readonly<Record<string, string>>;
type Report = (code: string, message: string, hint: string | null) => void;

const reporter = (place: Place): { report: Report; diagnostics: Diagnostic[] } => {
  const diagnostics: Diagnostic[] = [];
  const report: Report = (code, message, hint) => {
    diagnostics.push({ code, severity: 'error', ...place, message, hint });
  };
  return { report, diagnostics };
};

const unknownNames = (
  attributes: Attributes,
  known: ReadonlyMap<string, 'flag' | 'value'>,
  report: Report,
  skipped: ReadonlySet<string> = new Set(),
): void => {
  for (const name of Object.keys(attributes)) {
    if (known.has(name) || skipped.has(name)) continue;
    const near = nearest(name, known.keys());
    report('E212', `unknown attribute "${name}"`, near === null ? 'remove it' : `did you mean "${near}"?`);
  }
};

/**
 * The attributes of a command as typed options. Errors: E212 unknown attribute, E214 bad name, E217 bad value.
 * `risk` and `shell` are checked here and read from the attributes by `buildCommand`.
 */
export const commandOptions = (
  attributes: Attributes,
  place: Place,
): { options: CommandOptions; diagnostics: Diagnostic[] } => {
  const { report, diagnostics } = reporter(place);
  unknownNames(attributes, attributeNames, report, foreignAttributes);
  const read = readers(attributes, report);
  riskOf(attributes, report);
  const retry = read.count('retry');
  const options: CommandOptions = {
    name: read.name('name'),
    timeoutMs: read.duration('timeout'),
    onTimeout: read.oneOf('on-timeout', ['warn', 'stop']) ?? 'warn',
    capture: read.variable('capture'),
    expect: expectation(attributes, report),
    tty: read.flag('tty'),
    background: read.flag('background'),
    attempts: retry ?? 1,
    everyMs: read.duration('every') ?? (retry === null ? 0 : 10_000),
    retrySafe: read.flag('retry-safe'),
    cwd: read.text('cwd'),
    manual: read.flag('manual'),
    undo: read.flag('undo'),
    when: read.condition('when'),
    owe: read.owe('owe'),
  };
  if (options.tty && options.background) report('E217', 'tty and background exclude each other', 'keep one');
  if (options.tty && options.capture !== null) report('E217', 'output of a tty command cannot be captured', 'drop tty');
  return { options, diagnostics };
};

/** The stated risk; null when there is none or it is not one of the three words (E217). */
export const riskOf = (attributes: Attributes, report: Report = () => {}): Risk | null => {
  const value = attributes.risk;
  if (value === undefined) return null;
  if (value === 'read' || value === 'change' || value === 'destroy') return value;
  report('E217', `risk=${value}`, 'use read, change or destroy');
  return null;
};

/** Attributes of a task item or heading. Errors: E212, E214, E217. */
export interface ItemOptions {
  readonly name: string | null;
  readonly when: Condition | null;
  readonly owe: string | null;
  readonly critical: boolean;
}

export const itemOptions = (
  attributes: Attributes,
  place: Place,
): { options: ItemOptions; diagnostics: Diagnostic[] } => {
  const { report, diagnostics } = reporter(place);
  unknownNames(attributes, itemAttributes, report);
  const read = readers(attributes, report);
  const options = {
    name: read.name('name'),
    when: read.condition('when'),
    owe: read.owe('owe'),
    critical: read.flag('critical'),
  };
  return { options, diagnostics };
};

/** `INPUT`, `INPUT==VALUE`, `INPUT!=VALUE`; null when it is none of these. */
export const parseCondition = (text: string): Condition | null => {
  const match = /^\s*([A-Za-z_][\w-]*)\s*(?:(==|!=)\s*(.*?)\s*)?$/s.exec(text);
  if (match === null) return null;
  const op = match[2] as '==' | '!=' | undefined;
  if (op === undefined) return { input: match[1] as string, op: 'set', value: null };
  return { input: match[1] as string, op, value: (match[3] as string).replace(/^(["'])(.*)\1$/s, '$2') };
};

const readers = (attributes: Attributes, report: Report) => {
  const get = (name: string): string | null => attributes[name] ?? null;
  const bad = (name: string, hint: string, code = 'E217'): null => {
    report(code, `${name}=${get(name)}`, hint);
    return null;
  };
  const matching = (name: string, pattern: RegExp, hint: string, code = 'E217'): string | null => {
    const value = get(name);
    return value === null || pattern.test(value) ? value : bad(name, hint, code);
  };
  return {
    text: (name: string): string | null => (get(name) === '' ? bad(name, 'give a value') : get(name)),
    name: (name: string) =>
      matching(name, /^[\p{L}\p{N}][\p{L}\p{N} _.-]*$/u, 'use letters, digits, "-", "_" and "."', 'E214'),
    variable: (name: string) => matching(name, /^[A-Za-z_]\w*$/, 'use the name of a shell variable: PREVIOUS_IMAGE'),
    owe: (name: string) => {
      const value = get(name);
      return value === null || parseDuration(value) !== null ? value : bad(name, 'use a duration: 2h');
    },
    duration: (name: string): number | null => {
      const value = get(name);
      if (value === null) return null;
      const ms = parseDuration(value);
      return ms === null || ms === 0 ? bad(name, 'use a duration: 90s, 5m, 1h30m') : ms;
    },
    count: (name: string): number | null => {
      const value = matching(name, /^[1-9]\d?$/, 'use a number from 1 to 99');
      return value === null ? null : Number(value);
    },
    flag: (name: string): boolean => matching(name, /^(true|false)$/, 'it is a flag: leave the value out') === 'true',
    oneOf: <T extends string>(name: string, words: readonly T[]): T | null => {
      const value = get(name);
      if (value === null) return null;
      return words.find((word) => word === value) ?? bad(name, `use ${words.join(' or ')}`);
    },
    condition: (name: string): Condition | null => {
      const value = get(name);
      if (value === null) return null;
      return parseCondition(value) ?? bad(name, 'use INPUT, INPUT==VALUE or INPUT!=VALUE');
    },
  };
};

/** `expect=none`, `expect="text"`, `expect=/regex/i` and `exit=0`; null when neither is given. */
const expectation = (attributes: Attributes, report: Report): Expectation | null => {
  const exitText = attributes.exit;
  const expected = attributes.expect;
  if (exitText === undefined && expected === undefined) return null;
  const exit = exitText === undefined ? null : exitStatus(exitText, report);
  if (expected === undefined) return { exit, text: null, pattern: null, none: false };
  if (expected === '') report('E217', 'expect is empty', 'use expect=none when no output is expected');
  if (expected === 'none') return { exit, text: null, pattern: null, none: true };
  const regex = /^\/(.+)\/([a-z]*)$/s.exec(expected);
  if (regex === null) return { exit, text: expected, pattern: null, none: false };
  const pattern = { source: regex[1] as string, flags: regex[2] as string };
  try {
    new RegExp(pattern.source, pattern.flags);
  } catch (error) {
    report('E217', `expect=${expected}`, (error as Error).message);
    return { exit, text: null, pattern: null, none: false };
  }
  return { exit, text: null, pattern, none: false };
};

const exitStatus = (text: string, report: Report): number | null => {
  if (/^\d{1,3}$/.test(text) && Number(text) <= 255) return Number(text);
  report('E217', `exit=${text}`, 'use a number from 0 to 255');
  return null;
};
