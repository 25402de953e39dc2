import type { GateProgress } from '../gates/progress.ts';
import type { Recorded } from '../session/events.ts';
import { type CheckOf, checksOf } from '../session/gate-checks.ts';
import { rulesOf } from '../session/gate-rules-of.ts';
import { gateIn, judgedChecks, unownedFor } from '../session/gate-state.ts';
import type { FrameState, SessionState } from '../session/state.ts';
import type { Moment } from './moments.ts';
import { figuresRow, type Judging, type JudgingRow, type Standing, standingOf, withRow } from './replay-gate.ts';
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
        checks: checks.map(({ source, name }) => ({ source, else: gate.else.includes(name) })),
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

const isOf = (event: Recorded & { readonly type: 'gate.sampled' | 'gate.verdict' }, at: Place): boolean =>
  event.frame === at.frame && event.data.step === at.step && event.data.action === at.action;

const ownRows = ({ event, before, after }: Moment, at: Place): readonly JudgingRow[] => {
  const time = iso(event.at);
  if (event.type === 'gate.sampled')
    return isOf(event, at)
      ? event.data.samples.map(({ check, sample }): JudgingRow => {
          const { kind, value, because, missing, pace, figures } = sample;
          const numbers = figures === undefined ? null : figuresRow(figures);
          return [event.seq, iso(sample.at), 'sample', check, kind, value, because, missing, pace, numbers];
        })
      : [];
  if (event.type === 'gate.verdict') return isOf(event, at) ? [[event.seq, time, 'verdict', event.data.verdict]] : [];
  const was = progressAt(before, at);
  const is = progressAt(after, at);
  if (was === null || is === null || was === is) return [];
  if (was.startedAt !== is.startedAt) return [[event.seq, iso(is.startedAt), 'began anew']];
  return is.awayMs === was.awayMs ? [] : [[event.seq, time, 'gap', is.awayMs - was.awayMs]];
};

const shortened = (whole: Judging, most: number): Judging => {
  const counts = whole.checks.map(() => 0);
  let start = whole.log.length;
  while (start > 0) {
    const row = whole.log[start - 1] as JudgingRow;
    if (row[2] === 'sample') {
      const known = counts[row[3]] ?? 0;
      if (known >= most) break;
      counts[row[3]] = known + 1;
    }
    start -= 1;
  }
  if (start === 0) return whole;
  const older = whole.log.slice(0, start);
  const standing = older.reduce((before, row) => withRow(before, row, whole.rules), standingOf(whole));
  return {
    ...whole,
    leftOut: older.filter((row) => row[2] === 'sample').length,
    from: standing as unknown as Judging['from'],
    log: whole.log.slice(start),
  };
};
