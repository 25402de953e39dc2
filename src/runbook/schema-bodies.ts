import * as z from 'zod';
import { inputsSchema } from './schema-inputs.ts';
import {
  anyText,
  duration,
  durationOrInput,
  fields,
  named,
  oneOf,
  refused,
  scalar,
  shown,
  text,
} from './schema-parts.ts';

export const baselineSchema = fields({ metrics: z.array(text).min(1), window: durationOrInput });

const target = scalar.transform((value, ctx) =>
  /^(?:next|stay|rollback|stop|#\S+)$/.test(value)
    ? value
    : refused(ctx, `${shown(value)} is no target`, "use next, stay, rollback, stop or '#name' in quotes"),
);

/** Label -> target. */
export const decideSchema = named(target);

export const askSchema = inputsSchema;

const valid = scalar.transform((value, ctx) => {
  if (value === 'phase' || value === 'run') return value;
  const read = duration.safeParse(value);
  return read.success ? read.data : refused(ctx, `${shown(value)} is not understood`, 'write a duration, phase or run');
});

export const approveSchema = fields({
  role: text,
  reason: oneOf(['required', 'optional']).optional(),
  valid: valid.optional(),
});

export const messageSchema = fields({
  name: text.optional(),
  to: text.optional(),
  send: text.optional(),
  text,
});

/** Values for the inputs of another runbook. */
export const withSchema = named(anyText);

export const handoffSchema = fields({ runbook: text, with: withSchema.optional() });
