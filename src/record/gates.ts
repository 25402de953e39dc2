import type { Recorded, RecordedOf } from '../session/events.ts';
import { checksOf } from '../session/gate-checks.ts';
import { gateIn } from '../session/gate-state.ts';
import type { SessionState } from '../session/state.ts';
import { places } from '../session/walk.ts';
import { begunChecks, judgedRecords, passedInstead, withAnswers } from './gate-check-records.ts';
import { type GateLog, gateLog } from './gate-log.ts';
import { type Collector, type Moment, stepTitle } from './moments.ts';
import type { DeploymentRecord } from './record.ts';
import { iso } from './times.ts';

type GateRecord = DeploymentRecord['gates'][number];

interface Try {
  readonly key: string;
  readonly log: GateLog | null;
  record: Omit<GateRecord, 'judging'>;
}

type AtGate = Recorded & { readonly data: { readonly step: string; readonly action: number } };

const keyOf = ({ frame, data }: AtGate): string => `${frame}/${data.step}/${data.action}`;

/** What a record holds at most: of each check, and in all. A day of soaks stays a file that can be opened. */
const most = { ofCheck: 500, inAll: 20_000 };

/** Every try of every gate, in the order of the runbook. */
export const gateRecords = (): Collector<readonly GateRecord[]> => {
  const tries: Try[] = [];
  const last = (event: AtGate): Try | undefined => tries.findLast(({ key }) => key === keyOf(event));
  const change = (event: AtGate, by: (gate: Try['record']) => Partial<Try['record']>): void => {
    const known = last(event);
    if (known !== undefined) known.record = { ...known.record, ...by(known.record) };
  };
  const open = new Map<string, GateLog>();
  const see = (moment: Moment): void => {
    const { event, before } = moment;
    for (const log of open.values()) log.see(moment);
    switch (event.type) {
      case 'gate.started': {
        const { step, action } = event.data;
        const log = gateLog(moment, { frame: event.frame, step, action });
        tries.push({ key: keyOf(event), log, record: begun(before, event) });
        if (log !== null) open.set(keyOf(event), log);
        break;
      }
      case 'gate.sampled':
        change(event, ({ checks }) => ({ checks: withAnswers(checks, event) }));
        break;
      case 'gate.verdict':
        change(event, (gate) => judged(gate, moment, event));
        break;
      case 'gate.overridden':
        change(event, () => ({ goneOn: goneOn(event, 'override', event.data.reason) }));
        break;
      case 'gate.by-eye':
        change(event, () => ({ goneOn: goneOn(event, 'by eye', event.data.seen) }));
        break;
      default:
        voidedBy(moment, change);
    }
    for (const key of open.keys()) if (!isRunning(moment.after, key)) open.delete(key);
  };
  return {
    see,
    result: (final) => {
      const checks = tries.reduce((sum, { record }) => sum + record.checks.length, 0);
      const samples = Math.min(most.ofCheck, Math.max(1, Math.floor(most.inAll / Math.max(1, checks))));
      return tries
        .map(({ record, log }) => ({ ...record, judging: log === null ? null : log.result(samples) }))
        .toSorted((a, b) => placeNumber(final, a) - placeNumber(final, b));
    },
  };
};

const isRunning = (state: SessionState, key: string): boolean => {
  const [frame, step, action] = key.split('/');
  return state.frames[Number(frame)]?.steps[step ?? '']?.actions[Number(action)]?.status === 'running';
};

/** Sorting keeps the tries of one gate in the order they began. */
const placeNumber = (state: SessionState, { frame, step }: GateRecord): number => {
  const own = state.frames[frame];
  const index = own === undefined ? 0 : places(own.runbook).findIndex((place) => place.step.id === step);
  return frame * 100_000 + index;
};

const begun = (state: SessionState, event: RecordedOf<'gate.started'>): Try['record'] => {
  const { step, action, try: number, checks } = event.data;
  const frame = state.frames[event.frame];
  const gate = frame === undefined ? null : gateIn(frame, step, action);
  const known = frame === undefined || gate === null ? [] : checksOf(frame, gate);
  return {
    frame: event.frame,
    step,
    title: gate?.name ?? stepTitle(state, event.frame, step),
    try: number,
    started: iso(event.at),
    ended: null,
    verdict: 'PENDING',
    because: null,
    checks: begunChecks(checks, known),
    verdicts: [],
    goneOn: null,
    voided: [],
    instead: [],
  };
};

const judged = (gate: Try['record'], { before }: Moment, event: RecordedOf<'gate.verdict'>): Partial<Try['record']> => {
  const { verdict } = event.data;
  const because = event.data.because === '' ? null : event.data.because;
  const at = iso(event.at);
  return {
    verdict,
    because,
    ended: at,
    checks: judgedRecords(gate.checks, before, event),
    verdicts: [...gate.verdicts, { at, verdict, because }],
    instead: verdict === 'PASS' ? passedInstead(before, event) : [],
  };
};

const goneOn = (event: Recorded, how: 'override' | 'by eye', reason: string): NonNullable<GateRecord['goneOn']> => ({
  how,
  by: event.actor,
  at: iso(event.at),
  reason,
});

/** Gates that go on with nothing of what they had seen: somebody changed what they judge. */
const voidedBy = (
  { before, after, event }: Moment,
  change: (at: AtGate, by: (gate: Try['record']) => Partial<Try['record']>) => void,
): void => {
  for (const { number, steps } of after.frames)
    for (const { id, actions } of Object.values(steps))
      for (const [action, { gate }] of actions.entries()) {
        const was = before.frames[number]?.steps[id]?.actions[action]?.gate;
        if (gate == null || was == null || was.try !== gate.try) continue;
        const isSame = was.progress.startedAt === gate.progress.startedAt && was.voided === gate.voided;
        if (isSame || gate.voided === null) continue;
        const { voided } = gate;
        const at = { ...event, frame: number, data: { ...event.data, step: id, action } } as AtGate;
        change(at, (known) => ({ voided: [...known.voided, { at: iso(event.at), because: voided }] }));
      }
};
