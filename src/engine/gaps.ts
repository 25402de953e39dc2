import type { Clock } from '../ports/clock.ts';
import type { EventData } from '../session/events.ts';

const jumpMs = 5_000;

/** A machine that slept: wall time went on, awake time did not. Tells each gap once. Source: 20-runs, "Gaps". */
export const watchGaps = (clock: Clock, onGap: (gap: EventData['run.gap']) => void): (() => void) => {
  let wall = clock.now();
  let awake = clock.monotonic();
  return clock.every(1000, () => {
    const now = clock.now();
    const mono = clock.monotonic();
    const jump = now - wall - (mono - awake);
    // A clock that was set back is no time that nobody watched; entries keep their order by their numbers.
    if (jump > jumpMs) onGap({ from: wall, to: now, kind: 'sleep' });
    wall = now;
    awake = mono;
  });
};
