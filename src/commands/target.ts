import { interpolate } from '../runbook/interpolate.ts';
import type { Runbook } from '../runbook/model.ts';
import type { RunTarget } from '../session/events.ts';
import type { RunOptions } from './run-options.ts';
import type { GivenInput } from './start-inputs.ts';

const filledIn = (text: string | null, given: Readonly<Record<string, GivenInput>>): string | null =>
  text === null ? null : interpolate(text, (name) => given[name]?.value, 'plain').text;

/**
 * Where a run acts, by name: options before the runbook. Production by the settings' patterns or by the runbook, which
 * can say no to what only its namespace is called, never to a context: that is policy.
 */
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
  const isNamed = (name: string | null): boolean => name !== null && inProduction(name);
  const production = isNamed(context) || (target?.production ?? isNamed(namespace));
  return { context, namespace, workloads, production, pinned: false };
};
