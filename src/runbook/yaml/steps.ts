import { type BodyKind, bodyKindOf, buildAction } from '../bodies.ts';
import { buildCommand } from '../command.ts';
import { itemOptions } from '../command-options.ts';
import { diagnosticAt } from '../diagnostic.ts';
import type { Header } from '../header.ts';
import type { Anchors } from '../markdown/anchors.ts';
import type { Action, Command, Diagnostic, Input, Step } from '../model.ts';
import { actionNames } from '../schema-runbook.ts';
import { childOf, placeInScalar, type YamlNode, type YamlScalar } from './tree.ts';

/** What building steps needs to know, and where it reports. */
export interface StepContext {
  readonly header: Header;
  /** Those of the header and of every question: any command may use them. */
  readonly inputs: readonly Input[];
  readonly anchors: Anchors;
  readonly report: (diagnostics: readonly Diagnostic[]) => void;
}

/** Steps of a `steps:` list whose shape was checked; `prefix` is the phase's number or the parent's id. */
export const buildSteps = (node: YamlNode | undefined, prefix: string, context: StepContext): readonly Step[] =>
  (node?.kind === 'list' ? node.items : []).map((item, index) => buildStep(item, `${prefix}.${index + 1}`, context));

const buildStep = (node: YamlNode, id: string, context: StepContext): Step => {
  const title = lineOf(childOf(node, 'title'));
  const { options, diagnostics } = itemOptions(itemAttributes(node), node.place);
  const double = doubleActionProblem(node);
  context.report(double === null ? diagnostics : [...diagnostics, double]);
  const built = actionNodes(node).flatMap(({ name, value, line }) => buildOne(name, value, line, context));
  const actions = built.filter((action) => !(action.kind === 'command' && action.command.options.undo));
  const marked = built.flatMap((action) =>
    action.kind === 'command' && action.command.options.undo ? [action.command] : [],
  );
  const undo = undoNodes(node).flatMap((value) => runCommand(value, context) ?? []);
  const only = built.length === 1 && built[0]?.kind === 'command' ? built[0].command.options : null;
  const when = options.when ?? only?.when ?? null;
  return {
    id,
    name: options.name ?? nameOf(built),
    anchor: context.anchors.next(title),
    title,
    kind: actions[0]?.kind ?? 'manual',
    line: node.place.line,
    optional: ifInTitle.test(title) || when !== null,
    when,
    owe: options.owe ?? only?.owe ?? null,
    critical: options.critical || actions.some((action) => action.kind === 'gate' && action.gate.critical),
    prose: textOf(childOf(node, 'notes')).trimEnd(),
    steps: buildSteps(childOf(node, 'steps'), id, context),
    actions,
    undo: [...marked, ...undo].toReversed(),
  };
};

/** The first name that an action of the step has. */
const nameOf = (actions: readonly Action[]): string | null => {
  for (const action of actions) {
    if (action.kind === 'gate' && action.gate.name !== null) return action.gate.name;
    if (action.kind === 'message' && action.message.name !== null) return action.message.name;
    if (action.kind === 'command' && action.command.options.name !== null) return action.command.options.name;
  }
  return null;
};

/** `Scale down (if it was scaled up)`. */
const ifInTitle = /\(\s*if\b[^)]*\)/i;

const textOf = (node: YamlNode | undefined): string => (node?.kind === 'scalar' ? node.text : '');

/** A title on one line. */
export const lineOf = (node: YamlNode | undefined): string => textOf(node).trim().replaceAll(/\s+/g, ' ');

/** `name`, `when`, `owe` and `critical` of a step or phase, as the Markdown notation has them in braces. */
export const itemAttributes = (node: YamlNode): Readonly<Record<string, string>> => {
  const attributes: Record<string, string> = {};
  for (const key of ['name', 'when', 'owe', 'critical']) {
    const value = childOf(node, key);
    if (value?.kind === 'scalar' && !value.empty) attributes[key] = value.text.trim();
  }
  return attributes;
};

interface ActionNode {
  readonly name: string;
  readonly value: YamlNode;
  readonly line: number;
}

/** The actions under `do` in order, or the single one beside the title. */
const actionNodes = (node: YamlNode): readonly ActionNode[] => {
  const listed = childOf(node, 'do');
  const maps = [node, ...(listed?.kind === 'list' ? listed.items : [])];
  return maps
    .flatMap((map) => (map.kind === 'map' ? map.entries : []))
    .filter((entry) => actionNames.includes(entry.key))
    .map((entry) => ({ name: entry.key, value: entry.value, line: entry.keyPlace.line }));
};

/** Inputs of all `ask` actions below a list of phases or steps; their problems are reported where they are built. */
export const askedInputs = (node: YamlNode | undefined, header: Header): readonly Input[] => {
  if (node?.kind === 'list') return node.items.flatMap((item) => askedInputs(item, header));
  if (node?.kind !== 'map') return [];
  return node.entries.flatMap(({ key, value, keyPlace }) => {
    if (key === 'phases' || key === 'steps' || key === 'do') return askedInputs(value, header);
    const asked = key === 'ask' ? buildAction('ask', value, keyPlace.line, header).action : null;
    return asked?.kind === 'ask' ? asked.inputs : [];
  });
};

const undoNodes = (node: YamlNode): readonly YamlNode[] => {
  const undo = childOf(node, 'undo');
  if (undo === undefined) return [];
  return undo.kind === 'list' ? undo.items : [undo];
};

const buildOne = (name: string, value: YamlNode, line: number, context: StepContext): readonly Action[] => {
  if (name === 'run') {
    const command = runCommand(value, context);
    return command === null ? [] : [{ kind: 'command', command, line }];
  }
  const kind = bodyKindOf(name) as BodyKind;
  const { action, diagnostics } = buildAction(kind, value, line, context.header);
  context.report(diagnostics);
  return action === null ? [] : [action];
};

/** `run: TEXT` or `run: { script: TEXT, … }`. */
const runCommand = (node: YamlNode, context: StepContext): Command | null => {
  const script = node.kind === 'scalar' ? node : childOf(node, 'script');
  if (script?.kind !== 'scalar') return null;
  const { header } = context;
  const built = buildCommand({
    script: script.text.replace(/\n+$/, ''),
    shell: header.shell,
    lines: [script.lines],
    attributes: runAttributes(node),
    sample: null,
    plain: false,
    inputs: context.inputs,
    place: (offset) => placeInScalar(script, offset),
    attributesPlace: node.place,
    context: header.target?.context ?? null,
  });
  context.report(built.diagnostics);
  return built.command;
};

/** The fence's attributes as keys; `false` means that a flag is absent, except that it takes `tty` off a known program. */
const runAttributes = (node: YamlNode): Readonly<Record<string, string>> => {
  if (node.kind !== 'map') return {};
  const scalars = node.entries.filter((entry) => entry.key !== 'script' && isGiven(entry.key, entry.value));
  return Object.fromEntries(scalars.map((entry) => [entry.key, textOf(entry.value)]));
};

const isGiven = (key: string, value: YamlNode): value is YamlScalar =>
  value.kind === 'scalar' && !value.empty && (value.text !== 'false' || key === 'tty' || key === 'capture');

/** E217 for a step that has both `do` and an action of its own: their order would be a guess. */
const doubleActionProblem = (node: YamlNode): Diagnostic | null => {
  if (node.kind !== 'map' || childOf(node, 'do') === undefined) return null;
  const second = node.entries.find((entry) => actionNames.includes(entry.key));
  if (second === undefined) return null;
  return diagnosticAt('E217', second.keyPlace, `"${second.key}" beside "do"`, 'move it into the list under "do"');
};
