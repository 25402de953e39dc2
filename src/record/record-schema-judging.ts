import * as z from 'zod';
import { duration, time, whole } from './record-schema-parts.ts';

/** What a gate was judged by and on, so that its verdicts can be reached again without the journal. */
export const verdict = z
  .enum(['FAIL', 'ERROR', 'NO-DATA', 'INCONCLUSIVE', 'RUNNING', 'PENDING', 'PASS'])
  .meta({ id: 'verdict' });

const counts = z.strictObject({ bad: z.number(), all: z.number() });

const checkRules = z.strictObject({
  lookMs: duration.describe('a look is at least this long after the look before'),
  liveMs: duration.describe('an answer counts as one of now for this long'),
  minimum: z
    .strictObject({ factor: z.number(), limits: z.enum(['bad', 'good']), rangeMs: duration })
    .nullable()
    .describe('the requests it takes follow from the share that its limit allows'),
  test: z
    .strictObject({
      kind: z.enum(['fisher', 'mann-whitney']),
      than: z.enum(['stable', 'baseline']),
      unit: z.enum(['ratio', 'percent', 'seconds', 'milliseconds', 'bytes', 'count', 'per-second']),
      worse: z.enum(['higher', 'lower', 'either']),
      effect: z.number(),
      baseline: z.strictObject({ values: z.array(z.number()), counts: counts.nullable() }).nullable(),
    })
    .nullable()
    .describe('one statistical test at the end decides'),
});

const rules = z.strictObject({
  settleMs: duration,
  settlesFrom: z.enum(['start', 'change']).describe('it settles from the start of the gate, or from the last change'),
  withinMs: duration.nullable(),
  forMs: duration.nullable(),
  everyMs: duration,
  breach: z.strictObject({ bad: whole, of: whole }),
  minLooks: whole,
  holdTimeoutMs: duration,
  checks: z.array(checkRules),
});

const number = z.number().nullable();

/** In the unit of the query; a row of its own order, since there are many of them. */
const figures = z
  .tuple([
    number.describe('value'),
    number.describe('control: the same at the same time on what was not changed'),
    number.describe('baseline: median'),
    z.array(z.number()).describe('limits'),
    number.describe('age of the data, ms'),
    number.describe('requests a second'),
    z.tuple([z.number(), z.number(), z.number(), z.number()]).nullable().describe('bad, all; of the control bad, all'),
  ])
  .describe('numbers of a metric');

/** Every row begins with the number of its journal entry, the time it was written, and what it is. */
const entry = whole.describe('number of the journal entry');

const answer = z
  .tuple([
    time,
    whole.describe('which check, from 0'),
    z.enum(['GOOD', 'BAD', 'GREY', 'ERROR', 'NO-DATA']),
    z.string().describe('value in words'),
    z.string().nullable().describe('because'),
    z.enum(['empty', 'nan', 'stale']).nullable(),
    z.enum(['underway', 'terminal']).nullable(),
    figures.nullable(),
  ])
  .meta({ id: 'answer', description: 'one answer of one check, judged' });

const sampleRow = z.tuple([entry, time, z.literal('sample'), answer]);
const backfilledRow = z.tuple([
  entry,
  time,
  z.literal('backfilled'),
  time.describe('from'),
  time.describe('to: what the metrics told of a gap afterwards'),
  z.array(answer),
]);
const verdictRow = z.tuple([entry, time, z.literal('verdict'), verdict]);
const gapRow = z.tuple([entry, time, z.literal('gap'), duration.describe('nobody watched for that long until then')]);
const anewRow = z.tuple([entry, time, z.literal('began anew')]);
const leftOutRow = z.tuple([
  entry,
  time,
  z.literal('left out'),
  z.array(whole).describe('checks that are not judged from then on: their source is known to be away'),
]);
const othersRow = z.tuple([
  entry,
  time,
  z.literal('by others'),
  z.boolean().describe('from then on: what it judges is not as this run left it, so it cannot pass'),
]);

export const logRow = z.union([sampleRow, backfilledRow, verdictRow, gapRow, anewRow, leftOutRow, othersRow]);

const progress = z.looseObject({
  startedAt: whole,
  awayMs: duration,
  holdingSince: whole.nullable(),
  checks: z.array(z.looseObject({})),
});

export const judging = z.strictObject({
  rules,
  checks: z.array(
    z.strictObject({
      source: z.string(),
      else: z.boolean().describe('judged alone while another source is away'),
      op: z
        .enum(['<=', '<', '>=', '>', '=='])
        .nullable()
        .describe('how a metric has to stand to its limit; null: between two, by a test, or no metric'),
      floor: z.number().nullable().describe('a value below it counts as it'),
    }),
  ),
  leftOut: whole.describe('older samples that are in the journal only'),
  from: z
    .strictObject({ leftOut: z.array(whole), others: z.boolean(), progress })
    .describe('how far the gate had come before the first row'),
  log: z.array(logRow).describe('in the order of the journal, one row a line'),
});
