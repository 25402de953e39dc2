/** How the shell reads a character: what may be quoted, and what a value put there could become. */
export const contexts = {
  bare: 0,
  single: 1,
  double: 2,
  /** `$'…'` */
  ansi: 3,
  comment: 4,
  /** Body of `<<EOF`: expanded like double quotes. */
  heredoc: 5,
  /** Body of `<<'EOF'`: taken as it is. */
  quotedHeredoc: 6,
  /** `$(( ))`, `(( ))`: a value is evaluated there, and could run code. */
  arithmetic: 7,
} as const;

export type Context = (typeof contexts)[keyof typeof contexts];

/** Called at every `<` that could open something of its own; returns where that ends, or null to go on normally. */
export type AngleReader = (position: number, end: number, context: Context) => number | null;

interface Heredoc {
  readonly delimiter: string;
  readonly quoted: boolean;
  readonly tabs: boolean;
}

/**
 * The context of every UTF-16 unit of a script, and how it ends.
 * A tokenizer for quotes, substitutions, comments and here-documents only: `<name>` may stand anywhere,
 * which a grammar would take for two redirections.
 */
export const scanQuoting = (
  script: string,
  angle: AngleReader = () => null,
): { map: Uint8Array; last: Context; deepest: number } => {
  const scanner = new QuoteScanner(script, angle);
  scanner.bare(script.length, '');
  return { map: scanner.map, last: scanner.ended ?? contexts.bare, deepest: scanner.deepest };
};

class QuoteScanner {
  readonly map: Uint8Array;
  /** Context in which the text ended, the innermost: where appended text would stand. */
  ended: Context | null = null;
  private at = 0;
  /** Levels of substitutions and parentheses. */
  deepest = 0;
  private depth = 0;
  private pending: Heredoc[] = [];
  private readonly text: string;
  private readonly angle: AngleReader;

  constructor(text: string, angle: AngleReader) {
    this.text = text;
    this.angle = angle;
    this.map = new Uint8Array(text.length);
  }

  /** Command text up to `end` or the terminator, which is consumed. */
  bare(end: number, terminator: '' | ')' | '`'): void {
    while (this.at < end) {
      const char = this.text[this.at] as string;
      if (char === terminator) return this.take(contexts.bare, 1);
      if (char === '\\') this.take(contexts.bare, 2);
      else if (char === "'") this.single(end, contexts.single);
      else if (char === '"') this.double(end);
      else if (char === '$' || char === '`') this.expansion(end, contexts.bare);
      else if (char === '(') this.parenthesis(end);
      else if (char === '#' && this.startsWord()) this.comment(end);
      else if (char === '<') this.less(end);
      else if (char === '>' && this.text[this.at + 1] === '(') this.nested(2, end);
      else if (char === '\n') this.newline(end);
      else this.take(contexts.bare, 1);
    }
    this.ended ??= contexts.bare;
  }

  private take(context: Context, count: number): void {
    const to = Math.min(this.at + count, this.text.length);
    this.map.fill(context, this.at, to);
    this.at = to;
  }

  private startsWord(): boolean {
    return this.at === 0 || /[\s;&|()]/.test(this.text[this.at - 1] as string);
  }

  private comment(end: number): void {
    const newline = this.text.indexOf('\n', this.at);
    const to = newline < 0 || newline > end ? end : newline;
    this.take(contexts.comment, to - this.at);
    if (to === end) this.ended ??= contexts.comment;
  }

  /** `'…'` or `$'…'`; the opening quote is at the position. */
  private single(end: number, context: Context): void {
    this.take(context, context === contexts.ansi ? 2 : 1);
    while (this.at < end) {
      const char = this.text[this.at];
      if (char === "'") return this.take(context, 1);
      if (char === '\\' && context === contexts.ansi) this.take(context, 2);
      else if (!(char === '<' && this.readAngle(end, context))) this.take(context, 1);
    }
    this.ended ??= context;
  }

  private double(end: number): void {
    this.take(contexts.double, 1);
    while (this.at < end) {
      const char = this.text[this.at];
      if (char === '"') return this.take(contexts.double, 1);
      this.doubled(end, contexts.double);
    }
    this.ended ??= contexts.double;
  }

  /** One step of text that is read as within double quotes. */
  private doubled(end: number, context: Context): void {
    const char = this.text[this.at];
    if (char === '\\') this.take(context, 2);
    else if (char === '$' || char === '`') this.expansion(end, context);
    else if (!(char === '<' && this.readAngle(end, context))) this.take(context, 1);
  }

  /** `$…` or a backtick, at the position. */
  private expansion(end: number, outer: Context): void {
    const next = this.text[this.at + 1];
    if (this.text[this.at] === '`') {
      this.take(outer, 1);
      this.deeper(() => this.bare(end, '`'));
    } else if (next === '(' && this.text[this.at + 2] === '(') this.arithmetic(end, 3);
    else if (next === '(') this.nested(2, end);
    else if (next === '{') this.brace(end, outer);
    else if (next === "'" && outer === contexts.bare) this.single(end, contexts.ansi);
    else this.take(outer, 1);
  }

  private nested(opening: number, end: number): void {
    this.take(contexts.bare, opening);
    this.deeper(() => this.bare(end, ')'));
  }

  /** Nesting beyond any real script is read flat, so that no text can exhaust the stack. */
  private deeper(read: () => void): void {
    if (this.depth > 200) return;
    this.depth += 1;
    this.deepest = Math.max(this.deepest, this.depth);
    read();
    this.depth -= 1;
  }

  private brace(end: number, outer: Context): void {
    this.take(outer, 2);
    this.deeper(() => {
      while (this.at < end) {
        const char = this.text[this.at];
        if (char === '}') return this.take(outer, 1);
        if (char === '"') this.double(end);
        else if (char === "'" && outer === contexts.bare) this.single(end, contexts.single);
        else this.doubled(end, outer);
      }
      this.ended ??= outer;
    });
  }

  private arithmetic(end: number, opening: number): void {
    this.take(contexts.arithmetic, opening);
    let open = 0;
    while (this.at < end) {
      const char = this.text[this.at];
      if (char === ')' && open === 0) return this.take(contexts.arithmetic, this.text[this.at + 1] === ')' ? 2 : 1);
      if (char === '(') open += 1;
      if (char === ')') open -= 1;
      if (!(char === '<' && this.readAngle(end, contexts.arithmetic))) this.take(contexts.arithmetic, 1);
    }
    this.ended ??= contexts.arithmetic;
  }

  private parenthesis(end: number): void {
    const before = this.text.slice(Math.max(0, this.at - 8), this.at);
    const opensArithmetic =
      this.text[this.at + 1] === '(' && /(^|[\n;&|{(!]|\b(if|while|until|then|do|else|elif|for))\s*$/.test(before);
    if (opensArithmetic) this.arithmetic(end, 2);
    else this.nested(1, end);
  }

  private less(end: number): void {
    const rest = this.text.slice(this.at, this.at + 3);
    if (rest === '<<<') this.take(contexts.bare, 3);
    else if (rest.startsWith('<<')) this.heredocOperator();
    else if (rest.startsWith('<(')) this.nested(2, end);
    else if (!this.readAngle(end, contexts.bare)) this.take(contexts.bare, 1);
  }

  private readAngle(end: number, context: Context): boolean {
    const to = this.angle(this.at, end, context);
    if (to === null) return false;
    this.take(context, to - this.at);
    return true;
  }

  private heredocOperator(): void {
    const pattern = /<<(-?)[ \t]*((?:'[^'\n]*'|"[^"\n]*"|\\.|[^\s;&|<>()'"\\])+)/y;
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.text);
    if (match === null) return this.take(contexts.bare, 2);
    const word = match[2] as string;
    this.pending.push({
      delimiter: word.replace(/\\(.)|['"]/g, '$1'),
      quoted: /['"\\]/.test(word),
      tabs: match[1] === '-',
    });
    this.take(contexts.bare, match[0].length);
  }

  private newline(end: number): void {
    this.take(contexts.bare, 1);
    const waiting = this.pending;
    this.pending = [];
    for (const heredoc of waiting) this.heredocBody(heredoc, end);
  }

  private heredocBody(heredoc: Heredoc, end: number): void {
    const context = heredoc.quoted ? contexts.quotedHeredoc : contexts.heredoc;
    const close = this.closingLine(heredoc, end);
    while (this.at < close.from) {
      if (!heredoc.quoted) this.doubled(close.from, context);
      else if (!(this.text[this.at] === '<' && this.readAngle(close.from, context))) this.take(context, 1);
    }
    if (close.from === close.to) this.ended ??= context;
    else this.take(contexts.bare, Math.max(0, close.to - this.at));
  }

  private closingLine(heredoc: Heredoc, end: number): { from: number; to: number } {
    let from = this.at;
    while (from < end) {
      const newline = this.text.indexOf('\n', from);
      const to = newline < 0 || newline > end ? end : newline;
      const line = this.text.slice(from, to);
      if ((heredoc.tabs ? line.replace(/^\t+/, '') : line) === heredoc.delimiter) return { from, to };
      from = to + 1;
    }
    return { from: end, to: end };
  }
}
