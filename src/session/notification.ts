import { clock } from '../text/duration.ts';
import { type SafeText, safe, safeLine, safeText } from '../text/safe-text.ts';
import { truncate } from '../text/width.ts';
import { openBreach } from './criterion-state.ts';
import { checksOf } from './gate-checks.ts';
import type { Effect } from './intents.ts';
import type { GateAction } from './main-action.ts';
import { mainAction } from './select.ts';
import type { AttemptState, SessionState } from './state.ts';
import { stepTitle } from './ui-facts.ts';
import { placeOf } from './walk.ts';

/** Why somebody is called: the effect without its type. */
export type Ring = Omit<Extract<Effect, { type: 'ring' }>, 'type'>;

/** What somebody who does not look at the screen is told. All of it is one line each, without control characters. */
export interface Notification {
  readonly event: 'needs-you' | 'breach' | 'command-ended' | 'run-ended';
  /** Of the runbook that the run began with. */
  readonly title: SafeText;
  /** `PROD prod-eu/production`; empty without a target. */
  readonly target: SafeText;
  /** `Deploy › Wait for the rollout`; empty when it is about no step. */
  readonly step: SafeText;
  /** All of it as one sentence, what happened first. */
  readonly message: SafeText;
}

/** A variable or a notification must not be as long as some output is. */
const longest = 400;

/** What waits for the operator, in a few words; null when nothing does. `now` is UTC ms. */
export const needsYou = (state: SessionState, now: number): SafeText | null => {
  const breach = openBreach(state);
  if (breach !== null) return safe`rollback criterion ${safeLine(breach.title)} BREACHED`;
  const main = mainAction(state, now);
  if (main.kind === 'accept') return safeLine(main.because);
  if (main.kind === 'resolve') return safeText('UNKNOWN result');
  if (main.kind === 'decide') return safeLine(main.at.step.title);
  if (main.kind === 'approve') return safe`approval: ${safeLine(main.at.step.title)}`;
  if (main.kind === 'gate' && (main.stage === 'failed' || main.stage === 'blind'))
    return safe`${safeLine(worstCheck(state, main))} ${main.stage === 'failed' ? 'FAIL' : 'BLIND'}`;
  if (main.kind === 'nothing' && main.at?.state.status === 'failed') return safe`FAIL ${safeLine(main.at.step.title)}`;
  return null;
};

/** `rollout`, `p99`: the check that a gate stands or falls with. */
const worstCheck = (state: SessionState, { at, action, gate }: GateAction): string => {
  const frame = state.frames[at.frame];
  const checks = at.state.actions[action]?.gate?.progress.checks ?? [];
  const failed = checks.findIndex((check) => check.failed !== null);
  const silent = checks.findIndex(({ last }) => last?.kind === 'ERROR' || last?.kind === 'NO-DATA');
  const index = failed === -1 ? silent : failed;
  const check = frame === undefined ? undefined : checksOf(frame, gate)[index];
  return check?.name ?? at.step.title;
};

/** The words the terminal's title and a notification have in common. */
export const needsYouWords = (needed: SafeText): SafeText => safe`NEEDS YOU: ${needed}`;

/** What a ring is about, in words. */
export const notificationOf = (state: SessionState, ring: Ring, now: number): Notification => {
  const title = line(state.frames[0]?.reference.title ?? 'gonogo');
  const target = targetOf(state);
  const attempt = ring.attempt === undefined ? undefined : state.attempts[ring.attempt];
  const { event, what, step } = factOf(state, ring, attempt, now);
  const rest = [step, title, target].filter((part) => part !== '').join(', ');
  return { event, title, target, step, message: truncate(safeLine(`${what}. ${rest}`), longest) };
};

const line = (text: string): SafeText => truncate(safeLine(text), longest);

const factOf = (
  state: SessionState,
  { why }: Ring,
  attempt: AttemptState | undefined,
  now: number,
): Pick<Notification, 'event' | 'step'> & { readonly what: string } => {
  if (why === 'done' && state.finished !== null) {
    const { outcome, reason } = state.finished;
    return { event: 'run-ended', what: `${outcome}${reason === null ? '' : `: ${reason}`}`, step: safeText('') };
  }
  if (why === 'done')
    return {
      event: 'command-ended',
      what: attempt === undefined ? 'a command ended' : endWords(attempt),
      step: stepOf(state, attempt),
    };
  const breach = why === 'breach' ? openBreach(state) : null;
  if (breach !== null) return { event: why, what: `BREACHED ${breach.title}: ${breach.value}`, step: safeText('') };
  const needed = needsYou(state, now);
  const main = mainAction(state, now);
  const at = 'at' in main && main.at !== null ? main.at : null;
  return {
    event: why,
    what: needsYouWords(needed ?? safeText('it waits for an answer')),
    step: at === null ? stepOf(state, attempt) : stepWords(state, at.frame, at.step.id),
  };
};

const endWords = ({ outcome }: AttemptState): string => {
  if (outcome === null) return 'command ended';
  const { exit, signal, startedAt, endedAt } = outcome;
  const ended = exit === null ? `ended by ${signal ?? 'a signal'}` : `exit ${exit}`;
  return `command ended: ${ended} after ${clock(endedAt - startedAt)}`;
};

const stepOf = (state: SessionState, attempt: AttemptState | undefined): SafeText =>
  attempt === undefined ? safeText('') : stepWords(state, attempt.frame, attempt.step);

const stepWords = (state: SessionState, frame: number, step: string): SafeText => {
  const own = state.frames[frame];
  const place = own === undefined ? undefined : placeOf(own.runbook, step);
  return own === undefined || place === undefined
    ? safeText('')
    : line(`${place.phase.title} › ${stepTitle(own, step)}`);
};

const targetOf = ({ run }: SessionState): SafeText => {
  const named = [run?.target.context, run?.target.namespace].filter((name) => name !== null && name !== undefined);
  const place = named.join('/');
  return line(run?.target.production === true ? `PROD ${place}`.trim() : place);
};
