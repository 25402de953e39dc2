import { safe, safeText } from '../../text/safe-text.ts';
import { blank, fill, fitRow, type Row, rule, span } from '../rows.ts';
import type { Theme } from '../theme.ts';
import { type DialogView, dialogRoom } from '../views/dialog-view.ts';
import type { Frame } from './frame.ts';

/** A dialog in its place of `width` x `height`: title, rows, menu or fields; the rest stays empty. */
export const dialogBody = (
  dialog: DialogView,
  width: number,
  height: number,
  theme: Theme,
): Pick<Frame, 'above' | 'menu' | 'below'> => {
  const room = dialogRoom(dialog, height);
  const first = Math.min(dialog.scroll, Math.max(0, dialog.rows.length - room));
  const shown = dialog.rows.slice(first, first + room);
  const below = dialog.rows.length - first - room;
  const inset = (line: Row): Row => fitRow([span(safeText('  ')), ...line], width);
  const title = rule(dialog.title, width, theme, { bold: true, tone: 'now' });
  const foot =
    below > 0
      ? rule(safe`${below} more ${below === 1 ? 'line' : 'lines'}, j or PgDn`, width, theme, {
          bold: true,
          inverse: true,
        })
      : rule(null, width, theme);
  const fixed = dialog.fixed.map(inset);
  const empty = (count: number): readonly Row[] => fill([], count).map(() => fitRow(blank, width));
  if (dialog.menu === null) {
    const rows = fill(shown, Math.min(room, Math.max(shown.length, 1))).map(inset);
    const rest = height - 2 - rows.length - fixed.length;
    return { above: [title, ...rows, ...fixed, ...empty(rest), foot], menu: null, below: [] };
  }
  const menuRows = Math.min(dialog.menu.length, Math.max(1, height - 2 - fixed.length));
  const rows = shown.slice(0, Math.max(0, height - 3 - menuRows - fixed.length)).map(inset);
  const gap = rows.length === 0 ? [] : [fitRow(blank, width)];
  const rest = height - 2 - rows.length - gap.length - menuRows - fixed.length;
  const menu = { items: dialog.menu, limit: menuRows };
  return { above: [title, ...rows, ...gap], menu, below: [...fixed, ...empty(rest), foot] };
};
