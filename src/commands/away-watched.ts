import type { AwayPage } from '../engine/face.ts';
import { criteriaOf } from '../session/criterion-state.ts';
import type { EventData } from '../session/events.ts';
import type { SessionState } from '../session/state.ts';
import { parseWatchLine, type WatchLine } from '../session/watch-line.ts';
import { unwatchedGaps } from '../session/watch-state.ts';
import { spoken, timeOfDay } from '../text/duration.ts';
import { safe, safeLine } from '../text/safe-text.ts';

type AwayLine = AwayPage['lines'][number];

/** More are in the record. */
const mostFinds = 12;

/** What watches saw while nobody had the run, and for how long not even one was there. */
export const watchedLines = (
  after: SessionState,
  taken: readonly EventData['watch.reported'][],
  away: { readonly from: number; readonly to: number },
): readonly AwayLine[] => {
  const finds = taken.flatMap(({ line }) => {
    const fact = parseWatchLine(line);
    const text = fact === null || fact.at < away.from || fact.at > away.to ? null : findWords(after, fact);
    return text === null || fact === null ? [] : [{ text, at: fact.at, who: fact.who }];
  });
  const more = finds.length - mostFinds;
  const unwatched = unwatchedGaps({ gaps: [{ ...away, kind: 'left' }], watches: after.watches });
  const alone = unwatched.reduce((sum, { from, to }) => sum + to - from, 0);
  return [
    ...(more > 0 ? [{ level: 'attention', text: safe`${more} more finds of watches before these` } as const] : []),
    ...finds.slice(-mostFinds).map(
      ({ text, at, who }): AwayLine => ({
        level: 'attention',
        text: safe`${safeLine(text)}  ${timeOfDay(at)} UTC, seen by the watch of ${safeLine(who)}`,
      }),
    ),
    ...spanLines(after, away),
    ...(alone < 1000 && after.watches.length > 0
      ? []
      : [{ level: 'info', text: safe`nothing was watched from here for ${spoken(alone)}` } as const]),
  ];
};

const findWords = (state: SessionState, fact: WatchLine): string | null => {
  const title = (criterion: number): string => criteriaOf(state)[criterion]?.title ?? `criterion ${criterion + 1}`;
  switch (fact.type) {
    case 'criterion.breached':
      return `BREACHED ${title(fact.data.criterion)}: ${fact.data.value}`;
    case 'criterion.recovered':
      return `well again ${title(fact.data.criterion)}: ${fact.data.value}`;
    case 'criterion.blind':
      return `BLIND ${title(fact.data.criterion)}: ${fact.data.because}`;
    case 'watch.ended':
      return fact.data.why === 'stopped' ? 'the watch stopped: another target was found' : null;
    default:
      return null;
  }
};

/** `criteria and panels were watched by alice 14:02:10 to 14:31:05 UTC (28 min 55 s)`, once for each watch. */
const spanLines = (
  { watches }: SessionState,
  away: { readonly from: number; readonly to: number },
): readonly AwayLine[] =>
  watches.flatMap(({ who, spans }) => {
    const within = spans
      .map(({ from, to }) => ({ from: Math.max(from, away.from), to: Math.min(to, away.to) }))
      .filter(({ from, to }) => from < to);
    const [first] = within;
    const last = within.at(-1);
    if (first === undefined || last === undefined) return [];
    const total = within.reduce((sum, { from, to }) => sum + to - from, 0);
    const when = `${timeOfDay(first.from)} to ${timeOfDay(last.to)} UTC (${spoken(total)})`;
    return [{ level: 'info', text: safe`criteria and panels were watched by ${safeLine(who)} ${when}` }];
  });
