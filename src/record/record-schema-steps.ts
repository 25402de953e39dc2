import * as z from 'zod';
import { duration, runbook, textMap, time, whole } from './record-schema-parts.ts';

/** What was walked and what ran. */
export const stepStatus = z.enum([
  'open',
  'active',
  'attention',
  'passed',
  'failed',
  'skipped',
  'not-applicable',
  'owed',
]);

const settled = z.strictObject({
  at: time,
  by: z.string(),
  status: stepStatus,
  how: z.string().nullable().describe('enter, tick, itself, accepted, override, by-eye'),
  reason: z.string().nullable(),
});

const step = z.strictObject({
  id: z.string(),
  title: z.string(),
  phase: z.string(),
  due: z.string().nullable().describe('relative to T-0, as the runbook has it: T+15m'),
  depth: whole.describe('0 = a step of its own, 1 = below another step'),
  kind: z.string(),
  offPath: z.boolean(),
  status: stepStatus,
  state: z.string().describe('in words: passed (2nd try)'),
  result: settled.nullable().describe('how it stands; null while it is open'),
  until: time.nullable().describe('until when it may be owed'),
  tries: whole,
  open: duration.nullable().describe('how long the item could be acted on, unwatched time left out'),
  earlier: z.array(settled).describe('results before it was opened again'),
  attempts: z.array(whole),
});

export const frame = z.strictObject({
  number: whole,
  purpose: z.enum(['main', 'rollback', 'handoff']),
  runbook,
  parent: z.strictObject({ frame: whole, step: z.string().nullable() }).nullable(),
  source: z.string().nullable(),
  opened: time,
  closed: z.enum(['finished', 'abandoned']).nullable(),
  inputs: textMap,
  captures: textMap,
  withheld: z.array(z.string()).describe('captured, but the value holds a secret'),
  secrets: z.array(z.string()).describe('names of the secret inputs that were provided'),
  steps: z.array(step),
});

const output = z.strictObject({
  bytes: whole,
  lines: whole,
  sha256: z.string().describe('of the masked output, whole'),
  omitted: whole,
  binary: z.boolean(),
  tail: z.string(),
});

export const command = z.strictObject({
  attempt: whole,
  frame: whole,
  step: z.string(),
  part: z.enum(['action', 'send']).describe('send: the command of a message'),
  script: z.string(),
  original: z.string().nullable().describe('the text of the runbook, when the operator changed it'),
  shell: z.string(),
  risk: z.enum(['read', 'change', 'destroy']),
  hash: z.string().describe('of the confirmed specification'),
  values: z.array(z.strictObject({ name: z.string(), value: z.string().nullable().describe('null: a secret') })),
  confirmed: z.strictObject({ at: time, by: z.string(), how: z.string(), typed: z.string().nullable() }),
  started: time.nullable(),
  ended: time.nullable(),
  duration: duration.nullable(),
  result: z.string().describe('in words: exit 0'),
  exit: whole.nullable(),
  signal: z.string().nullable(),
  expectation: z.strictObject({ met: z.boolean(), because: z.string() }).nullable(),
  sample: z
    .strictObject({ like: z.boolean(), because: z.string() })
    .nullable()
    .describe('how the output compares with the sample in a plain runbook, loosely; it judges nothing'),
  output: output.nullable(),
  interactive: z.boolean(),
  recovered: z.boolean(),
  stoppedBy: z.string().nullable(),
  captures: textMap,
  withheld: z.array(z.string()),
  survivors: z.array(z.string()),
  notes: z.array(z.string()),
  resolved: z.strictObject({ as: z.string(), evidence: z.string() }).nullable(),
});
