import * as z from 'zod';
import { judging, verdict } from './record-schema-judging.ts';
import { duration, time, whole } from './record-schema-parts.ts';

const number = z.number().nullable();

/** Numbers are in the unit of the query. */
const metric = z.strictObject({
  name: z.string(),
  unit: z.enum(['ratio', 'percent', 'seconds', 'milliseconds', 'bytes', 'count', 'per-second']),
  query: z.string().describe('as it was asked, values filled in'),
  hash: z.string().describe('SHA-256 of the query'),
  control: z.string().nullable().describe('the same asked of what was not changed'),
  traffic: z.string().nullable().describe('query of requests a second'),
  rule: z.string(),
  numbers: z
    .strictObject({
      at: time,
      value: number,
      control: number,
      baseline: number,
      limits: z.array(z.number()).describe('the limit as an absolute number; two for "within"'),
      age: duration.nullable().describe('of the data; null: unknown'),
      traffic: number.describe('requests a second'),
    })
    .nullable()
    .describe('of its last answer; null: none came'),
});

const check = z.strictObject({
  title: z.string(),
  limit: z.string().describe('what it must be'),
  value: z.string().describe('the last answer; empty: none came'),
  verdict,
  at: time.nullable().describe('when it had this verdict first; null: never judged'),
  looks: whole.describe('looks of its soak'),
  because: z.string().nullable(),
  metric: metric.nullable(),
});

/** One try of a gate. */
export const gate = z.strictObject({
  frame: whole,
  step: z.string(),
  title: z.string(),
  try: whole,
  started: time,
  ended: time.nullable().describe('when its last verdict was reached; null: never judged'),
  verdict,
  because: z.string().nullable(),
  checks: z.array(check),
  verdicts: z
    .array(z.strictObject({ at: time, verdict, because: z.string().nullable() }))
    .describe('every change of it'),
  goneOn: z
    .strictObject({ how: z.enum(['override', 'by eye']), by: z.string(), at: time, reason: z.string() })
    .nullable()
    .describe('it did not pass, and the run went on'),
  voided: z.array(z.strictObject({ at: time, because: z.string() })).describe('its progress began anew'),
  instead: z.array(z.string()).describe('passed by these checks alone: the source of the others was known to be away'),
  judging: judging.nullable().describe('null: its runbook has no such gate'),
});

/** A check of the runbook's rollback criteria. */
export const criterion = z.strictObject({
  title: z.string(),
  limit: z.string(),
  state: z.enum(['ok', 'suspect', 'breached', 'recovered', 'blind', 'not watched']),
  breaches: whole,
  reference: z.number().nullable().describe('how bad it was before the change, for a hotfix'),
  changes: z.array(z.strictObject({ at: time, by: z.string(), what: z.string(), value: z.string() })),
});

export const foreignChange = z.strictObject({
  at: time,
  workload: z.string(),
  by: z.string(),
  what: z.string(),
});
