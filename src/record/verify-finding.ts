import { safeLine } from '../text/safe-text.ts';

export interface VerifyFinding {
  /** `proven` by a hash, `claimed` by somebody, `broken`, or just worth knowing. */
  readonly level: 'proven' | 'claimed' | 'broken' | 'note';
  readonly text: string;
}

export const finding = (level: VerifyFinding['level'], text: string): VerifyFinding => ({
  level,
  text: safeLine(text),
});
