import * as z from 'zod';
import { time, whole } from './record-schema-parts.ts';

const entry = z.strictObject({
  at: time,
  by: z.string(),
  what: z.enum(['acquired', 'parked', 'lost', 'taken over', 'unlocked', 'released']),
  epoch: whole.nullable(),
  text: z.string().nullable().describe('from whom and why, or why not'),
});

/** The deploy lock in a record. */
export const lockSchema = z
  .strictObject({
    scope: z.string(),
    where: z
      .enum(['cluster', 'host'])
      .nullable()
      .describe('host: a file that orders runs of one user on one host only'),
    epoch: whole.nullable().describe('under which the last change was made; null: never held'),
    unlocked: z.boolean().describe('something was changed, or could have been, without it'),
    history: z.array(entry),
  })
  .nullable()
  .describe('null: nothing was changed, so it was never asked for');
