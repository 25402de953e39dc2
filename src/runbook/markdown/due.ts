/** Due time of a phase relative to the planned start. */
export interface Due {
  /** Normalised: `T+15m`, `T-48h`, `T-0`. */
  readonly at: string;
  readonly atMs: number;
}

const units: Readonly<Record<string, readonly [short: string, ms: number]>> = {
  s: ['s', 1_000],
  m: ['m', 60_000],
  h: ['h', 3_600_000],
  d: ['d', 86_400_000],
  w: ['w', 604_800_000],
};

const mark =
  /(?<![\p{L}\p{N}])T\s?([-+−–])\s?(\d+(?:\.\d+)?)\s?(seconds?|secs?|s|minutes?|mins?|m|hours?|hrs?|h|days?|d|weeks?|w)?(?![\p{L}\p{N}])/u;

/** `T+15m`, `T+15 minutes`, `T-48h`, `(T-0)` in a heading or an `at`; null when there is none. Without a unit only 0 counts. */
export const dueTime = (text: string): Due | null => {
  const match = mark.exec(text);
  if (match === null) return null;
  const amount = Number(match[2]);
  if (amount === 0) return { at: 'T-0', atMs: 0 };
  const unit = units[match[3]?.[0]?.toLowerCase() ?? ''];
  if (unit === undefined) return null;
  const sign = match[1] === '+' ? '+' : '-';
  const ms = Math.round(amount * unit[1]);
  return { at: `T${sign}${match[2]}${unit[0]}`, atMs: sign === '+' ? ms : -ms };
};
