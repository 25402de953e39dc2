import { ExpectedError } from '../text/errors.ts';

/** What `run` and the shipped names take, as commander gives it. */
export interface RunOptions {
  readonly set: readonly string[];
  readonly context?: string;
  readonly namespace?: string;
  readonly prometheus?: string;
  readonly ticket?: string;
  readonly at?: string;
  readonly plain?: boolean;
  readonly auto?: boolean;
  readonly answers?: string;
}

/** `14:30`, `2026-11-20T14:30Z`, `2026-11-20 14:30`: UTC ms; a time of day is today's, or tomorrow's when it has passed by more than an hour. */
export const parseAt = (text: string, now: number): number => {
  const time = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(text.trim());
  if (time !== null) {
    const at = new Date(now);
    at.setHours(Number(time[1]), Number(time[2]), 0, 0);
    return at.getTime() < now - 3_600_000 ? at.getTime() + 86_400_000 : at.getTime();
  }
  const parsed = Date.parse(text.trim().replace(' ', 'T'));
  if (Number.isNaN(parsed))
    throw new ExpectedError(`"${text}" is not a time`, {
      place: '--at',
      nextStep: 'For example: --at 14:30, or --at 2026-11-20T14:30Z',
    });
  return parsed;
};
