import { isLook } from '../gates/progress.ts';
import { criteriaOf } from './criterion-state.ts';
import { criterionRows } from './criterion-view.ts';
import { foreignSource, unownedChanges, unownedWords } from './foreign.ts';
import { leastReason } from './gate-action.ts';
import { checksOf } from './gate-checks.ts';
import { gateVerdict, runningGates } from './gate-state.ts';
import type { SessionState } from './state.ts';

/** What `A` can acknowledge now. Texts are not yet safe for a terminal. */
export type Acknowledgeable =
  | {
      readonly kind: 'breach';
      readonly criterion: number;
      readonly title: string;
      readonly because: string;
      /** Characters a reason needs. */
      readonly least: number;
    }
  | { readonly kind: 'source'; readonly source: string; readonly because: string; readonly least: number };

/** Breaches first, then changes by others, then sources that give no answer and that nobody has said to know of. `now` is UTC ms. */
export const acknowledgeable = (state: SessionState, now: number): readonly Acknowledgeable[] => {
  if (state.finished !== null) return [];
  const breaches = criterionRows(state, now)
    .filter(({ asks }) => asks)
    .map(
      ({ criterion, title, value, state: word }): Acknowledgeable => ({
        kind: 'breach',
        criterion,
        title,
        because: [word, value ?? ''].filter((part) => part !== '').join(': '),
        least: word === 'BREACHED' ? leastReason : 1,
      }),
    );
  const unowned = unownedChanges(state).map(
    (change): Acknowledgeable => ({
      kind: 'source',
      source: foreignSource(change.workload),
      because: unownedWords(change),
      least: 1,
    }),
  );
  return [...breaches, ...unowned, ...deadSources(state, now)];
};

/** A source that answers one of its checks is not dead: the others ask for what it does not have. */
const deadSources = (state: SessionState, now: number): readonly Acknowledgeable[] => {
  const found = new Map<string, string>();
  const answers = new Set<string>();
  for (const gate of runningGates(state)) {
    const judged = gateVerdict(state, gate, now).checks;
    for (const { index, source } of checksOf(gate.frame, gate.gate)) {
      const verdict = judged[index]?.verdict;
      if (verdict === 'ERROR' || verdict === 'NO-DATA')
        found.set(source, judged[index]?.because ?? 'it does not answer');
      const last = gate.state.progress.checks[index]?.last ?? null;
      if (last !== null && isLook(last.kind)) answers.add(source);
    }
  }
  const criteria = criteriaOf(state);
  for (const [index, { blind }] of state.criteria.entries()) {
    const source = criteria[index]?.source;
    if (blind !== null && source !== undefined && !found.has(source)) found.set(source, blind.because);
  }
  for (const source of [...answers, ...state.acknowledged.map(({ source }) => source)]) found.delete(source);
  return [...found].map(([source, because]) => ({ kind: 'source', source, because, least: 1 }));
};
