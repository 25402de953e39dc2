import type { SelectionOwner } from '../../gates/workload.ts';
import type { PodTable } from './pod-table.ts';
import type { WorkloadBook } from './workload-book.ts';

/** The requirements of `app=checkout,tier in (web,api)`, in one spelling each. */
const termsOf = (selector: string): readonly string[] =>
  selector
    .split(/,(?![^(]*\))/)
    .map((term) =>
      term
        .replaceAll(/\s+/g, ' ')
        .trim()
        .replace(/\s*==?\s*/, '='),
    )
    .filter((term) => term !== '');

/** Whatever the narrower one selects, the wider one selects too. */
const isWithin = (narrow: string, wide: string): boolean => {
  const terms = termsOf(narrow);
  return termsOf(wide).every((term) => terms.includes(term));
};

/** The workloads whose pods a selector selects now, or will as soon as there are some. */
export const selectionOwners = (
  selector: string,
  pods: PodTable,
  workloads: readonly WorkloadBook[],
): readonly SelectionOwner[] =>
  workloads.flatMap((book): readonly SelectionOwner[] => {
    const { workload } = book;
    if (workload === null) return [];
    const newRevision = book.newRevision();
    let [newPods, oldPods] = [0, 0];
    const count = (pod: { readonly ownerUid: string | null; readonly revision: string | null }): void => {
      if (!book.owns(pod)) return;
      if (workload.kind === 'Job' || (newRevision !== null && pod.revision === newRevision)) newPods += 1;
      else oldPods += 1;
    };
    for (const pod of pods.rows.values()) if (pod.deletedBy === null && pod.phase !== 'Succeeded') count(pod);
    for (const pod of pods.counted.values()) count(pod);
    const isWhole = workload.selector !== null && isWithin(workload.selector, selector);
    return isWhole || newPods + oldPods > 0 ? [{ reference: book.wanted.reference, newPods, oldPods, isWhole }] : [];
  });
