import type { VerdictWord } from '../gates/sample.ts';
import { clock } from '../text/duration.ts';
import { breachWords, criteriaOf } from './criterion-state.ts';
import type { CriterionState, SessionState } from './state.ts';

/** A rollback criterion as it is shown. Texts are not yet safe for a terminal. */
export interface CriterionRow {
  readonly criterion: number;
  readonly title: string;
  readonly limit: string;
  /** `ok`, `SUSPECT`, `BREACHED`, `RECOVERED`, `BLIND`, `not back yet`, `acknowledged`, `over`. */
  readonly state: string;
  readonly word: VerdictWord;
  /** Of the last change; the engine's view has the value of this moment. */
  readonly value: string | null;
  readonly because: string | null;
  /** `1:20`: for how long it has been so; null when it never changed. */
  readonly since: string | null;
  /** `alice: INC-4711`: who knows of its dead source; null when it answers, or nobody has said so. */
  readonly known: string | null;
  /** A breach that asks for an acknowledgement, or for `R`. */
  readonly asks: boolean;
}

export const criterionRows = (state: SessionState, now: number): readonly CriterionRow[] =>
  criteriaOf(state).map(({ index, title, limit, source }) => {
    const known = state.criteria[index];
    if (known === undefined)
      return {
        criterion: index,
        title,
        limit,
        state: 'not watched',
        word: 'wait',
        value: null,
        because: null,
        since: null,
        known: null,
        asks: false,
      };
    const { name, word, because } = wordsOf(state, known);
    const away = known.blind === null ? undefined : state.acknowledged.find((each) => each.source === source);
    const from = known.blind?.since ?? known.since;
    return {
      criterion: index,
      title,
      limit,
      state: name,
      word,
      value: known.value,
      because,
      since: from === null ? null : clock(now - from),
      known: away === undefined ? null : `${away.by}: ${away.reason}`,
      asks: known.phase !== 'RECOVERING' && (known.status === 'breached' || known.status === 'recovered'),
    };
  });

const wordsOf = (
  state: SessionState,
  known: CriterionState,
): { readonly name: string; readonly word: VerdictWord; readonly because: string | null } => {
  if (known.phase === 'RECOVERING' && known.blind === null)
    return known.status === 'breached' || known.status === 'suspect'
      ? { name: 'not back yet', word: 'wait', because: known.value }
      : { name: 'ok', word: 'ok', because: null };
  if (known.phase === 'OVER' && state.finished === null && known.status === 'ok')
    return { name: 'over', word: 'ok', because: null };
  if (known.status === 'breached') return { name: 'BREACHED', word: 'FAIL', because: breachWords(state, known) };
  if (known.blind !== null) return { name: 'BLIND', word: 'BLIND', because: known.blind.because };
  if (known.status === 'recovered')
    return { name: 'RECOVERED', word: 'FAIL', because: 'it was breached; A acknowledges it' };
  if (known.status === 'suspect') return { name: 'SUSPECT', word: 'wait', because: known.value };
  return known.acknowledged === null
    ? { name: 'ok', word: 'ok', because: null }
    : { name: 'acknowledged', word: 'ok', because: known.acknowledged };
};

/** `rollback criteria: 0 of 5 reached, all 5 visible`; null when there are none. */
export const criteriaSummary = (
  state: SessionState,
  now: number,
): { readonly text: string; readonly word: VerdictWord } | null => {
  const rows = criterionRows(state, now);
  if (rows.length === 0) return null;
  const reached = rows.filter(({ word }) => word === 'FAIL').length;
  const blind = rows.filter(({ word }) => word === 'BLIND').length;
  const seen = blind === 0 ? `all ${rows.length} visible` : `${blind} BLIND`;
  const word = reached > 0 ? 'FAIL' : blind > 0 ? 'BLIND' : rows.some((row) => row.word === 'wait') ? 'wait' : 'ok';
  return { text: `rollback criteria: ${reached} of ${rows.length} reached, ${seen}`, word };
};
