import type * as z from 'zod';
import { buildChecks, type CheckContext, floorProblems } from './checks.ts';
import { buildCommand } from './command.ts';
import { diagnosticAt } from './diagnostic.ts';
import { writtenTime } from './duration-inputs.ts';
import type { Header } from './header.ts';
import { declareInputs } from './input-declarations.ts';
import type { Action, Approve, Baseline, Command, DecideChoice, Diagnostic, Gate, GateTime } from './model.ts';
import {
  approveSchema,
  askSchema,
  baselineSchema,
  decideSchema,
  handoffSchema,
  messageSchema,
} from './schema-bodies.ts';
import { gateSchema } from './schema-checks.ts';
import { didYouMean, listed } from './suggest.ts';
import { testProblems } from './test-checks.ts';
import { shape } from './yaml/problems.ts';
import { readYaml } from './yaml/read.ts';
import { childOf, placeInScalar, type YamlNode, type YamlScalar } from './yaml/tree.ts';

/** Kinds of action whose fence has a YAML body. */
export type BodyKind = Exclude<Action['kind'], 'command'>;

export interface BodyContext {
  /** Metrics, inputs, shell and target of the runbook; null while the front matter could not be read. */
  readonly header: Header | null;
  /** Columns taken off the front of every line (a fence in a list item); default 0. */
  readonly indent?: number;
  /** Line of the action; default: the line before the body, where its fence opens. */
  readonly line?: number;
}

export interface ParsedBody {
  /** Null when there are errors that leave nothing to show. */
  readonly action: Action | null;
  readonly diagnostics: readonly Diagnostic[];
}

const isBodyKind = (word: string): word is BodyKind => Object.hasOwn(builders, word);

/** Reads the body of a `gate`, `baseline`, `decide`, `ask`, `approve`, `message` or `handoff` fence. */
export const parseBody = (kind: BodyKind, text: string, firstLine: number, context: BodyContext): ParsedBody => {
  const indent = context.indent ?? 0;
  const quoting = kind === 'gate' ? 'everywhere' : 'nowhere';
  const { root, diagnostics } = readYaml(text, { quoting, firstLine, indent });
  const line = context.line ?? firstLine - 1;
  if (diagnostics.length > 0) return { action: null, diagnostics };
  if (root === null) {
    const place = { line, column: indent + 1 };
    return {
      action: null,
      diagnostics: [diagnosticAt('E217', place, `${kind} is empty`, 'write its fields as "key: value"')],
    };
  }
  return buildAction(kind, root, line, context.header);
};

/** The same from a tree that was read already (YAML notation). */
export const buildAction = (kind: BodyKind, node: YamlNode, line: number, header: Header | null): ParsedBody =>
  builders[kind](node, line, header);

type Builder = (node: YamlNode, line: number, header: Header | null) => ParsedBody;

const shaped =
  <T>(
    schema: z.ZodType<T>,
    build: (value: T, node: YamlNode, line: number, header: Header | null) => ParsedBody,
  ): Builder =>
  (node, line, header) => {
    const { value, diagnostics } = shape(schema, node);
    return value === null ? { action: null, diagnostics } : build(value, node, line, header);
  };

const checkContext = (header: Header | null): CheckContext => ({
  metrics: header?.metrics ?? [],
  inputs: header?.inputs ?? [],
  shell: header?.shell ?? 'bash',
  context: header?.target?.context ?? null,
  states: 'health',
});

const buildGate = shaped(gateSchema, (value, node, line, header) => {
  const context = checkContext(header);
  const { checks, diagnostics } = buildChecks(node, context);
  const times = gateTimes(value, node, context.inputs);
  const gate: Gate = {
    name: value.name ?? null,
    critical: value.critical ?? false,
    checks,
    else: value.else ?? [],
    ...times.ms,
    breach: value.breach ?? null,
    floor: value.floor ?? null,
    minLooks: value['min-looks'] ?? null,
    shift: value.shift ?? null,
    ...(Object.keys(times.given).length === 0 ? {} : { given: times.given }),
  };
  const found = [
    ...diagnostics,
    ...times.diagnostics,
    ...floorProblems(childOf(node, 'floor'), checks, context.metrics),
    ...testProblems(gate, node, context.metrics),
    ...elseProblems(gate, node),
  ];
  if (checks.length === 0 && found.length === 0) {
    const hint = 'add a check, for example "error-rate: <= 1%" or "rollout: deployment/web"';
    found.push(diagnosticAt('E217', node.place, 'the gate has no check', hint));
  }
  return { action: { kind: 'gate', gate, line }, diagnostics: found };
});

const timeKeys = {
  forMs: 'for',
  withinMs: 'within',
  settleMs: 'settle',
  everyMs: 'every',
  holdTimeoutMs: 'hold-timeout',
} as const;

/** The times of a gate, as written or by the defaults of the inputs that give them. */
const gateTimes = (
  value: z.output<typeof gateSchema>,
  node: YamlNode,
  inputs: CheckContext['inputs'],
): { ms: Pick<Gate, GateTime>; given: Partial<Record<GateTime, string>>; diagnostics: readonly Diagnostic[] } => {
  const ms: Record<GateTime, number | null> = {
    forMs: null,
    withinMs: null,
    settleMs: null,
    everyMs: null,
    holdTimeoutMs: null,
  };
  const given: Partial<Record<GateTime, string>> = {};
  const diagnostics: Diagnostic[] = [];
  for (const time of Object.keys(timeKeys) as GateTime[]) {
    const written = writtenTime(value[timeKeys[time]], timeKeys[time], node, inputs);
    ms[time] = written.ms;
    if (written.input !== null) given[time] = written.input;
    diagnostics.push(...written.diagnostics);
  }
  return { ms, given, diagnostics };
};

/** `else` names checks of the same gate. */
const elseProblems = (gate: Gate, node: YamlNode): readonly Diagnostic[] => {
  const sources = gate.checks.map((check) => check.source);
  return gate.else.flatMap((name, index) => {
    if (sources.includes(name)) return [];
    const place = childOf(childOf(node, 'else'), index)?.place ?? node.place;
    return [
      diagnosticAt(
        'E217',
        place,
        `"else": the gate has no check "${name}"${didYouMean(name, sources)}`,
        `use ${listed(sources)}`,
      ),
    ];
  });
};

const buildBaseline = shaped(baselineSchema, (value, node, line, header) => {
  const names = (header?.metrics ?? []).map((metric) => metric.name);
  const diagnostics = value.metrics.flatMap((name, index) => {
    if (names.includes(name)) return [];
    const place = childOf(childOf(node, 'metrics'), index)?.place ?? node.place;
    return [
      diagnosticAt('E217', place, `no metric "${name}"${didYouMean(name, names)}`, 'declare it under "metrics:"'),
    ];
  });
  const window = writtenTime(value.window, 'window', node, header?.inputs ?? []);
  const baseline: Baseline = {
    metrics: value.metrics,
    windowMs: window.ms ?? 0,
    ...(window.input === null ? {} : { windowInput: window.input }),
  };
  return { action: { kind: 'baseline', baseline, line }, diagnostics: [...diagnostics, ...window.diagnostics] };
});

const buildDecide = shaped(decideSchema, (value, node, line) => {
  const entries = node.kind === 'map' ? node.entries : [];
  const choices: DecideChoice[] = entries.map(({ key }) => ({ label: key, target: value[key] ?? 'stay' }));
  const diagnostics =
    choices.length > 1
      ? []
      : [diagnosticAt('E217', node.place, 'a decision needs at least two choices', 'add for example "No go: stop"')];
  return { action: { kind: 'decide', choices, line }, diagnostics };
});

const buildAsk = shaped(askSchema, (value, node, line, header) => {
  const { items, diagnostics } = declareInputs(node, value, header?.inputs ?? []);
  return { action: { kind: 'ask', inputs: items, line }, diagnostics };
});

const approvalMinutes = 15;

const buildApprove = shaped(approveSchema, (value, _node, line) => {
  const approve: Approve = {
    role: value.role,
    reasonRequired: value.reason === 'required',
    valid: value.valid ?? approvalMinutes * 60_000,
  };
  return { action: { kind: 'approve', approve, line }, diagnostics: [] };
});

const buildMessage = shaped(messageSchema, (value, node, line, header) => {
  const send = childOf(node, 'send');
  const built = send?.kind === 'scalar' ? sendCommand(send, header) : null;
  const message = {
    name: value.name ?? null,
    to: value.to ?? null,
    send: built?.command ?? null,
    text: value.text.replace(/\n+$/, ''),
  };
  return { action: { kind: 'message', message, line }, diagnostics: built?.diagnostics ?? [] };
});

/** Sending is a change, whatever the command looks like. */
const sendCommand = (
  node: YamlScalar,
  header: Header | null,
): { command: Command; diagnostics: readonly Diagnostic[] } => {
  const { command, diagnostics } = buildCommand({
    script: node.text.replace(/\n+$/, ''),
    shell: header?.shell ?? 'bash',
    lines: [node.lines],
    attributes: {},
    sample: null,
    plain: false,
    inputs: header?.inputs ?? [],
    place: (offset) => placeInScalar(node, offset),
    context: header?.target?.context ?? null,
  });
  if (command.risk !== 'read') return { command, diagnostics };
  return { command: { ...command, risk: 'change', riskBecause: ['sends the message'] }, diagnostics };
};

const buildHandoff = shaped(handoffSchema, (value, _node, line) => ({
  action: { kind: 'handoff', handoff: { runbook: value.runbook, with: value.with ?? {} }, line },
  diagnostics: [],
}));

const builders: Readonly<Record<BodyKind, Builder>> = {
  gate: buildGate,
  baseline: buildBaseline,
  decide: buildDecide,
  ask: buildAsk,
  approve: buildApprove,
  message: buildMessage,
  handoff: buildHandoff,
};

/** The first word of a fence's info string, when its body is ours to read. */
export const bodyKindOf = (language: string): BodyKind | null => (isBodyKind(language) ? language : null);
