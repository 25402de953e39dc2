import type { Intent } from '../../session/intents.ts';
import type { ReasonFor } from '../screen-state.ts';

/** The intent that a reason completes. */
export const reasonIntent = ({ kind, step, phase }: ReasonFor, reason: string): Intent => {
  const at = step ?? '';
  switch (kind) {
    case 'fail':
      return { type: 'fail', step: at, reason };
    case 'skip':
      return { type: 'skip', step: at, reason };
    case 'not-applicable':
      return { type: 'not-applicable', step: at, phase, reason };
    case 'owe':
      return { type: 'owe', step: at, reason };
    case 'accept':
      return { type: 'accept', step: at, reason };
    case 'hold':
      return { type: 'hold', reason };
    case 'end':
      return { type: 'end', reason };
  }
};
