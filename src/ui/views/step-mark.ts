import { type VerdictWord, verdictWord } from '../../gates/sample.ts';
import type { StepAt } from '../../session/main-action.ts';
import type { StepStatus } from '../../session/state.ts';
import type { Tone } from '../rows.ts';
import type { Theme } from '../theme.ts';

export interface StepMark {
  readonly glyph: string;
  readonly tone: Tone | undefined;
}

/** The glyph of a step's state; its word stands beside it. */
export const stepGlyph = (status: StepStatus, current: boolean, theme: Theme): StepMark => {
  switch (status) {
    case 'passed':
      return { glyph: theme.glyph.done, tone: 'ok' };
    case 'failed':
      return { glyph: theme.glyph.failed, tone: 'fail' };
    case 'attention':
      return { glyph: theme.glyph.attention, tone: 'wait' };
    case 'skipped':
    case 'not-applicable':
      return { glyph: theme.glyph.skipped, tone: undefined };
    case 'owed':
      return { glyph: theme.glyph.open, tone: 'wait' };
    default:
      return current ? { glyph: theme.glyph.now, tone: 'now' } : { glyph: theme.glyph.open, tone: undefined };
  }
};

/** The word of a step's gate while it is judged or waits for a decision; null without one. */
export const openGateWord = ({ state }: StepAt): VerdictWord | null => {
  const open = state.actions.find(
    ({ gate, status }) => gate !== null && (status === 'running' || status === 'attention'),
  );
  return open?.gate == null ? null : verdictWord(open.gate.verdict);
};

/** The mark beside that word. */
export const gateMark = (word: VerdictWord, current: boolean, theme: Theme): StepMark => {
  if (word === 'FAIL') return { glyph: theme.glyph.failed, tone: 'fail' };
  if (word === 'BLIND') return { glyph: theme.glyph.attention, tone: 'blind' };
  return { glyph: current ? theme.glyph.now : theme.glyph.open, tone: 'wait' };
};
