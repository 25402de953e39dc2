import type { Recorded } from '../session/events.ts';
import type { AttemptOutcome } from '../session/outcome.ts';
import { exitWords } from '../session/outcome-judgement.ts';
import { commandOf } from '../session/reduce-command.ts';
import { sampleLikeness, wordsOfLikeness } from '../session/sample-likeness.ts';
import type { AttemptState, SessionState } from '../session/state.ts';
import type { CommandValues } from './command-values.ts';
import type { RecordCommand } from './record.ts';
import { iso, isoOrNull } from './times.ts';

/** A changing command that really ran; the sending of a message changes nothing that is deployed. */
export const changedSomething = (attempt: AttemptState): boolean =>
  attempt.spec.risk !== 'read' &&
  attempt.part === 'action' &&
  attempt.startedAt !== null &&
  attempt.status !== 'not-started';

/** `exit 1`, and what was expected and did not come. */
export const outcomeWords = (outcome: AttemptOutcome, endsInMatch: AttemptState['spec']['endsInMatch']): string => {
  const words = exitWords(outcome, endsInMatch);
  if (outcome.expectation?.met !== false) return words;
  const { because } = outcome.expectation;
  return because.startsWith(words) ? because : `${words}, ${because}`;
};

/** `exit 0`, `still running`, `UNKNOWN: started, no result recorded`. */
export const resultWords = (attempt: AttemptState): string => {
  const { outcome, resolved } = attempt;
  switch (attempt.status) {
    case 'confirmed':
      return 'confirmed, not started yet';
    case 'running':
      return 'still running';
    case 'not-started':
      return 'never started';
    case 'unknown':
      return 'UNKNOWN: started, no result recorded';
    case 'resolved':
      if (outcome === null) return `no result recorded, said to be ${resolved?.as ?? 'unknown'}`;
      break;
    case 'finished':
      break;
  }
  if (outcome === null) return 'no result recorded';
  if (attempt.spec.background && attempt.stopRequested) return 'stopped at the end of its phase';
  const words = outcomeWords(outcome, outcome.interactive ? null : attempt.spec.endsInMatch);
  const by = { operator: ', stopped by the operator', timeout: ', stopped at its time limit' };
  // The explanation of an end may have said it already.
  const stopped =
    outcome.stoppedBy === null || words.includes(by[outcome.stoppedBy].slice(2)) ? '' : by[outcome.stoppedBy];
  return `${outcome.interactive ? 'interactive, ' : ''}${words}${stopped}`;
};

const outputOf = (attempt: AttemptState): RecordCommand['output'] => {
  const { outcome } = attempt;
  if (outcome === null || outcome.interactive) return null;
  const { bytes, lines, sha256, omitted, binary, tail } = outcome.output;
  return { bytes, lines, sha256, omitted, binary, tail };
};

/** How the output compares with the sample of a plain file; null without a sample or a text to compare. */
const sampleOf = (attempt: AttemptState, sample: string | null): RecordCommand['sample'] => {
  const { outcome } = attempt;
  if (sample === null || outcome === null || outcome.interactive || outcome.output.binary) return null;
  const likeness = sampleLikeness(sample, outcome.output.tail);
  return { like: likeness.like, because: wordsOfLikeness(likeness) };
};

const commandRecord = (
  state: SessionState,
  attempt: AttemptState,
  values: CommandValues,
  typed: string | null,
): RecordCommand => {
  const { spec, outcome, resolved } = attempt;
  const command = commandOf(state.frames[attempt.frame], attempt);
  return {
    attempt: attempt.attempt,
    frame: attempt.frame,
    step: attempt.step,
    part: attempt.part,
    script: spec.script,
    original: attempt.edited ? (command?.script ?? null) : null,
    shell: spec.shell,
    risk: spec.risk,
    hash: attempt.hash,
    values,
    confirmed: { at: iso(attempt.confirmedAt), by: attempt.by, how: attempt.how, typed },
    started: isoOrNull(attempt.startedAt),
    ended: isoOrNull(outcome?.endedAt ?? null),
    duration: outcome === null ? null : Math.max(0, Math.round(outcome.endedAt - outcome.startedAt)),
    result: resultWords(attempt),
    exit: outcome?.exit ?? null,
    signal: outcome?.signal ?? null,
    expectation: outcome?.expectation ?? null,
    sample: sampleOf(attempt, command?.sample?.text ?? null),
    output: outputOf(attempt),
    interactive: outcome?.interactive ?? spec.tty,
    recovered: attempt.recovered,
    stoppedBy: outcome?.stoppedBy ?? null,
    captures: outcome?.captures ?? {},
    withheld: outcome?.withheld ?? [],
    survivors: attempt.survivors.map(({ command }) => command),
    notes: outcome?.notes ?? [],
    resolved: resolved === null ? null : { as: resolved.as, evidence: resolved.evidence },
  };
};

/** Every attempt in the order of confirmation. Process ids are left out: they say nothing once the machine is gone. */
export const commandRecords = (
  state: SessionState,
  values: ReadonlyMap<number, CommandValues>,
  events: readonly Recorded[],
): readonly RecordCommand[] => {
  const typed = new Map<number, string | null>();
  for (const event of events) if (event.type === 'command.confirmed') typed.set(event.data.attempt, event.data.typed);
  return Object.values(state.attempts)
    .toSorted((a, b) => a.attempt - b.attempt)
    .map((attempt) =>
      commandRecord(state, attempt, values.get(attempt.attempt) ?? [], typed.get(attempt.attempt) ?? null),
    );
};
