import type { GateProgress } from '../gates/progress.ts';
import { type CheckOf, checksOf } from '../session/gate-checks.ts';
import { rulesOf } from '../session/gate-rules-of.ts';
import { gateIn, judgedChecks, unownedFor } from '../session/gate-state.ts';
import type { FrameState, SessionState } from '../session/state.ts';
import { holdingOf } from './contrary-sample.ts';
import type { Moment } from './moments.ts';
import {
  answerRow,
  answersIn,
  type Judging,
  type JudgingRow,
  type Standing,
  standingOf,
  withRow,
} from './replay-gate.ts';
import { iso } from './times.ts';

/** Everything that one try of a gate was judged on, in the order of the journal. */
export interface GateLog {
  see(moment: Moment): void;
  /** At most `most` samples a check; what is older is in the state that the log begins with. */
  result(most: number): Judging;
}

interface Place {
  readonly frame: number;
  readonly step: string;
  readonly action: number;
}

const progressAt = (state: SessionState, { frame, step, action }: Place): GateProgress | null =>
  state.frames[frame]?.steps[step]?.actions[action]?.gate?.progress ?? null;

/** `moment` is that of its `gate.started`; null when the runbook has no such gate. */
export const gateLog = ({ after }: Moment, at: Place): GateLog | null => {
  const frame = after.frames[at.frame];
  const gate = frame === undefined ? null : gateIn(frame, at.step, at.action);
  const progress = progressAt(after, at);
  if (frame === undefined || gate === null || progress === null) return null;
  const checksIn = (own: FrameState): readonly CheckOf[] => checksOf(own, gate);
  const checks = checksIn(frame);
  const first = { ...aside(after, checks), progress };
  const rows: JudgingRow[] = [];
  const rules = rulesOf(after, gate, checks);
  let now: Pick<Standing, 'leftOut' | 'others'> = first;
  return {
    see: (moment) => {
      rows.push(...ownRows(moment, at));
      const changed = aside(moment.after, checks);
      const { seq, at: time } = moment.event;
      if (String(changed.leftOut) !== String(now.leftOut)) rows.push([seq, iso(time), 'left out', changed.leftOut]);
      if (changed.others !== now.others) rows.push([seq, iso(time), 'by others', changed.others]);
      now = changed;
    },
    result: (most) => {
      const whole: Judging = {
        rules,
        checks: checks.map((own) => ({ source: own.source, else: gate.else.includes(own.name), ...holdingOf(own) })),
        leftOut: 0,
        from: first as unknown as Judging['from'],
        log: rows,
      };
      return shortened(whole, most);
    },
  };
};

/** What keeps checks from being judged, or the gate from passing. */
const aside = (state: SessionState, checks: readonly CheckOf[]): Pick<Standing, 'leftOut' | 'others'> => {
  const judged = judgedChecks(state, checks);
  return {
    leftOut: checks.map((_, index) => index).filter((index) => !judged(index)),
    others: unownedFor(state, checks) !== null,
  };
};

const isAt = (frame: number, data: { readonly step: string; readonly action: number }, at: Place): boolean =>
  frame === at.frame && data.step === at.step && data.action === at.action;

const ownRows = ({ event, before, after }: Moment, at: Place): readonly JudgingRow[] => {
  const { seq, frame } = event;
  const time = iso(event.at);
  if (event.type === 'gate.sampled')
    return isAt(frame, event.data, at)
      ? event.data.samples.map((answer): JudgingRow => [seq, time, 'sample', answerRow(answer)])
      : [];
  if (event.type === 'gate.verdict')
    return isAt(frame, event.data, at) ? [[seq, time, 'verdict', event.data.verdict]] : [];
  if (event.type === 'gap.backfilled') {
    const { from, to, gates } = event.data;
    const own = gates.find((gate) => isAt(frame, gate, at));
    return own === undefined ? [] : [[seq, time, 'backfilled', iso(from), iso(to), own.samples.map(answerRow)]];
  }
  const was = progressAt(before, at);
  const is = progressAt(after, at);
  if (was === null || is === null || was === is) return [];
  if (was.startedAt !== is.startedAt) return [[seq, time, 'began anew']];
  return is.awayMs === was.awayMs ? [] : [[seq, time, 'gap', is.awayMs - was.awayMs]];
};

const shortened = (whole: Judging, most: number): Judging => {
  const counts = whole.checks.map(() => 0);
  let start = whole.log.length;
  while (start > 0) {
    const answers = answersIn(whole.log[start - 1] as JudgingRow);
    for (const [, check] of answers) counts[check] = (counts[check] ?? 0) + 1;
    if (counts.some((count) => count > most)) break;
    start -= 1;
  }
  if (start === 0) return whole;
  const older = whole.log.slice(0, start);
  const standing = older.reduce((before, row) => withRow(before, row, whole.rules), standingOf(whole));
  return {
    ...whole,
    leftOut: older.reduce((sum, row) => sum + answersIn(row).length, 0),
    from: standing as unknown as Judging['from'],
    log: whole.log.slice(start),
  };
};
