import { lintQueries } from '../gates/query-lint.ts';
import { buildChecks, type CheckContext, probeProblems } from './checks.ts';
import { diagnosticAt } from './diagnostic.ts';
import { declareInputs } from './input-declarations.ts';
import type { Check, Diagnostic, Metric, Panel, Rollback, Runbook, Target, Window } from './model.ts';
import { checkKindNames, gateOptionNames } from './schema-checks.ts';
import { type HeaderFields, headerSchema } from './schema-runbook.ts';
import { windowProblem } from './windows.ts';
import { shapeLeniently } from './yaml/problems.ts';
import { childOf, entryOf, type YamlNode } from './yaml/tree.ts';

/** Everything in a runbook that stands before its phases. */
export type Header = Omit<Runbook, 'phases' | 'title'> & { readonly title: string | null };

export interface BuiltHeader {
  /** Without the keys that had a problem; null when nothing could be read. */
  readonly header: Header | null;
  readonly diagnostics: readonly Diagnostic[];
}

/** The header of a gonogo runbook from its front matter, or from a YAML runbook without its `phases`. */
export const buildHeader = (root: YamlNode): BuiltHeader => {
  const { value, diagnostics } = shapeLeniently(headerSchema, root);
  if (value === null) return { header: null, diagnostics };
  const metrics = buildMetrics(value, root);
  const inputs = declareInputs(childOf(root, 'inputs'), value.inputs ?? {});
  const target = buildTarget(value);
  const shell = value.shell ?? 'bash';
  const context: CheckContext = {
    metrics: metrics.items,
    inputs: inputs.items,
    shell,
    context: target?.context ?? null,
    states: 'breach',
  };
  const panels = buildPanels(value, root, context);
  const rollback = buildRollback(value, root, context);
  const header: Header = {
    title: value.title ?? null,
    kind: value.kind ?? 'deploy',
    plain: false,
    summary: value.summary ?? null,
    inputs: inputs.items,
    env: value.env ?? [],
    target,
    lockScope: value.lock?.scope ?? null,
    metrics: metrics.items,
    panels: panels.items,
    links: value.links ?? [],
    contacts: value.contacts ?? [],
    rollback: rollback.rollback,
    statusUpdates: statusOf(value['status-updates']),
    windows: (value.windows ?? []).map(windowOf),
    shell,
  };
  const found = [...[metrics, inputs, panels, rollback].flatMap((part) => part.diagnostics), ...windowProblems(root)];
  return { header, diagnostics: [...diagnostics, ...found] };
};

const statusOf = (fields: HeaderFields['status-updates']): Runbook['statusUpdates'] =>
  fields === undefined ? null : { everyMs: fields.every, message: fields.message };

const windowOf = (fields: { allow: string } | { deny: string }): Window =>
  'allow' in fields ? { rule: 'allow', text: fields.allow } : { rule: 'deny', text: fields.deny };

const windowProblems = (root: YamlNode): readonly Diagnostic[] => {
  const list = childOf(root, 'windows');
  const rules = (list?.kind === 'list' ? list.items : []).flatMap((item) => (item.kind === 'map' ? item.entries : []));
  return rules.flatMap(({ key, value }) => {
    const problem = value.kind === 'scalar' ? windowProblem(value.text.trim()) : null;
    return problem === null ? [] : [diagnosticAt('E217', value.place, `"${key}": ${problem}`, 'correct the window')];
  });
};

const buildTarget = ({ target }: HeaderFields): Target | null =>
  target === undefined
    ? null
    : {
        context: target.context ?? null,
        namespace: target.namespace ?? null,
        workloads: target.workloads ?? [],
        production: target.production ?? null,
        permissions: target.permissions ?? [],
        pins: target.pins ?? [],
        sameCluster: target['same-cluster'] ?? null,
      };

const buildMetrics = (
  value: HeaderFields,
  root: YamlNode,
): { items: readonly Metric[]; diagnostics: readonly Diagnostic[] } => {
  const node = childOf(root, 'metrics');
  const items: Metric[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const entry of node?.kind === 'map' ? node.entries : []) {
    const fields = value.metrics?.[entry.key];
    if (fields === undefined) continue;
    if (!/^[A-Za-z][\w-]*$/.test(entry.key) || [...checkKindNames, ...gateOptionNames].includes(entry.key)) {
      const message = `"${entry.key}" cannot be the name of a metric`;
      diagnostics.push(
        diagnosticAt('E217', entry.keyPlace, message, 'use letters, digits and "-", and no word of gates'),
      );
      continue;
    }
    const metric: Metric = {
      name: entry.key,
      title: fields.title ?? entry.key,
      query: fields.query.trim(),
      stable: fields.stable?.trim() ?? null,
      unit: fields.unit ?? 'count',
      worse: fields.worse ?? 'higher',
      traffic: fields.traffic?.trim() ?? null,
      scrapeMs: fields.scrape ?? null,
      freshness: fields.freshness?.trim() ?? null,
      line: entry.keyPlace.line,
    };
    items.push(metric);
    for (const found of lintQueries(metric)) {
      const place = childOf(entry.value, found.query)?.place ?? entry.keyPlace;
      diagnostics.push(diagnosticAt(found.code, place, `"${metric.name}": ${found.message}`, found.hint));
    }
  }
  return { items, diagnostics };
};

const buildPanels = (
  value: HeaderFields,
  root: YamlNode,
  context: CheckContext,
): { items: readonly Panel[]; diagnostics: readonly Diagnostic[] } => {
  const items: Panel[] = [];
  const diagnostics: Diagnostic[] = [];
  (value.panels ?? []).forEach((fields, index) => {
    const node = childOf(childOf(root, 'panels'), index);
    const command = childOf(node, 'command');
    if (node === undefined || command?.kind !== 'scalar') return;
    const attributes = fields.risk === undefined ? {} : { risk: fields.risk };
    diagnostics.push(...probeProblems(command, attributes, 'panel', context));
    items.push({
      title: fields.title,
      command: fields.command.trim(),
      everyMs: fields.every ?? 10_000,
      line: node.place.line,
    });
  });
  return { items, diagnostics };
};

const buildRollback = (
  value: HeaderFields,
  root: YamlNode,
  context: CheckContext,
): { rollback: Rollback | null; diagnostics: readonly Diagnostic[] } => {
  const entry = entryOf(root, 'rollback');
  const fields = value.rollback;
  if (entry === undefined || fields === undefined) return { rollback: null, diagnostics: [] };
  const when = childOf(entry.value, 'when');
  const checks: Check[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const item of when?.kind === 'list' ? when.items : []) {
    const built = buildChecks(item, context);
    checks.push(...built.checks);
    diagnostics.push(...built.diagnostics);
  }
  const rollback = {
    runbook: fields.runbook ?? null,
    with: fields.with ?? {},
    when: checks,
    line: entry.keyPlace.line,
  };
  return { rollback, diagnostics };
};
