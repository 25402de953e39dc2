import type { GateRow } from '../../session/gate-view.ts';
import { timeOfDay } from '../../text/duration.ts';
import { type SafeText, safe, safeText } from '../../text/safe-text.ts';
import { type Row, type Style, wrapRows } from '../rows.ts';
import { wordTone } from './cluster-panel.ts';

/** The word of a check; nothing before its first answer. */
export const wordOf = ({ word, at }: GateRow): SafeText => safeText(at === null && word === 'wait' ? '' : word);

export const wordStyle = ({ word, at }: GateRow): Style =>
  at === null && word === 'wait' ? { dim: true } : { tone: wordTone(word), bold: word !== 'ok' };

/** Why a check is not ok, and since when that is known. */
export const becauseRows = ({ because, word, at }: GateRow, width: number): readonly Row[] => {
  if (because === null || word === 'ok') return [];
  const when = at === null || word === 'wait' || because.includes(', since ') ? '' : `, ${timeOfDay(at)}`;
  return wrapRows(safe`${because}${when}`, width, word === 'wait' ? { dim: true } : { tone: wordTone(word) }, 2);
};
