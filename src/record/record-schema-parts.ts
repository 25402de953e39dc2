import * as z from 'zod';

/** Forms that several parts of the record share; each becomes one definition of the JSON Schema. */
export const time = z.iso.datetime().meta({ id: 'time', description: 'UTC, ISO 8601' });
export const duration = z.number().int().nonnegative().meta({ id: 'duration', description: 'milliseconds' });
export const hash = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .meta({ id: 'hash', description: 'SHA-256' });
export const whole = z.number().int().meta({ id: 'whole' });
export const textMap = z.record(z.string(), z.string());

export const runbook = z.strictObject({ path: z.string(), title: z.string(), kind: z.string(), sha256: z.string() });
