import type { SafeText } from '../../text/safe-text.ts';
import type { Row } from '../rows.ts';

/** What a dialog shows: rows that may scroll, then a short menu or a field, then what its keys do. */
export interface DialogView {
  readonly title: SafeText;
  readonly rows: readonly Row[];
  /** First row shown; `follow` keeps that row in sight instead. */
  readonly scroll: number;
  /** Rows that must have been in sight before `y` counts; all of them when left out. */
  readonly needed?: number;
  readonly menu: readonly MenuItem[] | null;
  /** Rows that never scroll, under the others: fields. */
  readonly fixed: readonly Row[];
  /** What the keys do here, for the line above the last. */
  readonly enter: SafeText;
  readonly keys: SafeText;
}

export interface MenuItem {
  readonly value: string;
  readonly label: SafeText;
}

/** Rows that can be seen at once: a title rule above, the fixed rows and the menu below. */
export const dialogRoom = (dialog: DialogView, height: number): number =>
  Math.max(1, height - 2 - dialog.fixed.length - (dialog.menu === null ? 0 : dialog.menu.length + 1));

/** From this scroll on the needed rows are in sight. */
export const readScroll = (dialog: DialogView, height: number): number =>
  Math.max(0, (dialog.needed ?? dialog.rows.length) - dialogRoom(dialog, height));

export const lastScroll = (dialog: DialogView, height: number): number =>
  Math.max(0, dialog.rows.length - dialogRoom(dialog, height));
