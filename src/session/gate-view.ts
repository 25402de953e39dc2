import type { GateRules } from '../gates/gate-rules.ts';
import { type CheckProgress, type GateProgress, settledAt } from '../gates/progress.ts';
import { type Sample, type Verdict, type VerdictWord, verdictWord } from '../gates/sample.ts';
import { watchedTime } from '../gates/verdict.ts';
import type { Gate } from '../runbook/model.ts';
import { clock } from '../text/duration.ts';
import { type CheckOf, checksOf } from './gate-checks.ts';
import { rulesOf } from './gate-rules-of.ts';
import { gateIn, gateVerdict, judgedChecks, openGate, runningGates } from './gate-state.ts';
import { type MetricRow, metricRow } from './metric-row.ts';
import type { FrameState, SessionState } from './state.ts';
import { places } from './walk.ts';

/** A gate as it is shown. Texts are not yet safe for a terminal: callers pass them through `safeText`. */
export interface GateView {
  readonly frame: number;
  readonly step: string;
  readonly action: number;
  /** The gate's own name, else the titles of its checks. */
  readonly title: string;
  readonly try: number;
  /** As recorded. */
  readonly verdict: Verdict;
  readonly word: VerdictWord;
  readonly because: string | null;
  /** `held 4:12 of 10:00`, `waits 0:40 of 5:00`, `settles, 0:30 left`, `stopped at 3:30`. */
  readonly clock: string;
  /** How much of the soak or wait is over, 0..1; null when it has no end. */
  readonly share: number | null;
  /** Why its progress began anew; null when it did not. */
  readonly voided: string | null;
  readonly rows: readonly GateRow[];
}

export interface GateRow {
  readonly title: string;
  readonly limit: string;
  /** The last answer; empty before the first. */
  readonly value: string;
  readonly word: VerdictWord;
  readonly because: string | null;
  /** `5 looks`, empty while there are none. */
  readonly looks: string;
  /** UTC ms of the last answer; null before the first. */
  readonly at: number | null;
  /** Its source is known to be dead: it is not judged. */
  readonly leftOut: boolean;
  /** A metric's numbers and words; null for other checks. */
  readonly metric: MetricRow | null;
}

/** What a gate will ask, before it begins. */
export const plannedGateRows = (frame: FrameState, gate: Gate): readonly GateRow[] =>
  checksOf(frame, gate).map((own) => ({
    title: own.title,
    limit: own.limit,
    value: '',
    word: 'wait',
    because: own.problem === null ? null : `cannot be asked: ${own.problem}`,
    looks: '',
    at: null,
    leftOut: false,
    metric: metricOf(own, null, null),
  }));

const metricOf = (
  { check, index, limit }: CheckOf,
  progress: CheckProgress | null,
  rules: GateRules | null,
): MetricRow | null =>
  check?.kind === 'metric'
    ? metricRow(check, progress, rules?.checks[index], { rule: limit, tally: tallyOf(progress, rules) })
    : null;

/** A gate of a frame with its last try; null before its first. `now` is UTC ms. */
export const gateView = (
  session: SessionState,
  at: { readonly frame: number; readonly step: string; readonly action: number },
  now: number,
): GateView | null => {
  const frame = session.frames[at.frame];
  const gate = frame === undefined ? null : gateIn(frame, at.step, at.action);
  const action = frame?.steps[at.step]?.actions[at.action];
  const state = action?.gate ?? null;
  if (frame === undefined || gate === null || state === null) return null;
  const checks = checksOf(frame, gate);
  const rules = rulesOf(session, gate, checks);
  const { progress } = state;
  // What has ended is shown as it was then.
  const until = action?.status === 'running' ? now : (state.judgedAt ?? progress.startedAt);
  const found = gateVerdict(session, { gate, checks, rules, state }, until);
  const judged = judgedChecks(session, checks);
  return {
    ...at,
    title: gate.name ?? checks.map(({ title }) => title).join(', '),
    try: state.try,
    verdict: state.verdict,
    word: verdictWord(state.verdict),
    because: state.because,
    ...clockOf(state.verdict, progress, rules, watchedTime(progress, until)),
    voided: state.voided,
    rows: checks.map((own) => {
      const { index, title, limit } = own;
      const check = progress.checks[index];
      const looks = check?.looks ?? 0;
      return {
        title,
        limit,
        value: check?.last?.value ?? '',
        word: wordIn(state.verdict, found.checks[index]?.verdict ?? 'PENDING', check?.last?.kind ?? null),
        because: found.checks[index]?.because ?? null,
        looks: looks === 0 ? '' : `${looks} ${looks === 1 ? 'look' : 'looks'}`,
        at: check?.last?.at ?? null,
        leftOut: !judged(index),
        metric: metricOf(own, check ?? null, rules),
      };
    }),
  };
};

/** A check that was good when another one ended the gate is not waited for any more. */
const wordIn = (gate: Verdict, check: Verdict, last: Sample['kind'] | null): VerdictWord =>
  gate === 'FAIL' && check === 'RUNNING' && last === 'GOOD' ? 'ok' : verdictWord(check);

/** `3 of 3`: of a check that failed its BAD looks and those that count; else the GOOD ones of all. */
const tallyOf = (check: CheckProgress | null, rules: GateRules | null): string => {
  if (check === null || rules === null || check.looks === 0) return '';
  const bad = check.recent.filter((kind) => kind === 'BAD').length;
  return check.failed !== null && bad > 0 ? `${bad} of ${rules.breach.of}` : `${check.good} of ${check.looks}`;
};

/** Gates that are being judged now, in document order. */
export const runningGateViews = (session: SessionState, now: number): readonly GateView[] =>
  runningGates(session).flatMap(({ frame, step, action }) => {
    const view = gateView(session, { frame: frame.number, step, action }, now);
    return view === null ? [] : [view];
  });

/** `rollout deployment/checkout: UPDATING 4/6`: a gate of one check tells its last answer with its name. */
export const gateTitle = ({ title, rows }: GateView): string => {
  const [only] = rows;
  return rows.length === 1 && only !== undefined && only.value !== '' ? `${title}: ${only.value}` : title;
};

/** Gates that are being judged, and those that have failed and wait for a decision, in document order. */
export const openGateViews = (session: SessionState, now: number): readonly GateView[] => {
  const known = lastViews.get(session);
  if (known?.now === now) return known.views;
  const views = viewsOfOpen(session, now);
  lastViews.set(session, { now, views });
  return views;
};

/** A frame asks for them in several places. */
const lastViews = new WeakMap<SessionState, { readonly now: number; readonly views: readonly GateView[] }>();

const viewsOfOpen = (session: SessionState, now: number): readonly GateView[] => {
  const frame = session.frames[session.frame];
  if (frame === undefined || session.finished !== null) return [];
  return places(frame.runbook).flatMap(({ step }): readonly GateView[] =>
    step.actions.flatMap((action, index): readonly GateView[] => {
      if (action.kind !== 'gate' || openGate(frame, step.id, index) === null) return [];
      const view = gateView(session, { frame: frame.number, step: step.id, action: index }, now);
      return view === null ? [] : [view];
    }),
  );
};

const share = (part: number, whole: number): number => (whole <= 0 ? 1 : Math.min(1, Math.max(0, part / whole)));

const clockOf = (
  verdict: Verdict,
  progress: GateProgress,
  rules: GateRules,
  time: number,
): Pick<GateView, 'clock' | 'share'> => {
  const { startedAt, holdingSince } = progress;
  const settled = settledAt(progress, rules);
  if (time < settled)
    return { clock: `settles, ${clock(settled - time)} left`, share: share(time - startedAt, settled - startedAt) };
  if (rules.forMs !== null && holdingSince !== null) {
    const held = time - holdingSince;
    const part = share(held, rules.forMs);
    if (verdict === 'FAIL') return { clock: `stopped at ${clock(held)} of ${clock(rules.forMs)}`, share: part };
    return { clock: `held ${clock(Math.min(held, rules.forMs))} of ${clock(rules.forMs)}`, share: part };
  }
  const waited = time - settled;
  if (verdict === 'PASS' || verdict === 'FAIL') return { clock: `after ${clock(waited)}`, share: null };
  if (rules.withinMs === null) return { clock: `waits ${clock(waited)}`, share: null };
  return { clock: `waits ${clock(waited)} of ${clock(rules.withinMs)}`, share: share(waited, rules.withinMs) };
};
