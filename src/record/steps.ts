import { stateWords } from '../session/overview.ts';
import type { FrameState, SessionState, StepState } from '../session/state.ts';
import { isSettled, type Place, places, stepStateOf } from '../session/walk.ts';
import { filledText, stepKey } from './moments.ts';
import type { Pending, RecordFrame, RecordStep } from './record.ts';
import type { StepHistory } from './step-history.ts';
import { iso, isoOrNull } from './times.ts';

/** Nobody has decided how to go on from it; a record that is read later does not ask for anybody. */
const isFailedGate = ({ status, actions }: StepState): boolean =>
  status === 'attention' && actions.some(({ gate }) => gate?.verdict === 'FAIL');

const stepRecord = (state: SessionState, frame: FrameState, place: Place, history: StepHistory): RecordStep => {
  const step = stepStateOf(frame, place.step);
  const key = stepKey(frame.number, place.step.id);
  const results = history.results.get(key) ?? [];
  const stands = isSettled(step.status) || step.status === 'failed';
  return {
    id: place.step.id,
    title: filledText(state, frame.number, place.step.title),
    phase: filledText(state, frame.number, place.path.map((phase) => phase.title).join(' › ')),
    due: place.path.findLast((phase) => phase.at !== null)?.at ?? null,
    depth: place.depth,
    kind: place.step.kind,
    offPath: place.offPath,
    status: step.status,
    state: isFailedGate(step) ? 'FAIL' : stateWords(step),
    result: stands ? (results.at(-1) ?? null) : null,
    until: isoOrNull(step.status === 'owed' ? step.until : null),
    tries: step.tries,
    open: stands ? Math.round(history.open.get(key) ?? 0) : null,
    earlier: stands ? results.slice(0, -1) : results,
    attempts: step.actions.flatMap((action) => action.attempts).toSorted((a, b) => a - b),
  };
};

export const frameRecords = (
  state: SessionState,
  history: StepHistory,
  secrets: readonly string[][],
): readonly RecordFrame[] =>
  state.frames.map((frame) => ({
    number: frame.number,
    purpose: frame.purpose,
    runbook: frame.reference,
    parent: frame.parent,
    source: frame.source,
    opened: iso(frame.openedAt),
    closed: frame.closed,
    inputs: frame.inputs,
    captures: frame.captures,
    withheld: frame.withheld,
    secrets: secrets[frame.number] ?? [],
    steps: places(frame.runbook).map((place) => stepRecord(state, frame, place, history)),
  }));

/** Everything still owed, in order. */
export const owedRecords = (state: SessionState): readonly Pending[] =>
  state.frames.flatMap((frame) =>
    places(frame.runbook).flatMap(({ step }): readonly Pending[] => {
      const { status, until, reason } = stepStateOf(frame, step);
      const title = filledText(state, frame.number, step.title);
      return status === 'owed' ? [{ frame: frame.number, step: step.id, title, due: isoOrNull(until), reason }] : [];
    }),
  );

/** Phases due some time after T-0 that still have open steps, while the run goes on. */
export const followUpRecords = (state: SessionState): readonly Pending[] => {
  const main = state.frames[0];
  if (main === undefined || state.finished !== null || state.rollback !== null) return [];
  const open = new Map<string, Pending>();
  for (const place of places(main.runbook)) {
    const due = place.path.findLast((phase) => phase.atMs !== null);
    if (due === undefined || due.atMs === null || due.atMs <= 0 || place.offPath) continue;
    if (isSettled(stepStateOf(main, place.step).status)) continue;
    const at = state.zeroAt === null ? null : iso(state.zeroAt + due.atMs);
    const title = filledText(state, 0, due.title);
    if (!open.has(title)) open.set(title, { frame: 0, step: null, title, due: at, reason: null });
  }
  return [...open.values()];
};
