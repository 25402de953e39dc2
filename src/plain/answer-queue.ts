import type { StepAt } from '../session/main-action.ts';
import type { Answer, Answers } from './answers.ts';

/** Steps are named by id, name or anchor. */
export interface AnswerQueue {
  readonly queue: (ids: readonly string[]) => Answer | null;
  readonly hasAnswer: (ids: readonly string[]) => boolean;
}

/** Answers of a file, taken one by one for each step. */
export const answerQueue = (answers: Answers): AnswerQueue => {
  const left = new Map(Object.entries(answers.steps).map(([step, list]) => [step, [...list]]));
  const waiting = (ids: readonly string[]): Answer[] | undefined =>
    ids.map((id) => left.get(id)).find((list) => list !== undefined && list.length > 0);
  return { queue: (ids) => waiting(ids)?.shift() ?? null, hasAnswer: (ids) => waiting(ids) !== undefined };
};

export const idsAt = (at: StepAt): readonly string[] => [
  at.step.id,
  ...(at.step.name === null ? [] : [at.step.name]),
  at.step.anchor,
];
