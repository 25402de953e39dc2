import type { Engine } from '../engine/view.ts';
import type { Intent } from '../session/intents.ts';
import { withCarried } from '../session/pending.ts';
import { pendingStatus, statusSend, statusStdin, statusText } from '../session/status-update.ts';
import { type SafeText, safe, safeText } from '../text/safe-text.ts';
import { commandLines } from './describe.ts';
import { intentOf } from './intent-of.ts';
import type { Lines } from './lines.ts';
import { parseLine } from './parse-line.ts';

/**
 * What `U` and a text, or the runbook's own words, ask of the session. Where the runbook has a command that sends it,
 * that is shown and confirmed as every change is; null when the operator does not.
 */
export const statusIntent = async (engine: Engine, lines: Lines, typed: string): Promise<Intent | null> => {
  const { session, now, carried } = engine.view();
  const text = typed === '' ? statusText(session, now) : typed;
  if (text === '') return say(lines, safeText('  a status update needs a text: U TEXT'));
  const about = statusSend(session);
  if (about === null) return { type: 'status', text };
  const stdin = statusStdin(session, text);
  const pending = pendingStatus(session, about, stdin, now);
  for (const line of [...commandLines(withCarried(pending, carried)), safeText('   gets on its input:')])
    lines.print(line);
  for (const line of stdin.trimEnd().split('\n')) lines.print(safe`   > ${line}`);
  const { level } = pending;
  const yes = level.kind === 'type' ? `type: ${level.word}` : level.kind === 'yes' ? 'y' : 'Enter';
  const line = await lines.ask(safe`${yes} sends it, anything else goes back >`);
  const answer = line === null ? null : parseLine(line);
  if (answer?.kind !== 'yes' && answer?.kind !== 'type' && answer?.kind !== 'enter') return null;
  const { message } = about;
  const intent = intentOf(
    { kind: 'message', at: pending.at, action: pending.action, message, text: stdin, pending },
    answer,
  );
  return typeof intent === 'string' ? say(lines, safe`  ${intent}`) : intent;
};

const say = (lines: Lines, text: SafeText): null => {
  lines.print(text);
  return null;
};
