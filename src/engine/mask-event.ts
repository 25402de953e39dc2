import type { RunEvent } from '../session/events.ts';

const masked = (value: unknown, mask: (text: string) => string): unknown => {
  if (typeof value === 'string') return mask(value);
  if (Array.isArray(value)) return value.map((item) => masked(item, mask));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, masked(item, mask)]));
};

/**
 * Reasons, notes, messages and answers are typed by people, who also paste secrets: nothing of a registered one reaches
 * the journal. A spec stays as it is, since its hash is what was confirmed; it names secrets and never holds their values.
 */
export const maskEvent = (event: RunEvent, mask: (text: string) => string): RunEvent => {
  const data = masked(event.data, mask) as Record<string, unknown>;
  const kept = event.type === 'command.confirmed' ? { spec: event.data.spec, hash: event.data.hash } : {};
  return { ...event, data: { ...data, ...kept } } as RunEvent;
};
