import type { Terminal } from './terminal.ts';

const palette = [
  '#1d1f21',
  '#cc6666',
  '#8fb573',
  '#e0b26b',
  '#7fa6c9',
  '#b294bb',
  '#7fc4bd',
  '#c5c8c6',
  '#666a6d',
  '#e06c75',
  '#a5d283',
  '#f0c674',
  '#8fb8de',
  '#c9a8d6',
  '#94d8d1',
  '#ffffff',
];
const foreground = '#d0d4d2';
const background = '#16181a';
const cell = { width: 8.4, height: 18 };

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

interface Look {
  readonly ink: string;
  readonly paper: string;
  readonly bold: boolean;
  readonly faint: boolean;
  readonly underline: boolean;
}

type Cell = NonNullable<
  ReturnType<NonNullable<ReturnType<Terminal['emulator']['buffer']['active']['getLine']>>['getCell']>
>;

const extended = (index: number): string => {
  if (index < 16) return palette[index] as string;
  if (index >= 232)
    return `rgb(${Array(3)
      .fill(8 + (index - 232) * 10)
      .join(',')})`;
  const steps = [0, 95, 135, 175, 215, 255];
  const at = index - 16;
  return `rgb(${steps[Math.floor(at / 36)]},${steps[Math.floor(at / 6) % 6]},${steps[at % 6]})`;
};

const lookOf = (one: Cell): Look => {
  const color = (isDefault: boolean, isRgb: boolean, value: number, otherwise: string): string =>
    isDefault ? otherwise : isRgb ? `#${value.toString(16).padStart(6, '0')}` : extended(value);
  const ink = color(one.isFgDefault(), one.isFgRGB(), one.getFgColor(), foreground);
  const paper = color(one.isBgDefault(), one.isBgRGB(), one.getBgColor(), background);
  const inverse = one.isInverse() !== 0;
  return {
    ink: inverse ? paper : ink,
    paper: inverse ? ink : paper,
    bold: one.isBold() !== 0,
    faint: one.isDim() !== 0,
    underline: one.isUnderline() !== 0,
  };
};

/** The screen of a terminal as SVG, cell by cell: what a person would see, with its colours. */
export const pictureOf = (terminal: Terminal): string => {
  const { emulator } = terminal;
  const buffer = emulator.buffer.active;
  const width = emulator.cols * cell.width + 16;
  const height = emulator.rows * cell.height + 16;
  const out: string[] = [];
  for (let y = 0; y < emulator.rows; y += 1) {
    const line = buffer.getLine(buffer.viewportY + y);
    for (let x = 0; line !== undefined && x < emulator.cols; x += 1) {
      const one = line.getCell(x);
      if (one === undefined || one.getWidth() === 0) continue;
      const look = lookOf(one);
      const left = 8 + x * cell.width;
      const top = 8 + y * cell.height;
      const columns = one.getWidth();
      if (look.paper !== background)
        out.push(
          `<rect x="${left.toFixed(1)}" y="${top}" width="${(columns * cell.width + 0.2).toFixed(1)}" height="${cell.height}" fill="${look.paper}"/>`,
        );
      const text = one.getChars();
      if (text.trim() === '') continue;
      const style = `${look.bold ? ' font-weight="bold"' : ''}${look.faint ? ' opacity="0.6"' : ''}${look.underline ? ' text-decoration="underline"' : ''}`;
      out.push(`<text x="${left.toFixed(1)}" y="${top + 13.5}" fill="${look.ink}"${style}>${escaped(text)}</text>`);
    }
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="DejaVu Sans Mono, Menlo, Consolas, monospace" font-size="14" xml:space="preserve"><rect width="100%" height="100%" fill="${background}"/>\n${out.join('\n')}\n</svg>\n`;
};
