import { chordOf } from './chord.ts';
import { repeatMs } from './guard.ts';
import type { Press } from './press.ts';

/** Within this time the same key again may be the first repeat of one that is held down. */
const pauseMs = 1000;

export interface HeldKeys {
  /** Passes a key on: at once, after it is clear that it was pressed on purpose, or never. */
  press(press: Press): void;
  close(): void;
}

/**
 * Tells a second press from a key that is held down. A keyboard waits up to a second before it repeats, then repeats
 * fast: so the same key again is kept for a moment, and dropped with all that follow when another one comes.
 * `concerns` says which keys can do harm when they act twice.
 */
export const heldKeys = (
  deliver: (press: Press) => void,
  concerns: (press: Press) => boolean,
  clock: () => number,
): HeldKeys => {
  let last: { readonly chord: string; readonly at: number; readonly harmful: boolean } | null = null;
  let kept: { readonly press: Press; readonly timer: NodeJS.Timeout } | null = null;
  const release = (): Press | null => {
    if (kept === null) return null;
    clearTimeout(kept.timer);
    const { press } = kept;
    kept = null;
    return press;
  };
  return {
    press: (press) => {
      const chord = chordOf(press);
      const gap = last !== null && last.chord === chord ? clock() - last.at : Number.POSITIVE_INFINITY;
      // A repeat is as harmful as the press it repeats, though the key may mean something else by now.
      const harmful = concerns(press) || (gap < pauseMs && last?.harmful === true);
      last = { chord, at: clock(), harmful };
      if (gap >= pauseMs || press.burst || !harmful) {
        const before = release();
        if (before !== null) deliver(before);
        return deliver(press);
      }
      release();
      if (gap < repeatMs) return;
      const timer = setTimeout(() => {
        kept = null;
        deliver(press);
      }, repeatMs);
      kept = { press, timer };
    },
    close: () => void release(),
  };
};
