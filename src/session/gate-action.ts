import { isLook } from '../gates/progress.ts';
import { type Sample, verdictWord } from '../gates/sample.ts';
import type { Gate } from '../runbook/model.ts';
import { clock } from '../text/duration.ts';
import { foreignSource } from './foreign.ts';
import { isInRollback } from './frames.ts';
import { checksOf, commandsOf, gateHash } from './gate-checks.ts';
import { unownedFor } from './gate-state.ts';
import type { GateAction, GateChoice } from './main-action.ts';
import { shownText } from './message-text.ts';
import { stepAt } from './pending.ts';
import { stageBefore } from './stage-before.ts';
import type { FrameState, GateState, SessionState } from './state.ts';
import { type Place, stepStateOf } from './walk.ts';

/** What a gate's step offers now. */
export const gateAction = (
  state: SessionState,
  frame: FrameState,
  place: Place,
  index: number,
  gate: Gate,
): GateAction => {
  const own = stepStateOf(frame, place.step).actions[index];
  const checks = checksOf(frame, gate);
  const base = {
    kind: 'gate',
    at: stepAt(frame, place),
    action: index,
    gate,
    commands: commandsOf(checks),
    hash: gateHash(checks),
  } as const;
  const known = own?.gate ?? null;
  if (known === null || own?.status === 'todo') {
    const because = base.hash === null ? 'it begins by itself' : 'it asks by commands, which are confirmed once';
    return { ...base, stage: 'start', because, choices: [] };
  }
  const word = verdictWord(known.verdict);
  const because = known.because ?? 'not judged yet';
  if (word === 'FAIL')
    return { ...base, stage: 'failed', because, choices: failedChoices(state, frame, place, gate, known) };
  if (word === 'BLIND') return { ...base, stage: 'blind', because, choices: blindChoices(state, frame, gate, known) };
  return { ...base, stage: 'judging', because, choices: [] };
};

export const leastReason = 10;

/** A failed check's name has to be typed where its gate is critical in production; hotfixes and rollbacks type nothing. */
export const typedToOverride = (
  state: SessionState,
  frame: FrameState,
  place: Place,
  gate: Gate,
  known: GateState,
): string | null => {
  const critical = gate.critical || place.step.critical || place.path.some((phase) => phase.critical);
  const free = frame.runbook.kind === 'hotfix' || frame.runbook.kind === 'rollback' || isInRollback(state);
  if (!critical || free || state.run?.target.production !== true || known.verdict !== 'FAIL') return null;
  const failed = known.progress.checks.findIndex((check) => check.failed !== null);
  return gate.checks[Math.max(0, failed)]?.source ?? null;
};

const failedChoices = (
  state: SessionState,
  frame: FrameState,
  place: Place,
  gate: Gate,
  known: GateState,
): readonly GateChoice[] => {
  const stage = stageBefore(frame, place);
  const typed = typedToOverride(state, frame, place, gate, known);
  const soak = gate.forMs === null ? 'a new try' : `a new soak of ${clock(gate.forMs)}`;
  return [
    ...(stage === null
      ? []
      : [
          {
            kind: 'back',
            label: `Back to ${shownText(frame, stage.title)}`,
            detail: stage.detail,
            step: stage.step,
          } as const,
        ]),
    { kind: 'hold', label: 'Hold', detail: `${soak}; this FAIL stays on record` },
    {
      kind: 'override',
      label: 'Go on anyway',
      detail: `reason${typed === null ? '' : `, and type ${typed}`}; goes into the record`,
      least: leastReason,
      typed,
    },
  ];
};

const blindChoices = (state: SessionState, frame: FrameState, gate: Gate, known: GateState): readonly GateChoice[] => {
  const dead = deadSource(frame, gate, known);
  const knows = dead === null || state.acknowledged.some(({ source }) => source === dead);
  const unowned = unownedFor(state, checksOf(frame, gate));
  return [
    ...(unowned === null
      ? []
      : [
          {
            kind: 'acknowledge',
            label: 'Known change',
            detail: `${unowned.workload} by ${unowned.by}: reason; then it is judged as it is`,
            source: foreignSource(unowned.workload),
          } as const,
        ]),
    ...(knows || dead === null
      ? []
      : [
          {
            kind: 'acknowledge',
            label: 'Known to be away',
            detail: `${dead}: reason, once for all its checks`,
            source: dead,
          } as const,
        ]),
    {
      kind: 'by-eye',
      label: 'Judge it by eye',
      detail: 'say what you saw; never counts as a pass',
    },
    { kind: 'hold', label: 'Begin anew', detail: 'a new try' },
    { kind: 'override', label: 'Go on anyway', detail: 'reason; goes into the record', least: 1, typed: null },
  ];
};

/**
 * The source that gives no answer, of the check that makes a gate blind; null when all answer. One that answers another
 * check is not dead: what it was asked has no data.
 */
export const deadSource = (frame: FrameState, gate: Gate, known: GateState): string | null => {
  const checks = checksOf(frame, gate);
  const sourceWhere = (is: (last: Sample) => boolean): readonly string[] =>
    known.progress.checks.flatMap(({ last }, index) => {
      const source = checks[index]?.source;
      return last !== null && is(last) && source !== undefined ? [source] : [];
    });
  const answers = sourceWhere(({ kind }) => isLook(kind));
  const silent = sourceWhere(({ kind }) => kind === 'ERROR' || kind === 'NO-DATA');
  return silent.find((source) => !answers.includes(source)) ?? null;
};
