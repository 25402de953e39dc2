import { Box, Text } from 'ink';
import SelectInput from 'ink-select-input';
import type { ReactElement } from 'react';
import type { SafeText } from '../../text/safe-text.ts';
import type { Theme } from '../theme.ts';
import type { MenuItem } from '../views/dialog-view.ts';

interface MenuProps {
  readonly items: readonly MenuItem[];
  /** Entries shown at once. */
  readonly limit: number;
  readonly theme: Theme;
  readonly columns: number;
  readonly onChoose: (value: string) => void;
}

/** A short list to take one of; the first entry is the one that does least. */
export const Menu = ({ items, limit, theme, columns, onChoose }: MenuProps): ReactElement => {
  const accent = theme.color.now === undefined ? {} : { color: theme.color.now };
  return (
    <Box paddingLeft={2} width={columns} flexShrink={0}>
      <SelectInput
        items={items.map(({ value, label }, i) => ({ key: value, value, label: `${i + 1}  ${label}` }))}
        limit={limit}
        onSelect={({ value }) => onChoose(value)}
        indicatorComponent={({ isSelected = false }) => (
          <Text bold {...accent}>
            {isSelected ? theme.glyph.now : ' '}{' '}
          </Text>
        )}
        itemComponent={({ isSelected = false, label }) => (
          <Text bold={isSelected} wrap="truncate">
            {label as SafeText}
          </Text>
        )}
      />
    </Box>
  );
};
