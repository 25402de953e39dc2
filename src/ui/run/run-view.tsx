import { Box } from 'ink';
import type { ReactElement } from 'react';
import type { Theme } from '../theme.ts';
import { Menu } from '../widgets/menu.tsx';
import { RowsView } from '../widgets/rows-view.tsx';
import type { Frame } from './frame.ts';

interface RunViewProps {
  readonly frame: Frame;
  readonly theme: Theme;
  readonly columns: number;
  readonly onChoose: (value: string) => void;
}

/** The frame as Ink boxes: fixed lines, checklist at the left of a dialog, body, fixed lines. */
export const RunView = ({ frame, theme, columns, onChoose }: RunViewProps): ReactElement => (
  <Box flexDirection="column">
    <RowsView rows={frame.top} theme={theme} />
    <Box flexDirection="row" flexGrow={1}>
      {frame.left.length === 0 ? null : <RowsView rows={frame.left} theme={theme} />}
      <Box flexDirection="column" flexGrow={1}>
        <RowsView rows={frame.above} theme={theme} />
        {frame.menu === null ? null : (
          <Menu
            key={frame.menu.items.map(({ value }) => value).join()}
            items={frame.menu.items}
            limit={frame.menu.limit}
            theme={theme}
            columns={columns}
            onChoose={onChoose}
          />
        )}
        <RowsView rows={frame.below} theme={theme} />
      </Box>
    </Box>
    <RowsView rows={frame.bottom} theme={theme} />
  </Box>
);
