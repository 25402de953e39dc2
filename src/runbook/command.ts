import { commandOptions, type Place, riskOf } from './command-options.ts';
import type { Command, Diagnostic, Input, LineRange } from './model.ts';
import { type Analysis, analyse } from './shell/analyse.ts';
import { checkCharacters } from './shell/characters.ts';
import type { Finding } from './shell/finding.ts';
import { rewriteSafely } from './shell/placeholder-safety.ts';
import type { Placeholder, Rewritten } from './shell/placeholders.ts';

export interface CommandSource {
  /** The text to execute, prompts removed, lines joined by `\n`. */
  readonly script: string;
  readonly shell: string;
  /** Source lines that are executed, inclusive. */
  readonly lines: readonly LineRange[];
  readonly attributes: Readonly<Record<string, string>>;
  readonly sample: Command['sample'];
  /** Of a plain file: placeholders are rewritten, and a problem blocks this command only. */
  readonly plain: boolean;
  /** Declared inputs of the runbook. */
  readonly inputs: readonly Input[];
  /** Source place of an offset into `script`. */
  readonly place: (offset: number) => Place;
  /** Where the attributes stand; default: the place of offset 0. */
  readonly attributesPlace?: Place;
  /** `target.context` of the runbook. */
  readonly context?: string | null;
  /** Set for gate and panel commands, which must be reads (E419): how to call it in the message. */
  readonly probe?: 'gate' | 'panel';
}

export interface BuiltCommand {
  readonly command: Command;
  readonly diagnostics: readonly Diagnostic[];
  /** Inputs of its placeholders, asked at its step. */
  readonly inputs: readonly Input[];
}

const limitBytes = 64 * 1024;

/**
 * A command with everything that can be said of it without running it.
 * In a plain file its errors are warnings of the same number, and the first of them blocks it.
 */
export const buildCommand = (source: CommandSource): BuiltCommand => {
  const attributesPlace = source.attributesPlace ?? source.place(0);
  const shell = source.attributes.shell ?? source.shell;
  const { options, diagnostics: attributeProblems } = commandOptions(source.attributes, attributesPlace);
  const stated = riskOf(source.attributes);
  const judge = (script: string): Analysis =>
    analyse(script, { shell, plain: source.plain, inputs: source.inputs, context: source.context ?? null });
  const { rewritten, analysis } = source.plain
    ? rewriteSafely(source.script, shell, judge)
    : asWritten(source.script, judge);
  const risk = stated ?? analysis.risk;
  const findings = [
    ...sizeFindings(source.script),
    ...checkCharacters(source.script),
    ...rewritten.findings,
    ...analysis.findings.map((finding) => ({ ...finding, offset: rewritten.toOriginal(finding.offset) })),
  ];
  if (options.expect !== null && options.expect.exit === null) drop(findings, 327);
  if (options.attempts > 1 && risk !== 'read' && !options.retrySafe) findings.push(retryFinding(risk));
  if (source.probe !== undefined && risk !== 'read') findings.push(probeFinding(source.probe, analysis));
  if (source.probe !== undefined) findings.push(...elsewhereFindings(source.probe, analysis));
  const problems = [...attributeProblems, ...findings.map((finding) => toDiagnostic(finding, source))];
  const blocking = problems.find((problem) => blocks(problem, source.plain)) ?? null;
  const command: Command = {
    script: rewritten.script,
    original: source.script,
    shell,
    lines: source.lines,
    attributes: source.attributes,
    risk,
    riskBecause: stated === null ? analysis.because : [`stated by the runbook: risk=${stated}`, ...analysis.because],
    placeholders: rewritten.placeholders,
    uses: analysis.uses,
    sets: analysis.sets,
    programs: analysis.programs,
    sample: source.sample,
    blocked: blocking?.code ?? null,
    blockedBecause: blocking?.message ?? null,
    targetStep: source.plain && analysis.targetStep,
    targets: analysis.targets,
    selects: analysis.selects,
    outsidePin: analysis.outsidePin,
    watcher: analysis.watcher,
    exitSaysNothing: analysis.exitSaysNothing,
    endsInMatch: analysis.endsInMatch,
    options: { ...options, tty: options.tty || (analysis.interactive && source.attributes.tty === undefined) },
  };
  const inputs = rewritten.placeholders.map((placeholder) => placeholderInput(placeholder, source));
  return { command, diagnostics: problems.map((problem) => reported(problem, source.plain)), inputs };
};

/** In a gonogo runbook nothing that a shell runs is rewritten. */
const asWritten = (
  script: string,
  judge: (script: string) => Analysis,
): { rewritten: Rewritten; analysis: Analysis } => ({
  rewritten: { script, placeholders: [], uses: [], findings: [], toOriginal: (offset) => offset },
  analysis: judge(script),
});

const sizeFindings = (script: string): Finding[] => {
  const size = Buffer.byteLength(script);
  if (size <= limitBytes) return [];
  const message = `command is ${Math.ceil(size / 1024)} KiB, limit 64 KiB`;
  return [{ number: 414, severity: 'error', offset: 0, message, hint: 'put it into a script and call that' }];
};

const retryFinding = (risk: string): Finding => ({
  number: 423,
  severity: 'error',
  offset: 0,
  message: `retry on a ${risk} command`,
  hint: 'add retry-safe if running it twice does no harm, or drop retry',
});

const probeFinding = (probe: 'gate' | 'panel', analysis: Analysis): Finding => ({
  number: 419,
  severity: 'error',
  offset: 0,
  message: `a ${probe} command must only read${analysis.because[0] === undefined ? '' : ` (${analysis.because[0]})`}`,
  hint: 'make it a command of a step, or state risk=read if it changes nothing',
});

/** What it asks there would be taken for the pinned target's answer; another context is not in the copy it is given. */
const elsewhereFindings = (probe: 'gate' | 'panel', { targets }: Analysis): Finding[] =>
  targets
    .filter(({ of }) => of === 'kubeconfig' || of === 'server')
    .map(({ option }) => ({
      number: 416,
      severity: 'error',
      offset: 0,
      message: `a ${probe} command must ask the pinned target (${option})`,
      hint: `drop ${option}`,
    }));

const drop = (findings: Finding[], number: number): void => {
  for (let i = findings.length - 1; i >= 0; i -= 1) if (findings[i]?.number === number) findings.splice(i, 1);
};

const toDiagnostic = (finding: Finding, source: CommandSource): Diagnostic => {
  const { line, column } = source.place(Math.min(finding.offset, source.script.length));
  const code = `${finding.severity === 'error' ? 'E' : 'W'}${finding.number}`;
  return { code, severity: finding.severity, line, column, message: finding.message, hint: finding.hint };
};

/** An attribute that nobody knows does not keep a plain file's command from running: it may be another tool's. */
const blocks = (problem: Diagnostic, plain: boolean): boolean =>
  problem.severity === 'error' && !(plain && problem.code === 'E212');

const reported = (problem: Diagnostic, plain: boolean): Diagnostic =>
  plain && problem.severity === 'error'
    ? { ...problem, severity: 'warning', code: problem.code.replace('E', 'W') }
    : problem;

const placeholderInput = ({ text, variable }: Placeholder, source: CommandSource): Input => ({
  name: variable,
  variable,
  type: 'text',
  prompt: text,
  example: null,
  default: null,
  pattern: null,
  choices: [],
  from: null,
  askedAtStep: true,
  line: source.place(source.script.indexOf(text)).line,
});
