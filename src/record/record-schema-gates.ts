import * as z from 'zod';
import { judging, verdict } from './record-schema-judging.ts';
import { unit } from './record-schema-metrics.ts';
import { duration, time, whole } from './record-schema-parts.ts';

const number = z.number().nullable();

/** What is asked of a metric, and what it must be. */
const asked = z.strictObject({
  name: z.string(),
  unit,
  query: z.string().describe('as it was asked, values filled in'),
  hash: z.string().describe('SHA-256 of the query'),
  control: z.string().nullable().describe('the same asked of what was not changed'),
  traffic: z.string().nullable().describe('query of requests a second'),
  rule: z.string(),
});

/** Numbers are in the unit of the query. */
const metric = asked.extend({
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
  requests: z
    .strictObject({ seen: z.number(), needed: number })
    .nullable()
    .describe('since the gate began, when its last verdict was reached; needed null: no minimum applied'),
});

const check = z.strictObject({
  title: z.string(),
  limit: z.string().describe('what it must be'),
  value: z.string().describe('the last answer; empty: none came'),
  verdict,
  at: time.nullable().describe('when it had this verdict first; null: never judged'),
  looks: whole.describe('looks of its soak'),
  bad: whole.describe('looks among them that were BAD'),
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
  limit: z.string().describe('of a metric, the cluster and restarts the breach, else what it must be'),
  metric: asked.nullable(),
  state: z.enum(['ok', 'suspect', 'breached', 'recovered', 'blind', 'not watched']),
  breaches: whole,
  reference: z.number().nullable().describe('how bad it was before the change, for a hotfix'),
  armed: time.nullable().describe('from when on a breach meant: roll back'),
  changes: z.array(
    z.strictObject({
      at: time.describe('when it happened'),
      by: z.string(),
      what: z.string(),
      value: z.string(),
      backfilled: z.boolean().describe('while nobody watched; the metrics told it afterwards'),
    }),
  ),
  backfilled: z
    .array(z.strictObject({ from: time, to: time, coverage: z.number().describe('looks there are, of those due') }))
    .describe('time that nobody watched, told by the metrics afterwards'),
  blind: z.array(z.strictObject({ from: time, to: time.nullable(), because: z.string() })),
  unwatched: duration.describe('while it was armed nobody watched for that long, and no metrics told of it afterwards'),
});

export const foreignChange = z.strictObject({
  at: time,
  workload: z.string(),
  by: z.string(),
  what: z.string(),
});
