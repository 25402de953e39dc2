import { chordOf } from '../chord.ts';
import type { Press } from '../press.ts';
import { clamp, type Dialog } from '../screen-state.ts';
import type { Acting } from './acting.ts';

type Of<K extends Dialog['kind']> = Extract<Dialog, { kind: K }>;

/** One level back. */
export const close = ({ act }: Acting): void => act({ type: 'close' });

/** Rows that `j`, `PgDn` and the others move by; null for other keys. */
export const scrollBy = (press: Press, page: number): number | null => {
  const steps: Readonly<Record<string, number>> = {
    j: 1,
    down: 1,
    k: -1,
    up: -1,
    'page-down': page,
    'ctrl-d': page,
    ' ': page,
    space: page,
    'page-up': -page,
    'ctrl-u': -page,
    g: -1e9,
    home: -1e9,
    G: 1e9,
    end: 1e9,
  };
  return steps[chordOf(press)] ?? null;
};

/** Moves a dialog that is longer than its place; false for keys that do not scroll. */
export const scrollDialog = (
  acting: Acting,
  dialog: Of<'help'> | Of<'evidence'> | Of<'confirm'> | Of<'rollback'>,
  press: Press,
): boolean => {
  const by = scrollBy(press, Math.max(3, acting.size().rows - 12));
  if (by === null) return false;
  const most = acting.shown()?.mostScroll ?? 0;
  const enough = acting.shown()?.readScroll ?? most;
  const scroll = clamp(dialog.scroll + by, most);
  acting.act({
    type: 'change',
    dialog:
      'reached' in dialog ? { ...dialog, scroll, reached: dialog.reached || scroll >= enough } : { ...dialog, scroll },
  });
  return true;
};

/** What would run was wholly in sight. */
export const wasRead = (acting: Acting, dialog: Of<'confirm'> | Of<'rollback'>): boolean => {
  if (dialog.reached || dialog.scroll >= (acting.shown()?.readScroll ?? 1)) return true;
  acting.say(`read to the ${dialog.kind === 'rollback' ? 'end of the first command' : 'last line'} first: j or PgDn`);
  return false;
};
