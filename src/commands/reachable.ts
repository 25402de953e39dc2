import { dirname } from 'node:path';
import type { Runbook } from '../runbook/model.ts';
import type { ReachableRunbook } from '../session/events.ts';
import { rollbackPhases, shippedReference } from '../session/frames.ts';
import { places } from '../session/walk.ts';
import { ExpectedError } from '../text/errors.ts';
import { findRunbook, shippedFolder } from './find-runbook.ts';
import { type OpenedRunbook, openRunbook } from './open-runbook.ts';

/** Every runbook a run can come to: each is loaded, so that a gap is found before the first change. */
export interface Reachable {
  readonly runbooks: readonly OpenedRunbook[];
  readonly ways: readonly ReachableRunbook[];
}

interface Named {
  readonly reference: string;
  readonly purpose: 'rollback' | 'handoff';
  readonly with: Readonly<Record<string, string>>;
  readonly line: number;
}

const namedBy = (runbook: Runbook): readonly Named[] => {
  const handoffs = places(runbook).flatMap(({ step }) =>
    step.actions.flatMap((action): readonly Named[] =>
      action.kind === 'handoff'
        ? [{ reference: action.handoff.runbook, purpose: 'handoff', with: action.handoff.with, line: action.line }]
        : [],
    ),
  );
  const { rollback } = runbook;
  if (rollback === null || rollback.runbook === null) return handoffs;
  return [{ reference: rollback.runbook, purpose: 'rollback', with: rollback.with, line: rollback.line }, ...handoffs];
};

/** Whether a runbook names others for its rollback or for a handoff. */
export const namesOthers = (runbook: Runbook): boolean => namedBy(runbook).length > 0;

const most = 50;

/** Follows rollback and handoffs from `main`. Throws E218 with the place when a target is missing or leads back to itself. */
export const reachableFrom = async (main: OpenedRunbook, offPath: 'auto' | 'all'): Promise<Reachable> => {
  const runbooks = new Map<string, OpenedRunbook>([[main.realPath, main]]);
  const ways: ReachableRunbook[] = [];
  const visit = async (from: OpenedRunbook, trail: readonly OpenedRunbook[]): Promise<void> => {
    for (const named of namedBy(from.runbook)) {
      const place = `${from.path}:${named.line}`;
      const to = await open(from, named, place, runbooks, offPath);
      if (trail.some((seen) => seen.realPath === to.realPath)) {
        throw new ExpectedError(`${named.reference} leads back to itself`, {
          code: 'E218',
          place,
          nextStep: 'Handoffs and rollbacks must come to an end',
        });
      }
      const known = runbooks.has(to.realPath);
      runbooks.set(to.realPath, to);
      if (runbooks.size > most)
        throw new ExpectedError(`more than ${most} runbooks are reached from here`, { code: 'E218', place });
      ways.push(wayTo(from, to, named));
      if (!known) await visit(to, [...trail, to]);
    }
  };
  await visit(main, [main]);
  const shipped = await shippedRollback(main, offPath);
  if (shipped !== null) {
    runbooks.set(shipped.realPath, shipped);
    ways.push({
      from: main.sha256,
      reference: shippedReference,
      purpose: 'rollback',
      runbook: referenceOf(shipped),
      with: {},
    });
  }
  return { runbooks: [...runbooks.values()], ways };
};

export const referenceOf = ({ path, runbook, sha256 }: OpenedRunbook): ReachableRunbook['runbook'] => ({
  path,
  title: runbook.title,
  kind: runbook.kind,
  sha256,
});

const wayTo = (from: OpenedRunbook, to: OpenedRunbook, named: Named): ReachableRunbook => ({
  from: from.sha256,
  reference: named.reference,
  purpose: named.purpose,
  runbook: referenceOf(to),
  with: named.with,
});

const open = async (
  from: OpenedRunbook,
  named: Named,
  place: string,
  known: ReadonlyMap<string, OpenedRunbook>,
  offPath: 'auto' | 'all',
): Promise<OpenedRunbook> => {
  try {
    const path = findRunbook(named.reference, dirname(from.realPath));
    const opened = await openRunbook(path, offPath);
    return known.get(opened.realPath) ?? opened;
  } catch (error) {
    if (!(error instanceof ExpectedError)) throw error;
    const nextStep = error.nextStep ?? `Correct ${named.reference}`;
    const [first = '', ...others] = error.message.split('\n');
    const more = others.length === 0 ? '' : ` (and ${others.length} more: gonogo check ${named.reference})`;
    throw new ExpectedError(`the ${named.purpose} runbook ${named.reference} cannot be used: ${first}${more}`, {
      code: 'E218',
      place,
      nextStep,
    });
  }
};

/** The last resort of `R`, for a runbook that says nothing about rolling back. */
const shippedRollback = async (main: OpenedRunbook, offPath: 'auto' | 'all'): Promise<OpenedRunbook | null> => {
  const { rollback, kind } = main.runbook;
  if (
    kind === 'rollback' ||
    (rollback !== null && rollback.runbook !== null) ||
    rollbackPhases(main.runbook).length > 0
  )
    return null;
  return openRunbook(`${shippedFolder()}/rollback.md`, offPath);
};
