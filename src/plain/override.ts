import type { Engine } from '../engine/view.ts';
import type { Intent, Override, Refusal } from '../session/intents.ts';
import { safe, safeText } from '../text/safe-text.ts';
import type { Lines } from './lines.ts';

export interface OverrideParts {
  readonly engine: Engine;
  readonly lines: Lines;
  /** The reason that an answers file has for this step. */
  readonly prepared: () => string | null;
  /** The word that it has, where one is asked for. */
  readonly preparedWord: () => string | null;
  /** Nobody is there to be asked. */
  readonly auto: boolean;
}

/** Several guards may ask one after the other. */
const mostOverrides = 5;

/** Sends an intent. A refusal that can be gone past is asked about; with a reason the same intent goes again. */
export const dispatchAsking = async (parts: OverrideParts, intent: Intent): Promise<Refusal | null> => {
  let refusal = await parts.engine.dispatch(intent);
  for (let asked = 0; refusal?.override !== undefined && asked < mostOverrides; asked += 1) {
    const reason = await reasonFor(parts, refusal);
    if (reason === null) return refusal;
    const { what, typed } = refusal.override;
    const word = typed === undefined ? {} : { typed: await wordFor(parts, typed) };
    const refused = await parts.engine.dispatch({ type: 'override', what, reason, ...word });
    if (refused !== null) return refused;
    refusal = await parts.engine.dispatch(intent);
  }
  return refusal;
};

/** What is not the word is refused by whoever asked for it. */
const wordFor = async (
  { lines, preparedWord, auto }: OverrideParts,
  { word, of }: NonNullable<Override['typed']>,
): Promise<string> => {
  const given = preparedWord();
  if (given !== null || auto) return given ?? '';
  const line = await lines.ask(safe`  type the ${of} "${word}" to do it >`);
  return line?.trim().replace(/^type:\s*/, '') ?? '';
};

const reasonFor = async ({ lines, prepared, auto }: OverrideParts, refusal: Refusal): Promise<string | null> => {
  const given = prepared();
  if (given !== null) {
    lines.print(safe`> override: ${given}`);
    return given;
  }
  if (auto) return null;
  lines.print(safe`  ${refusal.message}${refusal.nextStep === null ? '' : `. ${refusal.nextStep}`}`);
  lines.print(safe`  ${refusal.override?.prompt ?? ''}`);
  const line = await lines.ask(safeText('  go on anyway because (empty: no) >'));
  return line === null || line.trim() === '' ? null : line.trim();
};
