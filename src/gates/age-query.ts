/**
 * Asks how old the newest sample behind a query is. The timestamp of its answer is that of the evaluation, and the
 * plain `timestamp(…)` is gone with the first failed scrape. Source: 30-gates, "Samples".
 */
export const ageQuery = (selector: string): string => `time() - max(max_over_time(timestamp(${selector})[10m:15s]))`;
