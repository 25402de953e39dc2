import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pictureOf } from '../../../support/picture.ts';
import type { Terminal } from '../../../support/terminal.ts';

/** A folder for pictures of what the story saw; none are drawn without it. */
const pictures = process.env.GONOGO_PICTURES;

export const photograph = (terminal: Terminal, name: string): void => {
  if (pictures === undefined) return;
  mkdirSync(pictures, { recursive: true });
  writeFileSync(join(pictures, `${name}.svg`), pictureOf(terminal));
  writeFileSync(join(pictures, `${name}.txt`), terminal.text());
};

/** The same moment in other sizes of the window, and back again. */
export const photographSizes = async (
  terminal: Terminal,
  name: string,
  sizes: readonly (readonly [number, number])[],
): Promise<void> => {
  const { cols, rows } = terminal.emulator;
  for (const [columns, lines] of [...sizes, [cols, rows] as const]) {
    terminal.resize(columns, lines);
    await terminal.until(() => {
      const shown = terminal.lines();
      return (
        shown[0]?.startsWith(' PROD') === true &&
        shown.every((line) => [...line].length <= columns) &&
        /leave|Esc/.test(shown.at(-1) ?? '')
      );
    }, `filled ${columns}x${lines}`);
    photograph(terminal, `${name}-${columns}x${lines}`);
  }
};
