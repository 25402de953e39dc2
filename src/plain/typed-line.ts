import type { SessionEnd } from '../engine/view.ts';
import type { MainAction } from '../session/main-action.ts';
import { stateWords } from '../session/overview.ts';
import { offPathSteps, pathSteps } from '../session/select.ts';
import { safe, safeText } from '../text/safe-text.ts';
import { pastedApproval } from './approval.ts';
import { printOutput } from './command-output.ts';
import { leave } from './ending.ts';
import { metricsLines } from './metrics.ts';
import { parseLine, type Typed } from './parse-line.ts';
import { agreesToRollBack } from './roll-back.ts';
import { apply, send } from './sending.ts';
import { intentAnywhere } from './typed-anywhere.ts';
import type { Begun, WalkParts } from './walk-parts.ts';

/** Does what a typed line says. The end of the session when it was left, else null: the step is shown again. */
export const typedLine = async (
  parts: WalkParts,
  begun: Begun,
  action: MainAction,
  line: string,
): Promise<SessionEnd | null> => {
  if (await meantForThis(parts, action, line.trim())) return null;
  const takesText = ['ask', 'decide', 'choose-phase', 'resolve', 'gate'].includes(action.kind);
  const typed: Typed | null = parseLine(line) ?? (takesText ? { kind: 'answer', text: line.trim() } : null);
  if (typed === null) {
    parts.lines.print(safeText('  not understood; ? lists what can be typed'));
    return null;
  }
  switch (typed.kind) {
    case 'leave':
      return leave(parts, 'quit');
    case 'do':
      begun.looking = typed.text;
      return null;
    case 'help':
    case 'list':
    case 'output':
    case 'metrics':
    case 'edit':
      await show(parts, typed.kind);
      return null;
    case 'rollback':
      if (await agreesToRollBack(parts.engine, parts.lines)) await send(parts, { type: 'rollback' });
      return null;
    case 'undo':
    case 'back':
    case 'end':
    case 'note':
    case 'status':
    case 'hold':
    case 'acknowledge': {
      const intent = await intentAnywhere(parts, action, typed);
      if (intent !== null) await send(parts, intent);
      return null;
    }
    default: {
      const refused = await apply(parts, action, typed);
      if (refused !== null) parts.lines.print(refused);
      return null;
    }
  }
};

/** Whether it was a word that means something only here: at an unknown result, at an approval. */
const meantForThis = async (parts: WalkParts, action: MainAction, text: string): Promise<boolean> => {
  if (action.kind === 'resolve' && text === 'stop') {
    await send(parts, { type: 'stop-command', attempt: action.attempt.attempt, signal: 'TERM' });
    return true;
  }
  if (action.kind !== 'approve' || text !== 's') return false;
  await pastedApproval(parts, action, (intent) => send(parts, intent));
  return true;
};

/** What is only shown. */
const show = async (
  { engine, lines }: WalkParts,
  what: 'help' | 'list' | 'output' | 'metrics' | 'edit',
): Promise<void> => {
  if (what === 'output') await printOutput(engine, lines);
  if (what === 'metrics') for (const text of metricsLines(engine.view())) lines.print(text);
  if (what === 'edit') lines.print(safeText('  editing a command needs the screen: go on without --plain'));
  if (what === 'help') for (const text of help) lines.print(safeText(text));
  if (what !== 'list') return;
  const { session } = engine.view();
  for (const at of [...pathSteps(session), ...offPathSteps(session)])
    lines.print(safe`${at.step.id.padEnd(6)} ${stateWords(at.state).padEnd(12)} ${at.step.title}`);
};

const help: readonly string[] = [
  '  Enter does what is shown; y confirms a change; type: WORD where a word is asked for',
  '  F [reason] fail   S reason skip   x [reason] n/a   o [reason] owe   t again   accept: reason',
  '  b [step] back     u undo tick     a text note      P reason hold / lift   U text status update',
  '  do STEP           a step out of order: an owed one, or one that is only there if needed (list shows ids)',
  '  R roll back       Q reason end    list             output   m metrics     q leave (resume later)',
];
