import type { Intent } from '../session/intents.ts';
import type { MainAction } from '../session/main-action.ts';
import { safeText } from '../text/safe-text.ts';
import { acknowledgement } from './gates.ts';
import { stepOf } from './intent-of.ts';
import type { Anywhere } from './parse-line.ts';
import { statusIntent } from './status-update.ts';
import type { WalkParts } from './walk-parts.ts';

/** The intent of what can be typed at any step; null when there is none, which was said. */
export const intentAnywhere = async (
  { engine, lines }: WalkParts,
  action: MainAction,
  typed: Anywhere,
): Promise<Intent | null> => {
  const { session } = engine.view();
  const step = stepOf(action)?.step.id ?? null;
  switch (typed.kind) {
    case 'undo':
      return { type: 'undo' };
    case 'back':
      return { type: 'back', step: typed.text === '' ? (step ?? '') : typed.text };
    case 'end':
      return { type: 'end', reason: typed.text };
    case 'note':
      return { type: 'note', step, text: typed.text };
    case 'status':
      return statusIntent(engine, lines, typed.text);
    case 'hold':
      if (session.paused === null) return { type: 'hold', reason: typed.text };
      return { type: 'lift-hold', reason: typed.text === '' ? null : typed.text };
    case 'acknowledge': {
      const intent = acknowledgement(session, action, typed.text);
      if (intent === null) lines.print(safeText('  there is nothing to acknowledge'));
      return intent;
    }
  }
};
