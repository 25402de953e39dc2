import type { Window } from './model.ts';

/** Whether changes are allowed at a moment. Source: 10-runbook-format, `windows`. */
export type WindowState = { readonly open: true } | { readonly open: false; readonly because: string };

const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const weekly =
  /^(?:(Mon|Tue|Wed|Thu|Fri|Sat|Sun)(?:-(Mon|Tue|Wed|Thu|Fri|Sat|Sun))?\s+)?(\d{2}):(\d{2})-(\d{2}):(\d{2})(?:\s+(\S+))?$/;
const dates = /^(\d{4}-\d{2}-\d{2})\/(\d{4}-\d{2}-\d{2})$/;

/** Null when the text is a window, else what is wrong with it. */
export const windowProblem = (text: string): string | null => {
  if (dates.test(text)) return null;
  const zone = weekly.exec(text)?.[7] ?? 'UTC';
  if (!weekly.test(text)) return 'not a window like "Mon-Thu 09:00-16:00 Europe/Berlin" or "2026-12-20/2027-01-04"';
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return null;
  } catch {
    return `unknown time zone "${zone}"`;
  }
};

const isWithin = (text: string, at: number): boolean => {
  const range = dates.exec(text);
  if (range !== null) {
    const day = new Date(at).toISOString().slice(0, 10);
    return day >= (range[1] as string) && day <= (range[2] as string);
  }
  const match = weekly.exec(text);
  if (match === null) return false;
  const [, first, last, fromHour, fromMinute, toHour, toMinute, zone] = match;
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone ?? 'UTC',
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hour12: false,
  }).formatToParts(at);
  const part = (type: string): string => parts.find((p) => p.type === type)?.value ?? '';
  const minute = Number(part('hour')) * 60 + Number(part('minute'));
  const from = Number(fromHour) * 60 + Number(fromMinute);
  const to = Number(toHour) * 60 + Number(toMinute);
  const today = days.indexOf(part('weekday'));
  const inDay = (day: number): boolean =>
    first === undefined || between(day, days.indexOf(first), days.indexOf(last ?? first));
  if (from <= to) return inDay(today) && minute >= from && minute < to;
  return (inDay(today) && minute >= from) || (inDay((today + 6) % 7) && minute < to);
};

const between = (day: number, from: number, to: number): boolean =>
  from <= to ? day >= from && day <= to : day >= from || day <= to;

/** Closed when a `deny` window holds, or when there are `allow` windows and none holds. `at` is UTC ms. */
export const windowState = (windows: readonly Window[], at: number): WindowState => {
  const denied = windows.find((window) => window.rule === 'deny' && isWithin(window.text, at));
  if (denied !== undefined) return { open: false, because: `changes are not allowed ${denied.text}` };
  const allowed = windows.filter((window) => window.rule === 'allow');
  if (allowed.length === 0 || allowed.some((window) => isWithin(window.text, at))) return { open: true };
  return { open: false, because: `changes are allowed only ${allowed.map(({ text }) => text).join(', ')}` };
};
