import { choiceLabels } from '../markdown/choices.ts';
import { offPathOf } from '../markdown/off-path.ts';
import type { Phase, RunbookKind } from '../model.ts';

/** What an author may say about a phase instead of leaving it to the title. */
export type StatedPath = 'main' | 'rollback' | 'reference';

/**
 * Marks phases that are alternatives of each other or off the path, by the same rules as for Markdown headings.
 * `stated` holds what the author said, by phase number; `all` puts every phase on the path.
 */
export const withPaths = (
  phases: readonly Phase[],
  runbook: { readonly kind: RunbookKind; readonly title: string },
  stated: ReadonlyMap<number, StatedPath>,
  setting: 'auto' | 'all',
): readonly Phase[] => {
  if (setting === 'all') return mark(phases, null, new Map(), () => null);
  const off = runbook.kind === 'rollback' || runbook.kind === 'incident' || offPathOf(runbook.title) !== null;
  const byTitle = mark(phases, null, stated, (title) => (off ? null : offPathOf(title)));
  return byTitle.some(hasStepOnPath) ? byTitle : mark(phases, null, stated, () => null);
};

type OffPath = Phase['offPath'];

const mark = (
  phases: readonly Phase[],
  parent: OffPath,
  stated: ReadonlyMap<number, StatedPath>,
  byTitle: (title: string) => OffPath,
): readonly Phase[] => {
  const labels = choiceLabels(phases.map((phase) => phase.title));
  return phases.map((phase, index) => {
    const said = stated.get(phase.number);
    const offPath = said === 'main' ? null : (said ?? byTitle(phase.title) ?? parent);
    return { ...phase, offPath, choice: labels[index] ?? null, phases: mark(phase.phases, offPath, stated, byTitle) };
  });
};

const hasStepOnPath = (phase: Phase): boolean =>
  (phase.offPath === null && phase.steps.length > 0) || phase.phases.some(hasStepOnPath);
