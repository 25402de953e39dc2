import type { Runbook } from '../runbook/model.ts';
import { places } from '../session/walk.ts';
import { ExpectedError } from '../text/errors.ts';
import type { OpenedRunbook } from './open-runbook.ts';

const first = (runbook: Runbook): { readonly what: string; readonly line: number } | null => {
  for (const { step } of places(runbook)) {
    for (const action of step.actions) {
      if (action.kind === 'gate' || action.kind === 'baseline') return { what: `a ${action.kind}`, line: action.line };
    }
  }
  const metric = runbook.metrics[0];
  if (metric !== undefined) return { what: `the metric "${metric.name}"`, line: metric.line };
  const criterion = runbook.rollback?.when[0];
  return criterion === undefined ? null : { what: 'a rollback criterion', line: criterion.line };
};

/**
 * Gates, baselines, metrics and rollback criteria are read and checked, but this version cannot judge them: a run that
 * would pretend to is refused. Throws `ExpectedError` with exit 3.
 */
export const refuseUnjudged = (runbooks: readonly OpenedRunbook[]): void => {
  for (const { runbook, path } of runbooks) {
    const found = first(runbook);
    if (found === null) continue;
    throw new ExpectedError(`this version of gonogo cannot judge ${found.what}, and will not run as if it did`, {
      place: `${path}:${found.line}`,
      nextStep: 'Make it a manual item, or a read command with expect="…"',
      exit: 3,
    });
  }
};
