import { interpolate } from '../runbook/interpolate.ts';
import type { Runbook } from '../runbook/model.ts';
import type { RunTarget } from '../session/events.ts';
import type { RunOptions } from './run-options.ts';
import type { GivenInput } from './start-inputs.ts';

const filledIn = (text: string | null, given: Readonly<Record<string, GivenInput>>): string | null =>
  text === null ? null : interpolate(text, (name) => given[name]?.value, 'plain').text;

/** Where a run acts, by name: options before the runbook. Production by the runbook, else by the settings' patterns. */
export const runTarget = (
  runbook: Runbook,
  options: RunOptions,
  inProduction: (name: string) => boolean,
  given: Readonly<Record<string, GivenInput>>,
): RunTarget => {
  const { target } = runbook;
  const context = options.context ?? filledIn(target?.context ?? null, given);
  const namespace = options.namespace ?? filledIn(target?.namespace ?? null, given);
  const workloads = (target?.workloads ?? []).map((workload) => filledIn(workload, given) as string);
  const production = target?.production ?? [context, namespace].some((name) => name !== null && inProduction(name));
  return { context, namespace, workloads, production, pinned: false };
};
