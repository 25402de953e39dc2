import type { AwayPage } from '../engine/face.ts';
import { exitWords } from '../session/outcome-judgement.ts';
import { statusDue } from '../session/overview.ts';
import { commandOf } from '../session/reduce-command.ts';
import type { AttemptState, SessionState } from '../session/state.ts';
import { placeOf } from '../session/walk.ts';
import { clock, spoken } from '../text/duration.ts';
import { safe } from '../text/safe-text.ts';

type AwayLine = AwayPage['lines'][number];

/** What happened between the last event and now. */
export const awayPage = (
  before: SessionState,
  after: SessionState,
  notices: readonly string[],
  now: number,
): AwayPage => ({
  awayMs: now - before.lastAt,
  lines: [
    ...notices.map((notice): AwayLine => ({ level: 'attention', text: safe`${notice}` })),
    ...Object.values(before.attempts).flatMap((attempt) => attemptLine(attempt, after)),
    ...missedUpdate(after, now),
    { level: 'info', text: safe`nothing was watched from here for ${spoken(now - before.lastAt)}` },
  ],
});

const attemptLine = (before: AttemptState, after: SessionState): readonly AwayLine[] => {
  if (before.status !== 'running' && before.status !== 'confirmed') return [];
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
          text: safe`RECOVERED  ${title}: ${words}, ${outcome.output.lines} lines, took ${spoken(outcome.endedAt - outcome.startedAt)}`,
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
          text: safe`STILL RUNNING  ${title}: since ${clock(Date.now() - (attempt.startedAt ?? Date.now()))}`,
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
