import type { Press } from './press.ts';

/** `j`, `R`, `ctrl-d`, `enter`, `space`. */
export const chordOf = (press: Press): string => {
  if (press.name !== 'char') return press.name;
  if (press.ctrl) return `ctrl-${press.char}`;
  return press.char === ' ' ? 'space' : press.char;
};
