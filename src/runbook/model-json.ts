import type { Action, Command, Diagnostic, Phase, Runbook, Step } from './model.ts';
import type { ActionJson, CommandJson, ModelJson, PhaseJson, StepJson } from './schema-model.ts';

/** What `gonogo show --format json` prints. Source: 10-runbook-format, "The model as JSON". */
export const modelJson = (runbook: Runbook, diagnostics: readonly Diagnostic[]): ModelJson => ({
  schema: 1,
  title: runbook.title,
  kind: runbook.kind,
  plain: runbook.plain,
  inputs: [...runbook.inputs],
  metrics: [...runbook.metrics],
  target: runbook.target,
  rollback: runbook.rollback,
  phases: runbook.phases.map(phaseJson),
  diagnostics: diagnostics.map(({ code, severity, line, column, message }) => ({
    code,
    severity,
    line,
    column,
    message,
  })),
});

const phaseJson = (phase: Phase): PhaseJson => ({
  title: phase.title,
  line: phase.line,
  offPath: phase.offPath,
  choice: phase.choice,
  at: phase.at,
  steps: phase.steps.map(stepJson),
  phases: phase.phases.map(phaseJson),
});

const stepJson = (step: Step): StepJson => ({
  id: step.id,
  name: step.name,
  kind: step.kind,
  title: step.title,
  line: step.line,
  optional: step.optional,
  steps: step.steps.map(stepJson),
  actions: step.actions.map(actionJson),
  commands: step.actions.flatMap((action) => (action.kind === 'command' ? [commandJson(action.command)] : [])),
});

/** The key of an action's content is its kind. */
const actionJson = (action: Action): ActionJson => {
  switch (action.kind) {
    case 'command':
      return { kind: 'command', command: commandJson(action.command) };
    case 'gate':
      return { kind: 'gate', gate: action.gate };
    case 'baseline':
      return { kind: 'baseline', baseline: action.baseline };
    case 'decide':
      return { kind: 'decide', decide: action.choices };
    case 'ask':
      return { kind: 'ask', ask: action.inputs };
    case 'approve':
      return { kind: 'approve', approve: action.approve };
    case 'message': {
      const { send, ...message } = action.message;
      return { kind: 'message', message: { ...message, send: send === null ? null : commandJson(send) } };
    }
    case 'handoff':
      return { kind: 'handoff', handoff: action.handoff };
  }
};

const commandJson = (command: Command): CommandJson => ({
  script: command.script,
  shell: command.shell,
  lines: command.lines,
  attributes: command.attributes,
  risk: command.risk,
  placeholders: command.placeholders,
  uses: command.uses,
  sets: command.sets,
  sample: command.sample ?? { text: '', lines: [] },
  blocked: command.blocked,
});
