import { completed } from './decide.ts';
import type { RunEvent } from './events.ts';
import { sha256 } from './exec-spec.ts';
import type { Decision, Effect, Report } from './intents.ts';
import { judgeOutcome } from './outcome-judgement.ts';
import { project } from './project.ts';
import { commandOf } from './reduce-command.ts';
import { accept, refuse } from './refusal.ts';
import { mainAction } from './select.ts';
import type { AttemptState, SessionState } from './state.ts';
import { statusSent } from './status-update.ts';
import { placeOf } from './walk.ts';

type Survivors = AttemptState['survivors'];

const longCommandMs = 30_000;

/** The events that a report of the engine gives. */
export const decideReport = (state: SessionState, report: Report, now: number): Decision => {
  const attempt = state.attempts[report.attempt];
  if (attempt === undefined) return refuse(`attempt ${report.attempt} is not known`);
  if (report.type === 'attempt-survivors') return survivorsAgain(attempt, report.survivors);
  // A late report of an attempt whose end is known, or is the operator's to say, changes nothing.
  if (attempt.status !== 'confirmed' && attempt.status !== 'running')
    return refuse(`attempt ${report.attempt} has ended`);
  const decision = byType(state, attempt, report);
  if (!decision.ok) return decision;
  const whole = completed(state, decision.events, decision.effects, now);
  return whole.ok
    ? { ...whole, effects: [...whole.effects, ...calls(project(state, whole.events, now), report, now)] }
    : whole;
};

/** The end of a command that leaves the run to a person's judgement calls that person. */
const calls = (state: SessionState, report: Report, now: number): readonly Effect[] => {
  if (report.type !== 'attempt-finished') return [];
  const { kind } = mainAction(state, now);
  return kind === 'accept' || kind === 'decide' || kind === 'approve'
    ? [{ type: 'ring', why: 'needs-you', attempt: report.attempt }]
    : [];
};

/** The same event as at first, without a call: somebody is looking at it already. */
const survivorsAgain = ({ attempt, status, frame, ...known }: AttemptState, survivors: Survivors): Decision => {
  if (status !== 'unknown') return accept([]);
  const startedAt = known.startedAt ?? known.confirmedAt;
  return accept([{ type: 'command.unknown', frame, data: { attempt, startedAt, survivors } }]);
};

const byType = (
  state: SessionState,
  attempt: AttemptState,
  report: Exclude<Report, { type: 'attempt-survivors' }>,
): Decision => {
  const { frame } = attempt;
  switch (report.type) {
    case 'attempt-started':
      return accept([
        {
          type: 'command.started',
          frame,
          data: { attempt: attempt.attempt, pid: report.pid, startedAt: report.startedAt },
        },
      ]);
    case 'attempt-finished':
      return finished(state, attempt, report);
    case 'attempt-unknown':
      return accept(
        [
          {
            type: 'command.unknown',
            frame,
            data: { attempt: attempt.attempt, startedAt: report.startedAt, survivors: report.survivors },
          },
        ],
        [{ type: 'ring', why: 'needs-you', attempt: attempt.attempt }],
      );
    case 'attempt-not-started':
      return accept([
        {
          type: 'command.resolved',
          frame,
          data: { attempt: attempt.attempt, as: 'not-started', evidence: report.because },
        },
      ]);
    case 'attempt-steady':
      return accept([
        {
          type: 'command.output-noted',
          frame,
          data: { attempt: attempt.attempt, bytes: report.bytes, lines: report.lines, tail: report.tail },
        },
      ]);
  }
};

const finished = (
  state: SessionState,
  attempt: AttemptState,
  report: Extract<Report, { type: 'attempt-finished' }>,
): Decision => {
  const { outcome, recovered } = report;
  const { frame } = attempt;
  const events: RunEvent[] = [
    { type: 'command.finished', frame, data: { attempt: attempt.attempt, outcome, recovered } },
  ];
  if (outcome.carried !== null) {
    const { set, unset, cwd } = outcome.carried;
    if (set.length > 0 || unset.length > 0)
      events.push({ type: 'environment.carried', frame, data: { attempt: attempt.attempt, set, unset, cwd } });
  }
  const long = rings(attempt, outcome.endedAt - outcome.startedAt);
  if (attempt.forStatus) {
    const sent = statusSent(state, attempt, outcome);
    return accept([...events, ...sent.events], [...long, ...sent.effects]);
  }
  const message = sentMessage(state, attempt, report);
  if (message !== null) events.push(message);
  return accept(events, long);
};

const sentMessage = (
  state: SessionState,
  attempt: AttemptState,
  report: Extract<Report, { type: 'attempt-finished' }>,
): RunEvent | null => {
  const own = state.frames[attempt.frame];
  const command = commandOf(own, attempt);
  if (own === undefined || command === null || attempt.part !== 'send' || attempt.stdin === null) return null;
  if (judgeOutcome(command, report.outcome, own.runbook.plain).status !== 'done') return null;
  const action = placeOf(own.runbook, attempt.step)?.step.actions[attempt.action];
  if (action?.kind !== 'message') return null;
  const data = {
    step: attempt.step,
    action: attempt.action,
    to: action.message.to,
    how: 'sent' as const,
    text: attempt.stdin,
    sha256: sha256(attempt.stdin),
  };
  return { type: 'message.posted', frame: attempt.frame, data };
};

const rings = (attempt: AttemptState, durationMs: number): readonly Effect[] => {
  if (attempt.spec.background && attempt.stopRequested) return [];
  return durationMs > longCommandMs ? [{ type: 'ring', why: 'done', attempt: attempt.attempt }] : [];
};
