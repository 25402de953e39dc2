/** Where things are on a screen of a given size. Pure: columns and rows in, boxes out. Source: 60-interface. */
export type Layout =
  | { readonly kind: 'too-small'; readonly columns: number; readonly rows: number }
  | {
      readonly kind: 'columns';
      readonly columns: number;
      readonly rows: number;
      /** Widths of checklist, step and panels; panels is 0 when there are none. */
      readonly checklist: number;
      readonly step: number;
      readonly panels: number;
      /** Rows between the fixed lines. */
      readonly body: number;
    }
  | {
      readonly kind: 'single';
      readonly columns: number;
      readonly rows: number;
      readonly body: number /** Steps shown around the current one. */;
      readonly context: number;
    };

export const minimum = { columns: 40, rows: 12 } as const;
const headerRows = 4;
const footerRows = 2;

export const layoutFor = (columns: number, rows: number, hasPanels: boolean): Layout => {
  if (columns < minimum.columns || rows < minimum.rows) return { kind: 'too-small', columns, rows };
  const body = rows - headerRows - footerRows;
  if (columns < 120) return { kind: 'single', columns, rows, body, context: rows >= 30 ? 7 : rows >= 20 ? 3 : 1 };
  const checklist = Math.min(44, Math.floor(columns * 0.26));
  const panels = hasPanels ? Math.min(48, Math.floor(columns * 0.28)) : 0;
  return { kind: 'columns', columns, rows, checklist, panels, step: columns - checklist - panels, body };
};
