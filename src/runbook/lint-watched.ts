import { workloadReference } from '../gates/cluster-samples.ts';
import { diagnosticAt } from './diagnostic.ts';
import type { SourceText } from './lint-source.ts';
import type { Check, Diagnostic, Runbook } from './model.ts';
import { stepsOf } from './walk.ts';

/** Opened from another runbook they judge what that one watches. */
const judgesAnother: readonly (string | null)[] = ['rollback', 'verify', 'incident'];

/** W329: a check of a workload that nobody watches can never be judged. */
export const watchedProblems = (runbook: Runbook, source: SourceText): readonly Diagnostic[] => {
  const workloads = runbook.target?.workloads ?? [];
  if (runbook.plain || (workloads.length === 0 && judgesAnother.includes(runbook.kind))) return [];
  const gates = stepsOf(runbook).flatMap(({ actions }) =>
    actions.flatMap((action) => (action.kind === 'gate' ? action.gate.checks : [])),
  );
  return [...(runbook.rollback?.when ?? []), ...gates].flatMap((check) => {
    const because = unwatched(check, workloads);
    if (because === null) return [];
    const written = typeof check.body === 'string' ? check.body : '';
    const place = source.findFrom(written, check.line, 0);
    return [diagnosticAt('W329', place, `${check.source}: ${because}`, 'name it under target.workloads')];
  });
};

const judgesTarget: readonly string[] = ['pods ready', 'pods failing', 'rollout deadline'];

const unwatched = ({ source, body }: Check, workloads: readonly string[]): string | null => {
  if (typeof body !== 'string') return null;
  if (source === 'rollout' && body !== 'deadline')
    return workloads.some((workload) => mayBe(workload, body)) ? null : `"${body}" is not watched: it stays BLIND`;
  const judgesAll = source === 'restarts' || judgesTarget.includes(`${source} ${body}`);
  if (!judgesAll || workloads.length > 0) return null;
  return `"${body}" judges the workloads of the target, and it names none: it stays BLIND`;
};

/** The same as written, or only the values of the run can tell. */
const mayBe = (workload: string, written: string): boolean =>
  workloadReference(workload) === workloadReference(written) || (workload.includes('${') && written.includes('${'));
