import { chordOf } from '../chord.ts';
import type { Press } from '../press.ts';
import { clamp, type OutputDialog } from '../screen-state.ts';
import { edit, fieldText, textField } from '../text-field.ts';
import { hits, lineAt, outputMap } from '../views/dialog-output.ts';
import type { Acting, Handled } from './acting.ts';
import { scrollBy } from './dialog-scroll.ts';
import { copyText } from './openings.ts';

/** Keys of the output viewer: scrolling and search. */
export const pressInOutput = (acting: Acting, dialog: OutputDialog, press: Press): Handled => {
  const change = (next: Partial<OutputDialog>): void => acting.act({ type: 'change', dialog: { ...dialog, ...next } });
  if (dialog.field !== null) return searchKey(acting, dialog, press, change);
  const chord = chordOf(press);
  if (press.name === 'escape' || press.name === 'enter' || chord === 'q' || chord === 'o')
    return acting.act({ type: 'close' });
  if (chord === '/') return change({ field: textField() });
  if (chord === 'n' || chord === 'N') return next(acting, dialog, chord === 'n' ? 1 : -1, change);
  if (chord === 'y' && dialog.lines !== null) return copyText(acting, dialog.lines.join('\n'));
  const by = scrollBy(press, Math.max(3, acting.size().rows - 10));
  if (by !== null) change({ scroll: clamp(dialog.scroll + by, acting.shown()?.mostScroll ?? 0) });
};

type Change = (next: Partial<OutputDialog>) => void;

const searchKey = (acting: Acting, dialog: OutputDialog, press: Press, change: Change): Handled => {
  const { field, lines } = dialog;
  if (field === null) return;
  if (press.name === 'escape') return change({ field: null });
  if (press.name === 'enter') {
    const query = fieldText(field);
    const first = hits(lines ?? [], query)[0];
    return change({
      field: null,
      query,
      ...(first === undefined ? {} : { scroll: rowOf(acting, lines ?? [], first) }),
    });
  }
  const edited = edit(field, press);
  if (edited !== null) change({ field: edited });
};

/** The row at which a line can be shown. */
const rowOf = (acting: Acting, lines: readonly string[], line: number): number =>
  clamp(outputMap(lines, acting.textColumns()).starts[line] ?? 0, acting.shown()?.mostScroll ?? 0);

const next = (acting: Acting, { lines, query, scroll }: OutputDialog, by: 1 | -1, change: Change): Handled => {
  const all = lines ?? [];
  const found = hits(all, query);
  if (found.length === 0) return acting.say(query === '' ? '/ searches first' : `"${query}" is not in the output`);
  const here = lineAt(outputMap(all, acting.textColumns()), scroll);
  const to =
    by === 1
      ? (found.find((line) => line > here) ?? found[0])
      : (found.findLast((line) => line < here) ?? found.at(-1));
  change({ scroll: rowOf(acting, all, to ?? 0) });
};
