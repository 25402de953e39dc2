import { reduceCriterion } from './criterion-state.ts';
import type { Recorded, RecordedOf } from './events.ts';
import type { SessionState } from './state.ts';
import { reportedFact } from './watch-line.ts';

export interface Span {
  /** UTC ms. */
  readonly from: number;
  readonly to: number;
}

/** What is known of one `gonogo watch` beside the run. */
export interface WatchState {
  readonly session: string;
  /** Empty as long as none of its lines could be understood. */
  readonly who: string;
  /** Lines of its file that were taken over: the next one is the first that is new. */
  readonly lines: number;
  /** When it watched, in order. */
  readonly spans: readonly Span[];
}

const unknownWatch = (session: string): WatchState => ({ session, who: '', lines: 0, spans: [] });

/**
 * What a reported line says of a criterion, as the event it is: dated when it was seen, by who watched. Null when the
 * line says nothing of one, or when a process of the run was there and saw for itself.
 */
export const seenByWatch = (state: SessionState, event: RecordedOf<'watch.reported'>): Recorded | null => {
  const fact = reportedFact(event);
  if (fact === null || !('criterion' in fact.data)) return null;
  const { at, who, type, data } = fact;
  const nobodyThere = state.gaps.some(({ from, to }) => from <= at && at <= to);
  const isNews = at >= (state.criteria[fact.data.criterion]?.since ?? 0);
  return nobodyThere && isNews ? ({ ...event, type, data, at, actor: who, frame: 0 } as Recorded) : null;
};

/** Takes a line of a watch over; it counts as taken whatever it says. */
export const reduceWatch = (state: SessionState, event: RecordedOf<'watch.reported'>): SessionState => {
  const { session } = event.data;
  const fact = reportedFact(event);
  const known = state.watches.find((watch) => watch.session === session) ?? unknownWatch(session);
  const watch: WatchState = {
    ...known,
    who: fact?.who ?? known.who,
    lines: known.lines + 1,
    spans: fact?.type === 'watch.lasted' ? joined(known.spans, fact.data) : known.spans,
  };
  const others = state.watches.filter((each) => each.session !== session);
  const noted = { ...state, watches: [...others, watch] };
  const seen = seenByWatch(state, event);
  return seen === null ? noted : reduceCriterion(noted, seen);
};

/** One after the other without a break is one. */
const joined = (spans: readonly Span[], { from, to }: Span): readonly Span[] => {
  const last = spans.at(-1);
  return last !== undefined && last.to === from ? spans.with(-1, { from: last.from, to }) : [...spans, { from, to }];
};

/** The parts of the gaps that no watch saw either, in order. */
export const unwatchedGaps = ({ gaps, watches }: Pick<SessionState, 'gaps' | 'watches'>): readonly Span[] => {
  const seen = watches.flatMap(({ spans }) => spans);
  return gaps
    .flatMap(({ from, to }) =>
      seen.reduce<readonly Span[]>((left, span) => left.flatMap(without(span)), [{ from, to }]),
    )
    .toSorted((a, b) => a.from - b.from);
};

const without =
  (span: Span) =>
  ({ from, to }: Span): readonly Span[] =>
    [
      { from, to: Math.min(to, span.from) },
      { from: Math.max(from, span.to), to },
    ].filter((part) => part.from < part.to);
