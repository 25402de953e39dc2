import type { Place } from './diagnostic.ts';
import type { LineRange } from './model.ts';

/** Finds the column of a word in the source, when the source is at hand. */
export class SourceText {
  readonly #lines: readonly string[];

  constructor(text: string | undefined) {
    this.#lines = text === undefined ? [] : text.split(/\r\n|\n/);
  }

  /** The first place of a word in some lines; the start of the first line when it is not found. */
  find(word: string | RegExp, ranges: readonly LineRange[]): Place {
    const pattern = typeof word === 'string' ? null : word;
    for (const [from, to] of ranges) {
      for (let line = from; line <= to; line += 1) {
        const text = this.#lines[line - 1] ?? '';
        const at = pattern === null ? text.indexOf(word as string) : text.search(pattern);
        if (at >= 0) return { line, column: at + 1 };
      }
    }
    return { line: ranges[0]?.[0] ?? 1, column: 1 };
  }

  /** The first place of a word from a line on, before another line; the start of the line when it is not found. */
  findFrom(word: string, line: number, lines = 200): Place {
    const last = Math.min(this.#lines.length, line + lines);
    return last < line ? { line, column: 1 } : this.find(word, [[line, last]]);
  }
}
