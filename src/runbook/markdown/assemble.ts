import { itemOptions } from '../attributes.ts';
import type { ItemOptions } from '../command-options.ts';
import type { Action, Command, Phase, Step } from '../model.ts';
import type { Anchors } from './anchors.ts';
import type { HeadingBlock } from './blocks.ts';
import { choiceLabels } from './choices.ts';
import type { ActionBuilder, BuiltAction } from './code-actions.ts';
import type { ItemAttributes, PhaseDraft, StepDraft } from './drafts.ts';
import { dueTime } from './due.ts';
import { softened } from './softened.ts';

export type OffPath = Phase['offPath'];

export interface AssemblyContext {
  readonly plain: boolean;
  readonly actions: ActionBuilder;
  readonly anchors: Anchors;
  readonly anchorOf: ReadonlyMap<HeadingBlock, string>;
  readonly offPathOf: (phase: PhaseDraft) => OffPath;
}

const noOptions: ItemOptions = { name: null, when: null, owe: null, critical: false };

/** Drafts as phases of the model. A phase in an off-path phase is off the path too. */
export const assemblePhases = (
  drafts: readonly PhaseDraft[],
  context: AssemblyContext,
  inherited: OffPath = null,
): readonly Phase[] => {
  const labels = choiceLabels(drafts.map((draft) => (draft.heading === null ? '' : draft.title)));
  return drafts.map((draft, i) => assemblePhase(draft, labels[i] ?? null, context, inherited));
};

const assemblePhase = (
  draft: PhaseDraft,
  choice: string | null,
  context: AssemblyContext,
  inherited: OffPath,
): Phase => {
  const options = optionsOf(draft.attributes, context);
  const due = draft.heading === null ? null : dueTime(draft.title);
  const offPath = context.offPathOf(draft) ?? inherited;
  const steps = draft.steps.map((step, i) => assembleStep(step, `${draft.number}.${i + 1}`, context));
  return {
    number: draft.number,
    title: draft.title,
    name: options.name,
    anchor: draft.heading === null ? '' : (context.anchorOf.get(draft.heading) ?? ''),
    line: draft.line,
    offPath,
    choice,
    at: due?.at ?? null,
    atMs: due?.atMs ?? null,
    when: options.when,
    owe: options.owe,
    critical: options.critical,
    prose: draft.prose.join('\n\n'),
    steps,
    phases: assemblePhases(draft.phases, context, offPath),
  };
};

const optionsOf = (attributes: ItemAttributes | null, context: AssemblyContext): ItemOptions => {
  if (attributes === null) return noOptions;
  const { options, diagnostics } = itemOptions(attributes.values, attributes.place);
  context.actions.diagnostics.push(...diagnostics.map((diagnostic) => softened(diagnostic, context.plain)));
  return options;
};

const assembleStep = (draft: StepDraft, id: string, context: AssemblyContext): Step => {
  const own = optionsOf(draft.attributes, context);
  const built = draft.code.map((code) => context.actions.build(code));
  const actions = built.flatMap(({ action }) => action ?? []);
  const [first] = built;
  const inherited = first !== undefined && built.length === 1 ? fenceOptions(first, context) : noOptions;
  const when = own.when ?? inherited.when;
  return {
    id,
    name: own.name ?? inherited.name ?? nameOf(actions),
    anchor: context.anchors.next(draft.title),
    title: draft.title,
    kind: actions[0]?.kind ?? 'manual',
    line: draft.line,
    optional: when !== null || /\(\s*if\b[^)]*\)/i.test(draft.title),
    when,
    owe: own.owe ?? inherited.owe,
    critical:
      own.critical || inherited.critical || actions.some((action) => action.kind === 'gate' && action.gate.critical),
    prose: draft.prose.join('\n\n'),
    steps: draft.steps.map((step, i) => assembleStep(step, `${id}.${i + 1}`, context)),
    actions,
    undo: draft.undo
      .map((code) => context.actions.buildUndo(code))
      .filter((command): command is Command => command !== null),
  };
};

/** A step with a single fence has that fence's `when`, `owe`, `name` and `critical`. */
const fenceOptions = ({ action, attributes, attributesPlace }: BuiltAction, context: AssemblyContext): ItemOptions => {
  if (action?.kind === 'command') {
    const { name, when, owe } = action.command.options;
    return { name, when, owe, critical: false };
  }
  return Object.keys(attributes).length === 0
    ? noOptions
    : optionsOf({ values: attributes, place: attributesPlace }, context);
};

const nameOf = (actions: readonly Action[]): string | null => {
  for (const action of actions) {
    if (action.kind === 'gate' && action.gate.name !== null) return action.gate.name;
    if (action.kind === 'message' && action.message.name !== null) return action.message.name;
    if (action.kind === 'command' && action.command.options.name !== null) return action.command.options.name;
  }
  return null;
};
