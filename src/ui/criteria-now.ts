import type { EngineView } from '../engine/view.ts';
import type { VerdictWord } from '../gates/sample.ts';
import { watchesNothing } from '../session/cluster-words.ts';
import { criteriaOf } from '../session/criterion-state.ts';
import { type CriterionRow, criterionRows } from '../session/criterion-view.ts';

/** A rollback criterion at this moment: what is recorded of it, with its last answer. Texts are not yet safe. */
export interface CriterionNow {
  readonly row: CriterionRow;
  readonly word: VerdictWord;
  /** `ok`, `SUSPECT`, `BREACHED`, `asking`, `no answer`, `reconnecting`, `not yet`, `not trusted`. */
  readonly state: string;
  readonly value: string;
  readonly because: string | null;
}

const unanswered: ReadonlySet<string> = new Set(['asking', 'no answer', 'not trusted', 'reconnecting']);

/** What the cluster said last is not what is now. */
const lostWords = ({ cluster }: EngineView): string | null => {
  if (cluster === null || watchesNothing(cluster) || cluster.source.state === 'live') return null;
  return cluster.source.state === 'reconnecting' ? 'reconnecting' : 'no answer';
};

/** Nothing is ok that has not been seen to be: without an answer it is waited for. */
export const criteriaNow = (view: EngineView): readonly CriterionNow[] => {
  if (view.session.finished !== null) return [];
  const criteria = criteriaOf(view.session);
  const lost = lostWords(view);
  return criterionRows(view.session, view.now).map((row): CriterionNow => {
    const live = view.criteria[row.criterion];
    const base = { row, value: live?.value || (row.value ?? ''), because: live?.because ?? row.because };
    // Another process asks; here its record is all there is.
    const askedHere = view.observing === null || view.observing.watch !== undefined;
    if (!askedHere || row.word !== 'ok') return { ...base, word: row.word, state: row.state };
    if (row.state === 'over') return { ...base, word: 'ok', state: row.state, value: '' };
    if (view.session.frames[0]?.restricted === true) return { ...base, word: 'wait', state: 'not trusted' };
    if (live?.notYet === true) return { ...base, word: 'ok', state: 'not yet', value: '' };
    if (live?.at == null) return { ...base, word: 'wait', state: 'asking' };
    if (live.value === '' && live.because !== null) return { ...base, word: 'wait', state: 'no answer' };
    if (live.isBad) return { ...base, word: 'wait', state: 'SUSPECT' };
    if (lost !== null && criteria[row.criterion]?.source === 'cluster') return { ...base, word: 'wait', state: lost };
    return { ...base, word: 'ok', state: row.state };
  });
};

/** `rollback criteria: 0 of 5 reached, all 5 visible`; null when there are none. */
export const criteriaWords = (view: EngineView): string | null => {
  const all = criteriaNow(view);
  if (all.length === 0) return null;
  const reached = all.filter(({ word }) => word === 'FAIL').length;
  const blind = all.filter(({ word }) => word === 'BLIND').length;
  const unseen = all.filter(({ state }) => unanswered.has(state)).length;
  const seen =
    blind > 0
      ? `${blind} BLIND`
      : unseen > 0
        ? `${all.length - unseen} of ${all.length} visible`
        : `all ${all.length} visible`;
  return `rollback criteria: ${reached} of ${all.length} reached, ${seen}`;
};
