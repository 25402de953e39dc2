import * as z from 'zod';
import { duration, hash, time, whole } from './record-schema-parts.ts';

const number = z.number().nullable();

export const unit = z
  .enum(['ratio', 'percent', 'seconds', 'milliseconds', 'bytes', 'count', 'per-second'])
  .meta({ id: 'unit', description: 'of what the query returns, and of all numbers beside it' });

/** What a metric was over a past window. */
export const baseline = z.strictObject({
  at: time.describe('when it was captured'),
  by: z.string(),
  frame: whole,
  step: z.string(),
  metric: z.string(),
  title: z.string(),
  unit: unit.nullable().describe('null: the runbook does not declare the metric'),
  query: z.string(),
  hash,
  from: time,
  to: time,
  stepMs: duration,
  median: number.describe('what is compared with'),
  mad: number,
  p95: number,
  count: whole,
  coverage: z.number().describe('values there are, of those there should be'),
  problem: z.string().nullable().describe('why it cannot be compared with'),
  accepted: z.string().nullable().describe('why the run went on without a full one'),
  kept: z.boolean().describe('what gates compared with; false: another one took its place, or was there already'),
  leftOut: whole.describe('older values that are in the journal only'),
  values: z.array(z.tuple([time, number])).describe('one a line'),
});

/** One track of a metric before the first change and at the end. */
export const metricChange = z.strictObject({
  metric: z.string(),
  title: z.string(),
  unit,
  worse: z.enum(['higher', 'lower', 'either']),
  track: z
    .enum(['whole', 'canary', 'stable'])
    .describe('canary and stable: of a metric with a control, which of the two; whole: of any other'),
  hash: hash.describe('of the query of the metric'),
  before: z
    .strictObject({ value: z.number(), at: time, from: z.enum(['baseline', 'sample']) })
    .nullable()
    .describe('median of its baseline, whose window ended then; else the last value before the first change'),
  after: z
    .strictObject({ value: z.number(), at: time, silent: z.boolean().describe('no data came after it') })
    .nullable(),
  change: number.describe('share of the value before: -0.18'),
  limit: z
    .strictObject({ limits: z.array(z.number()), rule: z.string(), within: z.boolean() })
    .nullable()
    .describe('of the gate, else the rollback criterion, that judged it last'),
});
