import { safeLine } from '../../text/safe-text.ts';
import { type Row, type Span, type Style, span } from '../rows.ts';

const names = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'] as const;

const applied = (style: Style, codes: readonly number[]): Style => {
  let next: Style = style;
  for (let i = 0; i < codes.length; i += 1) {
    const code = codes[i] as number;
    if (code === 0) next = {};
    else if (code === 1) next = { ...next, bold: true };
    else if (code === 2) next = { ...next, dim: true };
    else if (code === 7) next = { ...next, inverse: true };
    else if (code === 22) next = { ...next, bold: false, dim: false };
    else if (code === 27) next = { ...next, inverse: false };
    else if (code >= 30 && code <= 37) next = { ...next, color: names[code - 30] as string };
    else if (code >= 90 && code <= 97) next = { ...next, color: code === 90 ? 'gray' : `${names[code - 90]}Bright` };
    else if (code === 39) {
      const { color: _, ...rest } = next;
      next = rest;
    } else if (code === 38 || code === 48) i += codes[i + 1] === 5 ? 2 : 4;
  }
  return next;
};

/** One line of a command's output: its colours are kept, every other control character is shown as text. */
export const outputRow = (line: string): Row => {
  if (!line.includes('\u001B')) return [span(safeLine(line))];
  const out: Span[] = [];
  let style: Style = {};
  for (const piece of line.split(/(\u001B\[[0-9;]*m)/)) {
    const codes = /^\u001B\[([0-9;]*)m$/.exec(piece)?.[1];
    if (codes !== undefined) style = applied(style, codes.split(';').map(Number));
    else if (piece !== '') out.push(span(safeLine(piece), style));
  }
  return out;
};
