import { type SafeText, safe, safeText } from '../../text/safe-text.ts';
import { widthOf } from '../../text/width.ts';
import { choiceCount } from '../key-available.ts';
import { keyTable } from '../keys.ts';
import type { ScreenState } from '../screen-state.ts';
import type { Look } from './look.ts';

/** Only the digits that choose something. */
const labelOf = (key: (typeof keyTable)[number], look: Look): string => {
  if (key.id !== 'choice') return key.label;
  const count = Math.min(9, choiceCount(look));
  return count === 1 ? '1' : `1-${count}`;
};

const hintOf = (key: (typeof keyTable)[number], look: Look, screen: ScreenState): string => {
  if (key.id === 'hold' && look.view.session.paused !== null) return 'lift hold';
  return key.id === 'list' && screen.list ? 'step' : (key.hint ?? '');
};

/** As many keys as fit, those that are useful now, the most useful first; help and leaving always. */
export const keyLine = (look: Look, screen: ScreenState, columns: number): SafeText => {
  const end = columns >= 100 ? '? all keys   q leave' : '? keys  q leave';
  const gap = columns >= 100 ? '   ' : '  ';
  let line = '';
  for (const key of keyTable) {
    if (key.hint === null || key.id === 'help' || key.id === 'leave' || !key.available(look)) continue;
    const words = `${labelOf(key, look)} ${hintOf(key, look, screen)}`;
    const next = line === '' ? words : `${line}${gap}${words}`;
    if (widthOf(next) + widthOf(end) + gap.length <= columns - 2) line = next;
  }
  return safe`${line}${line === '' ? '' : gap}${end}`;
};

/** The keys of a dialog in `columns`: of too many the later ones give way, never the way back, which is last. */
export const fittedKeys = (keys: SafeText, columns: number): SafeText => {
  const parts = keys.split(/ {3,}/);
  const fits = (gap: string): boolean => widthOf(parts.join(gap)) <= columns;
  while (parts.length > 2 && !fits('   ') && !fits('  ')) parts.splice(-2, 1);
  return safeText(parts.join(fits('   ') ? '   ' : '  '));
};
