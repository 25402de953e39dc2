import { buildCommand } from '../runbook/command.ts';
import type { Command, Risk, Runbook } from '../runbook/model.ts';

const order: readonly Risk[] = ['read', 'change', 'destroy'];
const worse = (a: Risk, b: Risk): Risk => (order.indexOf(a) >= order.indexOf(b) ? a : b);

/**
 * A command with the operator's own text in it, looked at as if it stood in the runbook. What the runbook says of its
 * risk does not hold for another text: it is never taken as less than the analysis finds, nor less than before.
 */
export const analyseEdited = (script: string, command: Command, runbook: Runbook | null): Command => {
  const { risk: _, ...attributes } = command.attributes;
  const line = command.lines[0]?.[0] ?? 1;
  const { command: edited, diagnostics } = buildCommand({
    script,
    shell: command.shell,
    lines: command.lines,
    attributes,
    sample: command.sample,
    plain: runbook?.plain ?? true,
    inputs: runbook?.inputs ?? [],
    place: () => ({ line, column: 1 }),
    context: runbook?.target?.context ?? null,
  });
  const risk = worse(edited.risk, command.risk);
  // In a gonogo runbook a problem is an error of the whole file; of an edited text it blocks this command.
  const error = diagnostics.find(({ severity }) => severity === 'error');
  const blocked = edited.blocked ?? error?.code ?? null;
  const blockedBecause = edited.blockedBecause ?? error?.message ?? null;
  return { ...edited, risk, blocked, blockedBecause, original: command.original };
};
