import type { Engine } from '../engine/view.ts';
import type { Intent, Refusal } from '../session/intents.ts';
import type { MainAction } from '../session/main-action.ts';
import { type SafeText, safe, safeText } from '../text/safe-text.ts';
import type { Answer } from './answers.ts';
import { approvalIntent } from './approval.ts';
import { answerEmpty, answerInput } from './ask.ts';
import { withTypedName } from './gates.ts';
import { intentOf } from './intent-of.ts';
import { dispatchAsking } from './override.ts';
import type { WalkParts } from './walk-parts.ts';

/** Whether it was accepted; a refusal is printed. */
export const send = async (parts: WalkParts, intent: Intent): Promise<boolean> => {
  const refusal = await dispatchAsking(parts, intent);
  if (refusal !== null) parts.lines.print(refusalLine(parts.engine, refusal));
  return refusal === null;
};

/** Null when it was done, else why it does not fit. */
export const apply = async (parts: WalkParts, action: MainAction, answer: Answer): Promise<SafeText | null> => {
  if (action.kind === 'ask' && answer.kind === 'answer') return answerInput(parts, action, answer.text);
  if (action.kind === 'ask' && answer.kind === 'enter') return answerEmpty(parts, action);
  const intent =
    action.kind === 'approve' && answer.kind === 'answer'
      ? await approvalIntent(parts, action, answer.text)
      : intentOf(action, answer);
  if (typeof intent === 'string') return safe`  ${intent}`;
  const refusal = await dispatchAsking(parts, await withTypedName(parts, action, intent));
  return refusal === null ? null : refusalLine(parts.engine, refusal);
};

/** Why something was not done; errors were told when they happened. */
const refusalLine = (engine: Engine, { message, nextStep }: Refusal): SafeText =>
  engine.view().notice?.level === 'error'
    ? safeText('  not done')
    : safe`  ${message}${nextStep === null ? '' : `. ${nextStep}`}`;
