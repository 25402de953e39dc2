const leastMs = 2_000;

/** The skew to reckon with: a server tells its time in whole seconds, so less than 2 s is none. */
export const countedSkew = (measuredMs: number | null): number =>
  measuredMs === null || Math.abs(measuredMs) < leastMs ? 0 : measuredMs;
