import type { SessionState } from '../../session/state.ts';
import { safeText } from '../../text/safe-text.ts';
import { blank, labelled, type Row, row, wrapRows } from '../rows.ts';

/** What stands in the place of the step once another target answers than the one the run is bound to. */
export const stopRows = (
  { code, expected, found }: NonNullable<SessionState['mismatch']>,
  width: number,
): readonly Row[] => {
  const what = code === 'E602' ? 'cluster' : 'target';
  const rows: readonly string[] = [
    `Another ${what} answers now in the place of the one this run was started on. Nothing can be changed from here, and nothing goes past it: not with a reason either.`,
    'Leave the run, find out why the same name leads elsewhere (a new load balancer, another tunnel, an edited context), and put it right. gonogo resume looks again and goes on when it finds the first one.',
    'A command that runs already is not stopped by this; Ctrl-C stops it.',
  ];
  return [
    row(safeText(`${code} STOP`), { tone: 'fail', bold: true }),
    blank,
    ...labelled(safeText('started on  '), safeText(expected), width, { bold: true }),
    ...labelled(safeText('now answers '), safeText(found), width, { tone: 'fail', bold: true }),
    blank,
    ...rows.flatMap((text) => [...wrapRows(safeText(text), width), blank]),
  ];
};
