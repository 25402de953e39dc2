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
