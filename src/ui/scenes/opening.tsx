import { type SafeText, safe, safeText } from '../../text/safe-text.ts';
import { blank, row } from '../rows.ts';
import { announcer, type Scene } from '../stage.tsx';
import type { Theme } from '../theme.ts';
import { RowsView } from '../widgets/rows-view.tsx';

/**
 * The first frame: it says what is being read until there is more to show. `onQuit` for Ctrl-C and `q`.
 * Plain ASCII: measuring anything else compiles a table that takes as long as the whole frame.
 */
export const openingScene = (what: SafeText, theme: Theme, onQuit: () => void): Scene => ({
  draw: ({ rows }) => (
    <RowsView
      rows={[
        row(safe` ${what}`, { bold: true }),
        row(safeText(' reading and checking it ...'), { dim: true }),
        ...Array.from({ length: Math.max(0, rows - 3) }, () => blank),
        row(safeText(' q leave'), { dim: true }),
      ]}
      theme={theme}
    />
  ),
  press: (press) => {
    if (press.char === 'q' || (press.ctrl && press.char === 'c')) onQuit();
  },
  paste: () => undefined,
  confirms: () => false,
  ...announcer(),
});
