import type { Check, CheckBody, Runbook } from '../runbook/model.ts';
import { places } from '../session/walk.ts';

/** What a check runs or contacts, as the runbook has it. */
export interface AskedCheck {
  readonly by: 'gate' | 'criterion';
  readonly text: string;
}

const fieldOf = (body: CheckBody | null, name: string): string | null => {
  if (typeof body === 'string') return body;
  if (body === null || Array.isArray(body)) return null;
  const value = (body as Readonly<Record<string, CheckBody>>)[name];
  return typeof value === 'string' ? value : null;
};

const asked = (checks: readonly Check[], by: AskedCheck['by']): readonly AskedCheck[] =>
  checks.flatMap(({ source, body }): readonly AskedCheck[] => {
    const command = source === 'command' ? fieldOf(body, 'run') : null;
    const address = source === 'http' ? fieldOf(body, 'url') : null;
    if (command !== null) return [{ by, text: command }];
    return address === null ? [] : [{ by, text: address }];
  });

/** Commands and addresses of gates and rollback criteria, in order. */
export const askedChecks = (runbook: Runbook): readonly AskedCheck[] => [
  ...places(runbook).flatMap(({ step }) =>
    step.actions.flatMap((action) => (action.kind === 'gate' ? asked(action.gate.checks, 'gate') : [])),
  ),
  ...asked(runbook.rollback?.when ?? [], 'criterion'),
];
