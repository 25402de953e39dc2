import { chordOf } from '../chord.ts';
import { framed, type Guard, initialGuard, judge } from '../guard.ts';
import type { Press } from '../press.ts';

export interface FinishKeys {
  readonly scroll: () => number;
  /** From now on the screen is the finish; calls after the first one change nothing. */
  readonly shown: () => void;
  readonly press: (press: Press) => 'leave' | 'copy' | 'nothing';
  /** Leaves or copies, so its repeats must not count. */
  readonly acts: (press: Press) => boolean;
}

const keyOf = (press: Press): 'leave' | 'copy' | 'nothing' => {
  const chord = chordOf(press);
  if (chord === 'y') return 'copy';
  const leaves = press.name === 'enter' || press.name === 'escape' || chord === 'q' || chord === 'ctrl-c';
  return leaves ? 'leave' : 'nothing';
};

/** Keys of the last screen: it stays for a key that was meant for it, not for the one that ended the run. */
export const finishKeys = (clock: () => number): FinishKeys => {
  let scroll = 0;
  let guard: Guard = initialGuard(clock());
  return {
    scroll: () => scroll,
    shown: () => {
      guard = framed(guard, 'finish', clock());
    },
    press: (press) => {
      const key = keyOf(press);
      if (key !== 'nothing') {
        const judged = judge(guard, chordOf(press), press.burst, clock());
        guard = judged.guard;
        return judged.verdict === 'act' ? key : 'nothing';
      }
      const chord = chordOf(press);
      if (chord === 'j' || press.name === 'down' || press.name === 'page-down') scroll += 1;
      else if (chord === 'k' || press.name === 'up' || press.name === 'page-up') scroll = Math.max(0, scroll - 1);
      return 'nothing';
    },
    acts: (press) => keyOf(press) !== 'nothing',
  };
};
