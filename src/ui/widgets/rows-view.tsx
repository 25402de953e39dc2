import { Box, Text } from 'ink';
import type { ReactElement } from 'react';
import type { SafeText } from '../../text/safe-text.ts';
import { asciiOf } from '../ascii.ts';
import type { Row, Span } from '../rows.ts';
import type { Theme } from '../theme.ts';

interface RowsViewProps {
  readonly rows: readonly Row[];
  readonly theme: Theme;
}

const colorOf = ({ tone, color }: Span, theme: Theme): string | undefined => {
  if (tone !== undefined) return theme.color[tone];
  return theme.color.now === undefined ? undefined : color;
};

const shown = ({ text }: Span, theme: Theme): SafeText => (theme.border === 'classic' ? asciiOf(text) : text);

const Piece = ({ span, theme }: { readonly span: Span; readonly theme: Theme }): ReactElement => {
  const color = colorOf(span, theme);
  const style = { bold: span.bold === true, dimColor: span.dim === true, inverse: span.inverse === true };
  return color === undefined ? (
    <Text {...style}>{shown(span, theme)}</Text>
  ) : (
    <Text {...style} color={color}>
      {shown(span, theme)}
    </Text>
  );
};

const isPlain = ({ tone, color, bold, dim, inverse }: Span): boolean =>
  tone === undefined && color === undefined && !bold && !dim && !inverse;

/** Draws rows one below the other; they are never wrapped here, the views have fitted them. */
export const RowsView = ({ rows, theme }: RowsViewProps): ReactElement => (
  <Box flexDirection="column" flexShrink={0}>
    {rows.map((row, i) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place on the screen
      <Text key={i} wrap="truncate">
        {row.length === 0
          ? ' '
          : row.map((span, j) =>
              // biome-ignore lint/suspicious/noArrayIndexKey: a span is its place in the row
              isPlain(span) ? shown(span, theme) : <Piece key={j} span={span} theme={theme} />,
            )}
      </Text>
    ))}
  </Box>
);
