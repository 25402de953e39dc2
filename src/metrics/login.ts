import { bounded } from './bounded.ts';
import { MetricsFault } from './metrics-fault.ts';

export type Headers = Readonly<Record<string, string>>;

/** The headers that the server wants, read once, and again when it refused them. */
export interface Login {
  /** Rejects with `MetricsFault` when they cannot be read before the signal. */
  headers(signal: AbortSignal): Promise<Headers>;
  /** After a 401: whether they are other ones now. Read anew at most once a minute, since a person may be asked. */
  renew(refused: Headers, signal: AbortSignal): Promise<boolean>;
  /** The text without any of their values. */
  conceal(text: string): string;
}

const renewalMs = 60_000;
/** Shorter ones would conceal parts of words. */
const shortestSecret = 4;

export const createLogin = (read: () => Promise<Headers>, now: () => number): Login => {
  let reading: Promise<Headers> | null = null;
  let readAt = 0;
  const secrets = new Set<string>();

  const current = (): Promise<Headers> => {
    if (reading !== null) return reading;
    readAt = now();
    const begun = read();
    reading = begun;
    begun.then(
      (headers) => {
        for (const value of Object.values(headers)) for (const part of [value, ...value.split(' ')]) secrets.add(part);
      },
      // Whoever waits is told; the next question reads again.
      () => {
        if (reading === begun) reading = null;
      },
    );
    return begun;
  };

  return {
    headers: (signal) => before(current(), signal),
    renew: async (refused, signal) => {
      if (now() - readAt >= renewalMs) reading = null;
      const headers = await before(current(), signal);
      return Object.entries(headers).some(([name, value]) => refused[name] !== value);
    },
    conceal: (text) =>
      [...secrets]
        .filter((secret) => secret.length >= shortestSecret)
        .toSorted((a, b) => b.length - a.length)
        .reduce((shown, secret) => shown.replaceAll(secret, '[secret]'), text),
  };
};

const before = async (reading: Promise<Headers>, signal: AbortSignal): Promise<Headers> => {
  const { promise, reject } = Promise.withResolvers<never>();
  const late = (): void => reject(new MetricsFault('its login is still being looked up'));
  if (signal.aborted) late();
  signal.addEventListener('abort', late, { once: true });
  try {
    return await Promise.race([reading, promise]);
  } catch (error) {
    if (error instanceof MetricsFault) throw error;
    throw new MetricsFault(bounded(error instanceof Error ? error.message : String(error)));
  } finally {
    signal.removeEventListener('abort', late);
    promise.catch(() => undefined);
  }
};
