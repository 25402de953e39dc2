import { amountIn } from '../gates/amount.ts';
import { parseExpression } from '../gates/expression.ts';
import { referenceOf } from '../gates/limits.ts';
import { buildCommand } from './command.ts';
import { diagnosticAt } from './diagnostic.ts';
import type { Check, CheckBody, Diagnostic, Input, Metric } from './model.ts';
import { checkKindNames, gateOptionNames } from './schema-checks.ts';
import { unknownKey } from './yaml/problems.ts';
import { childOf, placeInScalar, type YamlEntry, type YamlNode, type YamlScalar } from './yaml/tree.ts';

export interface CheckContext {
  readonly metrics: readonly Metric[];
  readonly inputs: readonly Input[];
  readonly shell: string;
  /** `target.context`. */
  readonly context: string | null;
  /** Criteria of `rollback.when` state the breach, gates the healthy state. */
  readonly states: 'breach' | 'health';
}

export interface BuiltChecks {
  readonly checks: readonly Check[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * The checks among the keys of a gate, or of one item of `rollback.when`, in their order; a list gives several.
 * Errors: E212 (no such metric), E320, E322, E419 and what is wrong with a command.
 */
export const buildChecks = (node: YamlNode, context: CheckContext): BuiltChecks => {
  const checks: Check[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const entry of node.kind === 'map' ? node.entries : []) {
    if (context.states === 'health' && gateOptionNames.includes(entry.key)) continue;
    const values = entry.value.kind === 'list' ? entry.value.items : [entry.value];
    for (const value of values) {
      const built = buildCheck(entry, value, context);
      if (built.check !== null) checks.push(built.check);
      diagnostics.push(...built.diagnostics);
      if (built.diagnostics.some((found) => found.code === 'E212')) break;
    }
  }
  return { checks, diagnostics };
};

interface BuiltCheck {
  readonly check: Check | null;
  readonly diagnostics: readonly Diagnostic[];
}

const buildCheck = (entry: YamlEntry, value: YamlNode, context: CheckContext): BuiltCheck => {
  const line = entry.value.kind === 'list' ? value.place.line : entry.keyPlace.line;
  if (checkKindNames.includes(entry.key)) {
    const check: Check = { source: entry.key, expression: null, body: bodyOf(value), line };
    return {
      check,
      diagnostics: [...stateProblems(entry.key, value, context), ...commandProblems(entry.key, value, context)],
    };
  }
  const metric = context.metrics.find((candidate) => candidate.name === entry.key);
  if (metric === undefined) {
    const options = context.states === 'health' ? gateOptionNames : [];
    const known = [...context.metrics.map((candidate) => candidate.name), ...checkKindNames, ...options];
    const hint = `declare it under "metrics:", or use one of ${checkKindNames.join(', ')}`;
    return { check: null, diagnostics: [{ ...unknownKey(entry.key, known, entry.keyPlace), hint }] };
  }
  const text = value.kind === 'scalar' ? value.text : '';
  const check: Check = { source: entry.key, expression: text.trim(), body: null, line };
  return { check, diagnostics: expressionProblems(text, metric, value, context) };
};

const bodyOf = (node: YamlNode): CheckBody => {
  if (node.kind === 'scalar') return node.text.trim();
  if (node.kind === 'list') return node.items.map(bodyOf);
  return Object.fromEntries(node.entries.map((entry) => [entry.key, bodyOf(entry.value)]));
};

const expressionProblems = (
  text: string,
  metric: Metric,
  node: YamlNode,
  context: CheckContext,
): readonly Diagnostic[] => {
  const at = (code: string, message: string, hint: string) => [
    diagnosticAt(code, node.place, `"${metric.name}": ${message}`, hint),
  ];
  const parsed = parseExpression(withProbes(text), metric);
  if ('code' in parsed) return at(parsed.code, parsed.message, parsed.hint);
  const { expression } = parsed;
  if (context.states === 'breach' && !expression.stated) {
    return at('E320', 'a criterion states the breach and needs an operator', 'write for example "> 5%"');
  }
  if (metric.stable === null && referenceOf(expression.bound) === 'stable') {
    return at('E320', 'the metric has no stable query to compare with', `add "stable:" to metrics.${metric.name}`);
  }
  return [];
};

/** `${limit}` is filled in when the run starts; until then any number stands for it. */
const withProbes = (text: string): string => text.replaceAll(/\$\{[^}]*\}/g, '1');

/** `failing` and `deadline` are breaches: a gate cannot ask for them. */
const stateProblems = (kind: string, node: YamlNode, context: CheckContext): readonly Diagnostic[] => {
  if (context.states === 'breach' || node.kind !== 'scalar') return [];
  const text = node.text.trim();
  const breach = (kind === 'pods' && text === 'failing') || (kind === 'rollout' && text === 'deadline');
  if (!breach) return [];
  const instead = kind === 'pods' ? "'app=web ready'" : "'deployment/web'";
  return [
    diagnosticAt(
      'E320',
      node.place,
      `"${kind}: ${text}" states a breach`,
      `write it under rollback.when, here ${instead}`,
    ),
  ];
};

const commandProblems = (kind: string, node: YamlNode, context: CheckContext): readonly Diagnostic[] => {
  if (kind !== 'command') return [];
  const run = node.kind === 'scalar' ? node : childOf(node, 'run');
  if (run?.kind !== 'scalar') return [];
  const risk = childOf(node, 'risk');
  return probeProblems(run, risk?.kind === 'scalar' ? { risk: risk.text } : {}, 'gate', context);
};

/** What is wrong with the command of a gate or panel, which must only read. */
export const probeProblems = (
  run: YamlScalar,
  attributes: Readonly<Record<string, string>>,
  probe: 'gate' | 'panel',
  context: Pick<CheckContext, 'inputs' | 'shell' | 'context'>,
): readonly Diagnostic[] =>
  buildCommand({
    script: run.text.replace(/\n+$/, ''),
    shell: context.shell,
    lines: [run.lines],
    attributes,
    sample: null,
    plain: false,
    inputs: context.inputs,
    place: (offset) => placeInScalar(run, offset),
    context: context.context,
    probe,
  }).diagnostics;

/** `floor: 0.1%` must be an amount of every metric it is used for (E320). */
export const floorProblems = (
  floor: YamlNode | undefined,
  checks: readonly Check[],
  metrics: readonly Metric[],
): readonly Diagnostic[] => {
  if (floor?.kind !== 'scalar') return [];
  for (const metric of metrics.filter(({ name }) => checks.some((check) => check.source === name))) {
    const amount = amountIn(withProbes(floor.text), metric.unit);
    if (typeof amount === 'number') continue;
    const message = `"floor": "${floor.text}" is not an amount of "${metric.name}" (${metric.unit})`;
    return [diagnosticAt('E320', floor.place, message, 'write a number in the unit of the metric')];
  }
  return [];
};
