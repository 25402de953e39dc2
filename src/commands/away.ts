import type { AwayPage } from '../engine/face.ts';
import type { ClusterFacts, ForeignChange } from '../gates/workload.ts';
import type { EventData, RunEvent } from '../session/events.ts';
import { exitWords } from '../session/outcome-judgement.ts';
import { statusDue } from '../session/overview.ts';
import { commandOf } from '../session/reduce-command.ts';
import type { AttemptState, SessionState } from '../session/state.ts';
import { placeOf } from '../session/walk.ts';
import { clock, spoken } from '../text/duration.ts';
import { safe } from '../text/safe-text.ts';
import { clusterLines, lockLines } from './away-cluster.ts';
import { toldLines } from './away-told.ts';
import { watchedLines } from './away-watched.ts';

type AwayLine = AwayPage['lines'][number];

/**
 * What happened since this run was left, or since its last event when nobody left it. `leftAt`: UTC ms of the last leaving;
 * a process that has left may live long enough to write down the end of a command.
 */
export const awayPage = (
  before: SessionState,
  after: SessionState,
  {
    notices,
    leftAt,
    now,
    watched = [],
    told = [],
    facts = null,
    changes = [],
  }: {
    readonly notices: readonly string[];
    readonly leftAt: number | null;
    readonly now: number;
    /** Lines of watches that were taken over. */
    readonly watched?: readonly EventData['watch.reported'][];
    /** What the metrics told afterwards. */
    readonly told?: readonly RunEvent[];
    /** The cluster as it is seen now; null = not yet, or there is none. */
    readonly facts?: ClusterFacts | null;
    /** What others have written meanwhile. */
    readonly changes?: readonly ForeignChange[];
  },
): AwayPage => ({
  awayMs: now - before.lastAt,
  lines: [
    ...notices.map((notice): AwayLine => ({ level: 'attention', text: safe`${notice}` })),
    ...Object.values(before.attempts).flatMap((attempt) => attemptLine(attempt, after, leftAt)),
    ...lockLines(before.lock, after.lock),
    ...clusterLines(facts, changes, { from: before.lastAt, to: now }),
    ...missedUpdate(after, now),
    ...toldLines(after, told),
    ...watchedLines(after, watched, { from: before.lastAt, to: now }),
  ],
});

/** Still of interest: it had not ended, its end is unknown, or it ended after the run was left. */
const isNews = ({ status, outcome }: AttemptState, leftAt: number | null): boolean =>
  status === 'running' ||
  status === 'confirmed' ||
  status === 'unknown' ||
  (leftAt !== null && outcome !== null && outcome.endedAt >= leftAt);

const attemptLine = (before: AttemptState, after: SessionState, leftAt: number | null): readonly AwayLine[] => {
  if (!isNews(before, leftAt)) return [];
  const attempt = after.attempts[before.attempt];
  const frame = after.frames[before.frame];
  if (attempt === undefined || frame === undefined) return [];
  const title = placeOf(frame.runbook, attempt.step)?.step.title ?? attempt.step;
  switch (attempt.status) {
    case 'finished': {
      const { outcome } = attempt;
      if (outcome === null) return [];
      const words = exitWords(outcome, commandOf(frame, attempt)?.endsInMatch ?? null);
      return [
        {
          level: outcome.exit === 0 ? 'info' : 'attention',
          text: safe`RECOVERED  ${title}: ${words}, ${outcome.output.lines} ${outcome.output.lines === 1 ? 'line' : 'lines'}, took ${spoken(outcome.endedAt - outcome.startedAt)}`,
        },
      ];
    }
    case 'unknown':
      return [
        {
          level: 'attention',
          text: safe`UNKNOWN  ${title}: started ${new Date(attempt.startedAt ?? 0).toISOString().slice(11, 19)}, no result recorded`,
        },
      ];
    case 'not-started':
      return [{ level: 'attention', text: safe`NOT STARTED  ${title}: confirm it again` }];
    default:
      return [
        {
          level: 'info',
          text: safe`STILL RUNNING  ${title}: for ${clock(Date.now() - (attempt.startedAt ?? Date.now()))}`,
        },
      ];
  }
};

const missedUpdate = (state: SessionState, now: number): readonly AwayLine[] => {
  const due = statusDue(state, now);
  return due === null || due.inMs > 0
    ? []
    : [{ level: 'attention', text: safe`a status update was due ${clock(-due.inMs)} ago (U)` }];
};
