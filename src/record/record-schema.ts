import * as z from 'zod';
import { criterion, foreignChange, gate } from './record-schema-gates.ts';
import { lockSchema } from './record-schema-lock.ts';
import { baseline, metricChange } from './record-schema-metrics.ts';
import { duration, hash, runbook, textMap, time, whole } from './record-schema-parts.ts';
import { command, frame, stepStatus } from './record-schema-steps.ts';

/**
 * The deployment record: what `record.json` holds and what every other format is written from.
 * Times are UTC in ISO 8601, durations are whole milliseconds, what was not recorded is null.
 * Source: 70-records, "Fields". The types are in `record.ts`.
 */
const identity = z.strictObject({
  run: z.string(),
  tool: z.string().describe('version of the program that wrote the journal'),
  ticket: z.string().nullable(),
  runbook: runbook.nullable().describe('null: the run ended before its runbook was opened'),
  git: z
    .strictObject({ commit: z.string(), dirty: z.boolean().describe('the runbook differs from the commit') })
    .nullable(),
});

const people = z.strictObject({
  operators: z.array(z.strictObject({ name: z.string(), from: time })).describe('the first one and every change'),
  user: z.string().describe('user of the operating system'),
  host: z.string(),
  kubeUser: z.string().nullable(),
  confirmedBy: z.array(z.string()).describe('who confirmed changing commands'),
});

const target = z.strictObject({
  environment: z.string().nullable(),
  production: z.boolean(),
  context: z.string().nullable(),
  namespace: z.string().nullable(),
  workloads: z.array(z.string()),
  pinned: z.boolean().describe('false: taken by name, not checked against the cluster'),
  server: z.string().nullable(),
  clusterUid: z.string().nullable(),
  metrics: z
    .strictObject({
      name: z.string(),
      url: z.string(),
      from: z.enum(['option', 'settings', 'environment']),
      sameCluster: z.string().nullable().describe('query that says that the server knows this cluster'),
    })
    .nullable()
    .describe('the server whose metrics were judged'),
  variables: z.array(z.string()).describe('inherited variables that choose a target, names only'),
});

const found = z.strictObject({ value: z.string(), from: z.string().describe('where it was taken from') }).nullable();

const change = z.strictObject({
  service: found,
  version: found,
  previousVersion: found,
  commit: found,
  pullRequest: found,
  description: found,
});

const times = z.strictObject({
  created: time,
  planned: time.nullable().describe('T-0 as planned'),
  firstChange: time.nullable().describe('start of the first changing command'),
  finished: time.nullable(),
  lastEvent: time,
  duration,
  operatorUtcOffset: whole.describe('minutes east of UTC'),
  pauses: z.array(
    z.strictObject({ from: time, to: time.nullable(), reason: z.string(), lifted: z.string().nullable() }),
  ),
  gaps: z.array(z.strictObject({ from: time, to: time, kind: z.enum(['left', 'killed', 'sleep', 'disconnect']) })),
  unwatched: duration,
});

const preflight = z.strictObject({
  ok: whole,
  findings: z.array(
    z.strictObject({
      id: z.string(),
      title: z.string(),
      level: z.enum(['warn', 'override', 'stop']),
      message: z.string(),
    }),
  ),
});

const place = { at: time, by: z.string(), frame: whole, step: z.string().nullable() };

const decision = z.strictObject({ ...place, label: z.string(), target: z.string(), reason: z.string().nullable() });
const approval = z.strictObject({
  ...place,
  role: z.string(),
  given: z.boolean(),
  approver: z.string().nullable(),
  known: z.string().describe('how the approver is known, in words'),
  verified: z.boolean(),
  fingerprint: z.string().nullable(),
  reason: z.string().nullable(),
  until: time.nullable(),
  voided: z.string().nullable(),
});
const message = z.strictObject({
  ...place,
  to: z.string().nullable(),
  how: z.enum(['copied', 'sent']),
  text: z.string(),
  sha256: z.string(),
});
const statusUpdate = z.strictObject({ at: time, by: z.string(), text: z.string() });
const note = z.strictObject({ ...place, text: z.string() });

const deviation = z.strictObject({
  ...place,
  kind: z.string().describe('override, skipped, failed, accepted, by eye, 2nd try, edited, unknown …'),
  text: z.string(),
  reason: z.string().nullable(),
});

const pending = z.strictObject({
  frame: whole,
  step: z.string().nullable(),
  title: z.string(),
  due: time.nullable(),
  reason: z.string().nullable(),
});

const outcome = z.strictObject({
  result: z.enum(['succeeded', 'partial', 'failed', 'aborted', 'rolled-back', 'interim']),
  reason: z.string().nullable(),
  steps: z.partialRecord(stepStatus, whole).describe('how many steps of all frames, those off the path left out'),
  changes: whole.describe('changing commands that started, the sending of messages left out'),
  overrides: whole,
  intervention: z
    .strictObject({
      kind: z.enum(['rolled back', 'ended by the operator']),
      at: time,
      by: z.string(),
      step: z.string().nullable(),
    })
    .nullable(),
});

const planStep = z.strictObject({ id: z.string(), title: z.string(), commands: z.array(z.string()) });

const rollback = z.strictObject({
  plan: z
    .strictObject({ source: z.string(), runbook, values: textMap, steps: z.array(planStep) })
    .nullable()
    .describe('what R would do at the end of the run'),
  performed: z
    .strictObject({
      source: z.string(),
      from: z.string().nullable().describe('step at which it was begun'),
      by: z.string(),
      started: time,
      finished: time.nullable(),
      outcome: z.enum(['done', 'failed', 'abandoned']).nullable(),
    })
    .nullable(),
});

const secondLook = z.strictObject({
  what: z.string().describe('name of the finding, for keeping it: jwt-1'),
  rule: z.string(),
  where: z.string(),
  kept: z.string().nullable().describe('reason why it was not masked'),
});

const journal = z.strictObject({
  events: whole,
  head: hash,
  recovered: z.array(z.strictObject({ at: time, bytes: whole, file: z.string() })),
  continued: z.array(z.strictObject({ at: time, from: z.string(), head: z.string() })),
});

/** One line of an audit log. */
const audit = z.strictObject({
  timestamp: time,
  event: z.enum(['deployment', 'rollback', 'pre-deployment-check', 'post-deployment-check', 'incident']),
  environment: z.string().nullable(),
  service: z.string().nullable(),
  version: z.string().nullable(),
  deployed_by: z.string(),
  commit_sha: z.string().nullable(),
  rollback: z.boolean(),
  status: z.enum(['success', 'partial', 'failed', 'aborted', 'rolled-back', 'in-progress']),
});

export const recordSchema = z.strictObject({
  schema: z.literal(1),
  interim: z.boolean().describe('the run has not ended'),
  outcome,
  identity,
  people,
  target,
  change,
  times,
  deviations: z.array(deviation),
  owed: z.array(pending),
  followUps: z.array(pending),
  timeline: z.array(z.strictObject({ ...place, text: z.string() })),
  preflight,
  frames: z.array(frame),
  commands: z.array(command),
  baselines: z.array(baseline).describe('in the order they were captured'),
  metrics: z.array(metricChange).describe('before the first change and at the end, by track'),
  gates: z.array(gate).describe('every try, in the order of the runbook'),
  criteria: z.array(criterion).describe('rollback criteria of the runbook'),
  foreignChanges: z.array(foreignChange).describe('changes of the workloads that no command of the run caused'),
  decisions: z.array(decision),
  approvals: z.array(approval),
  messages: z.array(message),
  statusUpdates: z.array(statusUpdate),
  notes: z.array(note),
  rollback,
  lock: lockSchema,
  secondLook: z.array(secondLook),
  journal,
  audit,
});

/** A `record.json` as it is written: the record and, as its last key, the seal. */
export const recordFileSchema = recordSchema.extend({
  seal: z
    .string()
    .regex(/^[0-9a-f]{64} [0-9a-f]{64}$/)
    .describe('head of the journal and sum, see the README'),
});
