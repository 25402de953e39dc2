import * as z from 'zod';
import { parseDuration } from '../text/duration.ts';

/**
 * Building blocks of the runbook schema. YAML scalars arrive as text and are coerced here; in the JSON Schema such a
 * scalar accepts string, number and boolean, so that editors do not underline `production: true`.
 */
export const scalar = z.string().meta({ type: ['string', 'number', 'boolean'] });

/** What a refused value is reported with; the field's name is put before the message. */
export const refused = (ctx: z.RefinementCtx, message: string, hint: string, code = 'E217'): never => {
  ctx.addIssue({ code: 'custom', message, params: { code, hint } });
  return z.NEVER;
};

/** Quoted and cut, for messages. */
export const shown = (text: string): string => JSON.stringify(text.length > 60 ? `${text.slice(0, 57)}…` : text);

const checked = <T>(read: (text: string, ctx: z.RefinementCtx) => T) => scalar.transform(read);

/** Text that is not empty. */
export const text = checked((value, ctx) =>
  value.trim() === '' ? refused(ctx, 'is empty', 'write a value, or remove the line') : value,
);

/** Text that may be empty (`default: ''`). */
export const anyText = scalar;

export const boolean = checked((value, ctx) => {
  if (value === 'true') return true;
  if (value === 'false') return false;
  return refused(ctx, `${shown(value)} is neither true nor false`, 'use true/false', 'E206');
});

/** Milliseconds of `90s`, `5m`, `1h30m`; more than 0. */
export const duration = checked((value, ctx) => {
  const ms = parseDuration(value);
  if (ms !== null && ms > 0) return ms;
  return refused(ctx, `${shown(value)} is not a duration`, 'write for example 90s, 5m or 1h30m');
});

/** An input whose value is the duration. */
export interface DurationOf {
  readonly input: string;
}

/** A duration, or `${soak}`: the input that gives it. */
export const durationOrInput = checked((value, ctx): number | DurationOf => {
  const input = /^\$\{([A-Za-z][A-Za-z0-9_-]*)\}$/.exec(value.trim())?.[1];
  if (input !== undefined) return { input };
  const ms = parseDuration(value);
  if (ms !== null && ms > 0) return ms;
  return refused(ctx, `${shown(value)} is not a duration`, 'write for example 90s, 5m or 1h30m, or an input: ${soak}');
});

/** A duration kept as written. */
export const durationText = checked((value, ctx) =>
  parseDuration(value) === null
    ? refused(ctx, `${shown(value)} is not a duration`, 'write for example 30m, 2h or 1d')
    : value.trim(),
);

export const wholeNumber = (least: number, most: number) =>
  checked((value, ctx) => {
    const number = /^\d{1,9}$/.test(value) ? Number(value) : Number.NaN;
    if (number >= least && number <= most) return number;
    return refused(ctx, `${shown(value)} is not a whole number from ${least} to ${most}`, 'write digits only');
  });

/** A choice of words. */
export const oneOf = <const T extends readonly [string, ...string[]]>(words: T) => z.enum(words);

/** `V` or a list of `V`, read as a list. */
export const oneOrMany = <T extends z.ZodType>(item: T) => z.union([item.transform((value) => [value]), z.array(item)]);

/** Keys without a value (`inputs:`) count as absent. */
const withoutEmpty = (value: unknown): unknown => {
  if (value === null) return {};
  if (typeof value !== 'object' || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([, child]) => child !== null));
};

/** A map with known keys; the error of an unknown key carries the known ones, for "did you mean". */
export const fields = <T extends z.ZodRawShape>(shape: T) =>
  z.preprocess(
    withoutEmpty,
    z.strictObject(shape, {
      error: (issue) => (issue.code === 'unrecognized_keys' ? Object.keys(shape).join(' ') : undefined),
    }),
  );

/** A map with known keys whose other keys are names of the author's. */
export const openFields = <T extends z.ZodRawShape, C extends z.ZodType>(shape: T, others: C) =>
  z.preprocess(withoutEmpty, z.object(shape).catchall(others));

/** A map from the author's names to values; a name without a value stays. */
export const named = <T extends z.ZodType>(value: T) => z.record(z.string(), value);

/** A regular expression as written between slashes: `/panic|FATAL/i`. */
export const regex = checked((value, ctx) => {
  const match = /^\/(.+)\/([a-z]*)$/s.exec(value);
  if (match === null) return refused(ctx, `${shown(value)} is not a regular expression`, "write '/pattern/'");
  try {
    new RegExp(match[1] as string, match[2]);
  } catch (error) {
    return refused(ctx, `${shown(value)}: ${(error as Error).message}`, 'correct the pattern');
  }
  return value;
});
