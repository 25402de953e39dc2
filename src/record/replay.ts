import type { Sample, Verdict } from '../gates/sample.ts';
import type { Recorded, RecordedOf } from '../session/events.ts';
import { checksOf } from '../session/gate-checks.ts';
import { rulesOf } from '../session/gate-rules-of.ts';
import { gateIn, gateVerdict } from '../session/gate-state.ts';
import type { RunbookLibrary, SessionState } from '../session/state.ts';
import { holdingOf, isContrary } from './contrary-sample.ts';
import { foldWith, type Moment, stepTitle } from './moments.ts';
import type { DeploymentRecord } from './record.ts';
import { answerOf, answersIn, standingOf, verdictAt, withRow } from './replay-gate.ts';
import { iso } from './times.ts';

/** A recorded verdict that its samples do not give. */
export interface Differing {
  readonly frame: number;
  readonly step: string;
  readonly title: string;
  readonly at: string;
  readonly recorded: Verdict;
  readonly found: Verdict;
}

/** A sample whose own numbers say the other thing. */
export interface ContrarySample {
  readonly frame: number;
  readonly step: string;
  readonly title: string;
  readonly at: string;
  /** `GOOD, 548 ms`. */
  readonly recorded: string;
}

/** What became of the verdicts of a run when its gates were judged again. */
export interface Replay {
  /** Verdicts that were reached again. */
  readonly same: number;
  readonly differing: readonly Differing[];
  /** Verdicts that cannot be judged again: their samples are not all there, or their runbook is not. */
  readonly beyond: number;
  readonly contrary: readonly ContrarySample[];
}

/**
 * A verdict was reached before its entry was written, and not before the entry that precedes it. No disk takes longer
 * than this for one entry without being said to.
 */
const latestMs = 5_000;

const moments = (at: number, before: number): readonly number[] => {
  const earliest = Math.max(before, at - latestMs);
  return earliest < at ? [at, earliest] : [at];
};

/** What the gate says: the recorded verdict when any of the moments gives it. */
const reached = (recorded: Verdict, at: number, before: number, judged: (now: number) => Verdict): Verdict =>
  moments(at, before).some((now) => judged(now) === recorded) ? recorded : judged(at);

/** Judges every gate of a run again, from its recorded samples and clock. */
export const replayRun = (events: readonly Recorded[], library: RunbookLibrary): Replay => {
  const differing: Differing[] = [];
  const contrary: ContrarySample[] = [];
  let same = 0;
  let beyond = 0;
  let last = 0;
  const see = (state: SessionState, event: RecordedOf<'gate.verdict'>): void => {
    const recorded = event.data.verdict;
    const judged = judgement(state, event);
    const found = judged === null ? null : reached(recorded, event.at, last, judged);
    if (found === null) beyond += 1;
    else if (found === recorded) same += 1;
    else {
      const { step } = event.data;
      const title = stepTitle(state, event.frame, step);
      differing.push({ frame: event.frame, step, title, at: iso(event.at), recorded, found });
    }
  };
  const collector = {
    see: ({ event, before }: Moment) => {
      if (event.type === 'gate.verdict') see(before, event);
      contrary.push(...contraryIn(before, event));
      last = event.at;
    },
    result: () => null,
  };
  foldWith(library, events, [collector]);
  return { same, differing, beyond, contrary };
};

const contraryIn = (session: SessionState, event: Recorded): readonly ContrarySample[] => {
  const taken = event.type === 'gate.sampled' ? [event.data] : event.type === 'gap.backfilled' ? event.data.gates : [];
  return taken.flatMap(({ step, action, samples }) => {
    const frame = session.frames[event.frame];
    const gate = frame === undefined ? null : gateIn(frame, step, action);
    if (frame === undefined || gate === null) return [];
    const checks = checksOf(frame, gate);
    const place = { frame: event.frame, step, title: stepTitle(session, event.frame, step) };
    return samples.flatMap(({ check, sample }) => {
      const own = checks[check];
      return own !== undefined && isContrary(holdingOf(own), sample) ? [contraryOf(place, sample)] : [];
    });
  });
};

const contraryOf = (
  place: Pick<ContrarySample, 'frame' | 'step' | 'title'>,
  { at, kind, value }: Sample,
): ContrarySample => ({ ...place, at: iso(at), recorded: value === '' ? kind : `${kind}, ${value}` });

const judgement = (
  session: SessionState,
  { frame: number, data }: RecordedOf<'gate.verdict'>,
): ((now: number) => Verdict) | null => {
  const frame = session.frames[number];
  const gate = frame === undefined ? null : gateIn(frame, data.step, data.action);
  const state = frame?.steps[data.step]?.actions[data.action]?.gate ?? null;
  if (frame === undefined || gate === null || state === null) return null;
  const checks = checksOf(frame, gate);
  const rules = rulesOf(session, gate, checks);
  return (now) => gateVerdict(session, { gate, checks, rules, state }, now).verdict;
};

/** Judges every gate again from a record alone: the journal and the runbooks need not be there. */
export const replayRecord = (record: DeploymentRecord): Replay => {
  const tries = record.gates.map(replayTry);
  return {
    same: tries.reduce((sum, { same }) => sum + same, 0),
    differing: tries.flatMap(({ differing }) => differing),
    beyond: tries.reduce((sum, { beyond }) => sum + beyond, 0),
    contrary: tries.flatMap(({ contrary }) => contrary),
  };
};

const replayTry = ({ judging, verdicts, frame, step, title }: DeploymentRecord['gates'][number]): Replay => {
  if (judging === null) return { same: 0, differing: [], beyond: verdicts.length, contrary: [] };
  const differing: Differing[] = [];
  let standing = standingOf(judging);
  let last = 0;
  let same = 0;
  for (const row of judging.log) {
    const [, at, what] = row;
    if (what === 'verdict') {
      const recorded = row[3];
      const found = reached(recorded, Date.parse(at), last, (now) => verdictAt(standing, judging, now));
      if (found === recorded) same += 1;
      else differing.push({ frame, step, title, at, recorded, found });
    }
    standing = withRow(standing, row, judging.rules);
    last = Date.parse(at);
  }
  const contrary = judging.log.flatMap(answersIn).flatMap((row) => {
    const { check, sample } = answerOf(row);
    const own = judging.checks[check];
    return own !== undefined && isContrary(own, sample) ? [contraryOf({ frame, step, title }, sample)] : [];
  });
  return { same, differing, beyond: verdicts.length - same - differing.length, contrary };
};
