import type { Recorded } from '../session/events.ts';
import type { StepStatus } from '../session/state.ts';
import { type Collector, stepKey } from './moments.ts';
import type { RecordStep } from './record.ts';
import { covered, iso } from './times.ts';

/** What became of a step each time it was settled. */
export interface StepHistory {
  /** By `stepKey`, oldest first. */
  readonly results: ReadonlyMap<string, readonly NonNullable<RecordStep['result']>[]>;
  /** How long the item of the last result could be acted on, ms. */
  readonly open: ReadonlyMap<string, number>;
}

const statuses: Readonly<Record<string, StepStatus>> = {
  'step.passed': 'passed',
  'step.failed': 'failed',
  'step.skipped': 'skipped',
  'step.not-applicable': 'not-applicable',
  'step.owed': 'owed',
};

const resultOf = (event: Recorded): (NonNullable<RecordStep['result']> & { readonly key: string }) | null => {
  const status = statuses[event.type];
  if (status === undefined || !('step' in event.data) || event.data.step === null) return null;
  return {
    key: stepKey(event.frame, event.data.step),
    at: iso(event.at),
    by: event.actor,
    status,
    how: event.type === 'step.passed' ? event.data.how : null,
    reason: 'reason' in event.data ? event.data.reason : null,
  };
};

/**
 * An item is open from its own start, or from the end of the item before it when that was earlier: what an operator
 * ticks in a burst shows as open for no time.
 */
export const stepHistory = (): Collector<StepHistory> => {
  const results = new Map<string, NonNullable<RecordStep['result']>[]>();
  const open = new Map<string, number>();
  let turn: number | null = null;
  return {
    see: ({ event, before, after }) => {
      if (event.type === 'frame.opened' || event.type === 'step.reopened') turn = event.at;
      const found = resultOf(event);
      if (found === null) return;
      const { key, ...result } = found;
      results.set(key, [...(results.get(key) ?? []), result]);
      const id = key.slice(key.indexOf('/') + 1);
      const started = before.frames[event.frame]?.steps[id]?.startedAt ?? event.at;
      const from = Math.min(started, turn ?? started);
      open.set(key, Math.max(0, event.at - from - covered(after.gaps, { from, to: event.at })));
      turn = event.at;
    },
    result: () => ({ results, open }),
  };
};
