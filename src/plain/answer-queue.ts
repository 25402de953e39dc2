import type { StepAt } from '../session/main-action.ts';
import type { Answer, Answers } from './answers.ts';

/** Steps are named by id, name or anchor. */
export interface AnswerQueue {
  readonly queue: (ids: readonly string[]) => Answer | null;
  readonly hasAnswer: (ids: readonly string[]) => boolean;
  /** The reason that stands next for the step asked for last; null when something else or nothing does. */
  readonly override: () => string | null;
  /** The word that stands next for it, likewise. */
  readonly typed: () => string | null;
}

/** Answers of a file, taken one by one for each step. */
export const answerQueue = (answers: Answers): AnswerQueue => {
  const left = new Map(Object.entries(answers.steps).map(([step, list]) => [step, [...list]]));
  const waiting = (ids: readonly string[]): Answer[] | undefined =>
    ids.map((id) => left.get(id)).find((list) => list !== undefined && list.length > 0);
  let last: readonly string[] = [];
  const next = (kind: 'override' | 'type'): string | null => {
    const list = waiting(last);
    const answer = list?.[0];
    if (answer?.kind !== kind || !('text' in answer)) return null;
    list?.shift();
    return answer.text;
  };
  return {
    queue: (ids) => {
      last = ids;
      return waiting(ids)?.shift() ?? null;
    },
    hasAnswer: (ids) => waiting(ids) !== undefined,
    override: () => next('override'),
    typed: () => next('type'),
  };
};

export const idsAt = (at: StepAt): readonly string[] => [
  at.step.id,
  ...(at.step.name === null ? [] : [at.step.name]),
  at.step.anchor,
];
