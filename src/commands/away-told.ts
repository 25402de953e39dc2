import type { AwayPage } from '../engine/face.ts';
import { criteriaOf } from '../session/criterion-state.ts';
import type { RunEvent } from '../session/events.ts';
import type { SessionState } from '../session/state.ts';
import { timeOfDay } from '../text/duration.ts';
import { safe, safeLine } from '../text/safe-text.ts';

type AwayLine = AwayPage['lines'][number];

const coverageNeeded = 0.8;

/** What the metrics told afterwards of a time that nobody watched: breaches with their time, and what could be seen at all. */
export const toldLines = (after: SessionState, told: readonly RunEvent[]): readonly AwayLine[] => {
  const criteria = criteriaOf(after);
  const title = (criterion: number): string => criteria[criterion]?.title ?? `criterion ${criterion + 1}`;
  const breaches = told.flatMap((event): readonly AwayLine[] => {
    if (event.type !== 'criterion.breached' || event.data.happenedAt === undefined) return [];
    const { criterion, value, happenedAt } = event.data;
    const what = safe`BREACHED ${safeLine(title(criterion))}: ${safeLine(value)}`;
    return [{ level: 'attention', text: safe`${what}  ${timeOfDay(happenedAt)} UTC, told by the metrics afterwards` }];
  });
  const seen = told.flatMap((event) =>
    event.type === 'gap.backfilled' ? event.data.criteria.filter(({ coverage }) => coverage >= coverageNeeded) : [],
  );
  const names = [...new Set(seen.map(({ criterion }) => title(criterion)))];
  if (names.length === 0) return breaches;
  return [...breaches, { level: 'info', text: safe`read from the metrics afterwards: ${safeLine(names.join(', '))}` }];
};
