/** A metric with the limits that stand for it now, as the engine's view has it. Numbers are in the unit of its query. */
export interface Limited {
  readonly worse: 'higher' | 'lower' | 'either';
  readonly limits: readonly { readonly values: readonly number[] }[];
}

/** The absolute numbers that stand for a metric now, each once. */
export const limitValues = ({ limits }: Limited): readonly number[] => [
  ...new Set(limits.flatMap(({ values }) => values)),
];

/** Whether a value is beyond one of the limits, on the side that is worse. */
export const isPastLimit = ({ worse, limits }: Limited, value: number): boolean =>
  limits.some(({ values }) => {
    const [one, other] = values;
    if (one === undefined) return false;
    if (other !== undefined) return value < Math.min(one, other) || value > Math.max(one, other);
    return worse === 'higher' ? value > one : worse === 'lower' ? value < one : false;
  });

/** Since when its values have been past the limit without a break, UTC ms; null while the last one is not. */
export const pastSince = (
  metric: Limited & { readonly history: readonly { readonly at: number; readonly value: number | null }[] },
): number | null => {
  let since: number | null = null;
  for (const { at, value } of metric.history) {
    if (value === null) continue;
    since = isPastLimit(metric, value) ? (since ?? at) : null;
  }
  return since;
};
