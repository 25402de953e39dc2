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
  // At another target they would be asked of that one.
  if (view.session.finished !== null || view.session.mismatch !== null) return [];
  const criteria = criteriaOf(view.session);
  const lost = lostWords(view);
  return criterionRows(view.session, view.now).map((row): CriterionNow => {
    const live = view.criteria[row.criterion];
    const base = { row, value: live?.value || (row.value ?? ''), because: live?.because ?? row.because };
    // Another process asks; here its record is all there is.
    const askedHere = view.observing === null || view.observing.watch !== undefined;
    if (!askedHere || row.word !== 'ok') return { ...base, word: row.word, state: row.state };
    if (row.state === 'over') return { ...base, word: 'ok', state: row.state, value: '' };
    if (criteria[row.criterion]?.frame.restricted === true) return { ...base, word: 'wait', state: 'not trusted' };
    if (live?.notYet === true) return { ...base, word: 'ok', state: 'not yet', value: '' };
    if (live?.at == null) return { ...base, word: 'wait', state: 'asking' };
    if (live.value === '' && live.because !== null) return { ...base, word: 'wait', state: 'no answer' };
    if (live.isBad) return { ...base, word: 'wait', state: 'SUSPECT' };
    if (lost !== null && criteria[row.criterion]?.source === 'cluster') return { ...base, word: 'wait', state: lost };
    return { ...base, word: 'ok', state: row.state };
  });
};

interface CriteriaCount {
  readonly all: number;
  readonly reached: number;
  readonly blind: number;
  readonly unseen: number;
}

const countOf = (view: EngineView): CriteriaCount | null => {
  const rows = criteriaNow(view);
  if (rows.length === 0) return null;
  return {
    all: rows.length,
    reached: rows.filter(({ word }) => word === 'FAIL').length,
    blind: rows.filter(({ word }) => word === 'BLIND').length,
    unseen: rows.filter(({ state }) => unanswered.has(state)).length,
  };
};

/** `rollback criteria: 0 of 5 reached, all 5 visible`; null when there are none. */
export const criteriaWords = (view: EngineView): string | null => {
  const count = countOf(view);
  if (count === null) return null;
  const { all, reached, blind, unseen } = count;
  const seen = blind > 0 ? `${blind} BLIND` : unseen > 0 ? `${all - unseen} of ${all} visible` : `all ${all} visible`;
  return `rollback criteria: ${reached} of ${all} reached, ${seen}`;
};

/** The worst of it, for a narrow place: `1 of 5 criteria reached`, `2 of 5 criteria BLIND`. */
export const briefCriteriaWords = (view: EngineView): string | null => {
  const count = countOf(view);
  if (count === null) return null;
  const { all, reached, blind, unseen } = count;
  const suspect = criteriaNow(view).filter(({ word }) => word === 'wait').length;
  const words = (some: number, what: string): string => `${some} of ${all} criteria ${what}`;
  if (reached > 0) return words(reached, 'reached');
  if (blind > 0) return words(blind, 'BLIND');
  if (unseen > 0) return words(all - unseen, 'visible');
  if (suspect > 0) return words(suspect, 'SUSPECT');
  return words(0, 'reached');
};
