import * as z from 'zod';
import { time, whole } from './record-schema-parts.ts';

const verdict = z
  .enum(['FAIL', 'ERROR', 'NO-DATA', 'INCONCLUSIVE', 'RUNNING', 'PENDING', 'PASS'])
  .meta({ id: 'verdict' });

const check = z.strictObject({
  title: z.string(),
  limit: z.string().describe('what it must be'),
  value: z.string().describe('the last answer; empty: none came'),
  verdict,
  looks: whole.describe('looks of its soak'),
  because: z.string().nullable(),
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
  goneOn: z
    .strictObject({ how: z.enum(['override', 'by eye']), by: z.string(), at: time, reason: z.string() })
    .nullable()
    .describe('it did not pass, and the run went on'),
  voided: z.array(z.strictObject({ at: time, because: z.string() })).describe('its progress began anew'),
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
