import { isCheckSource } from '../gates/check.ts';
import type { Check, Runbook } from '../runbook/model.ts';
import { places } from '../session/walk.ts';
import { ExpectedError } from '../text/errors.ts';
import type { OpenedRunbook } from './open-runbook.ts';

interface Found {
  readonly what: string;
  readonly line: number;
}

const metricAmong = (checks: readonly Check[]): Found | null => {
  const check = checks.find(({ source }) => !isCheckSource(source));
  return check === undefined ? null : { what: `the metric "${check.source}"`, line: check.line };
};

const first = (runbook: Runbook): Found | null => {
  for (const { step } of places(runbook)) {
    for (const action of step.actions) {
      if (action.kind === 'baseline') return { what: 'a baseline', line: action.line };
      const found = action.kind === 'gate' ? metricAmong(action.gate.checks) : null;
      if (found !== null) return found;
    }
  }
  const metric = runbook.metrics[0];
  if (metric !== undefined) return { what: `the metric "${metric.name}"`, line: metric.line };
  return metricAmong(runbook.rollback?.when ?? []);
};

/**
 * Metrics and baselines are read and checked, but this version cannot judge them: a run that would pretend to is
 * refused. Throws `ExpectedError` with exit 3.
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
