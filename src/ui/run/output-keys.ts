import { chordOf } from '../chord.ts';
import type { Press } from '../press.ts';
import { clamp, type LogsDialog, type Pager } from '../screen-state.ts';
import { edit, fieldText, textField } from '../text-field.ts';
import { hits, lineAt, outputMap } from '../views/dialog-output.ts';
import type { Acting, Handled } from './acting.ts';
import { scrollBy } from './dialog-scroll.ts';
import { copyText, openLogs } from './openings.ts';

/** Keys of a text in full, be it output, a description or logs: scrolling and search. */
export const pressInPager = (acting: Acting, dialog: Pager, press: Press): Handled => {
  const change: Change = (next) => acting.act({ type: 'change', dialog: { ...dialog, ...next } });
  if (dialog.field !== null) return searchKey(acting, dialog, press, change);
  const chord = chordOf(press);
  const opens = { output: 'o', describe: 'd', logs: 'l' }[dialog.kind];
  if (press.name === 'escape' || press.name === 'enter' || chord === 'q' || chord === opens)
    return acting.act({ type: 'close' });
  if (chord === '/') return change({ field: textField() });
  if (chord === 'n' || chord === 'N') return next(acting, dialog, chord === 'n' ? 1 : -1, change);
  if (chord === 'y' && dialog.lines !== null) return copyText(acting, dialog.lines.join('\n'));
  if (chord === 'p' && dialog.kind === 'logs') return otherRun(acting, dialog);
  const by = scrollBy(press, Math.max(3, acting.size().rows - 10));
  if (by === null) return;
  const most = acting.shown()?.mostScroll ?? 0;
  if (dialog.kind === 'logs') return scrollLogs(acting, dialog, by, most);
  change({ scroll: clamp(dialog.scroll + by, most) });
};

/** The run of the container before the present one, where there was one, and back. */
const otherRun = (acting: Acting, { sources, previous }: LogsDialog): Handled =>
  previous || sources.some(({ hasPrevious }) => hasPrevious)
    ? openLogs(acting, sources, !previous)
    : acting.say('these containers had no run before the present one');

/** Looking back stops what is shown; at its end it goes on. */
const scrollLogs = (acting: Acting, dialog: LogsDialog, by: number, most: number): Handled => {
  const scroll = clamp((dialog.follows ? most : dialog.scroll) + by, most);
  const follows = scroll >= most && by > 0;
  acting.act({ type: 'change', dialog: { ...dialog, scroll, follows, unseen: follows ? 0 : dialog.unseen } });
  if (follows) acting.logs.show();
};

type Change = (next: Partial<Pick<Pager, 'scroll' | 'query' | 'field'>>) => void;

const searchKey = (acting: Acting, dialog: Pager, press: Press, change: Change): Handled => {
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

const next = (acting: Acting, { lines, query, scroll }: Pager, by: 1 | -1, change: Change): Handled => {
  const all = lines ?? [];
  const found = hits(all, query);
  if (found.length === 0) return acting.say(query === '' ? '/ searches first' : `"${query}" is not in it`);
  const here = lineAt(outputMap(all, acting.textColumns()), scroll);
  const to =
    by === 1
      ? (found.find((line) => line > here) ?? found[0])
      : (found.findLast((line) => line < here) ?? found.at(-1));
  change({ scroll: rowOf(acting, all, to ?? 0) });
};
