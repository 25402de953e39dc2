/**
 * Whether a command goes on in the next line: an open quote, heredoc, bracket or compound statement, a backslash or an
 * operator at the end. Used to find which lines of a fence belong together, so it reads one line at a time and never
 * fails; what a script means is the business of the shell parser.
 */
export interface ShellState {
  /** Open constructs, innermost last: `'`, `"`, a backtick, `(`, `${`, `$'`, or the word that closes a compound. */
  readonly stack: readonly string[];
  readonly heredocs: readonly Heredoc[];
  /** A backslash or operator at the end of the line asks for another one. */
  readonly continued: boolean;
  /** The next line starts where a command word may stand. */
  readonly commandNext: boolean;
}

interface Heredoc {
  readonly word: string;
  /** `<<-`: leading tabs of the body do not count. */
  readonly stripTabs: boolean;
}

export const closedState: ShellState = { stack: [], heredocs: [], continued: false, commandNext: true };

export const goesOn = (state: ShellState): boolean =>
  state.continued || state.stack.length > 0 || state.heredocs.length > 0;

/** True inside a heredoc's body. */
export const inHeredoc = (state: ShellState): boolean => state.heredocs.length > 0 && !isQuote(state.stack.at(-1));

const isQuote = (context: string | undefined): boolean =>
  context === "'" || context === '"' || context === '`' || context === "$'" || context === '${';

const closers: Readonly<Record<string, string>> = {
  if: 'fi',
  case: 'esac',
  for: 'done',
  while: 'done',
  until: 'done',
  select: 'done',
  '{': '}',
};
const opensCommand = new Set(['then', 'do', 'else', 'elif', 'if', 'while', 'until', '{', '!', 'time']);

/** The state after one more line. */
export const nextState = (state: ShellState, line: string): ShellState => {
  if (inHeredoc(state)) {
    const [first, ...rest] = state.heredocs as [Heredoc, ...Heredoc[]];
    const body = first.stripTabs ? line.replace(/^\t+/, '') : line;
    return body === first.word ? { ...state, heredocs: rest } : state;
  }
  if (state === closedState && plainLine.test(line)) return closedState;
  return new LineScanner(state, line).scan();
};

/** Most lines open nothing, and need no look at every character. */
const plainLine = /^(?!\s*(?:if|case|for|while|until|select|function|time)\b)[^'"`\\$(){}<>|&;]*$/;

/** `cleanup()` or `function cleanup` with its body on the next line. */
const opensFunction = /^\s*(?:function\s+[\w-]+(?:\s*\(\s*\))?|[\w-]+\s*\(\s*\))\s*$/;

class LineScanner {
  readonly #line: string;
  readonly #stack: string[];
  readonly #heredocs: Heredoc[];
  #at = 0;
  /** True where a command word may stand. */
  #commandPosition: boolean;
  /** The last thing was `|`, `&&` or `||`. */
  #operator = false;

  constructor(state: ShellState, line: string) {
    this.#line = line;
    this.#stack = [...state.stack];
    this.#heredocs = [...state.heredocs];
    this.#commandPosition = state.commandNext && !isQuote(state.stack.at(-1));
  }

  scan(): ShellState {
    const line = this.#line;
    while (this.#at < line.length) {
      const char = line[this.#at] as string;
      if (char === '\\' && this.#stack.at(-1) !== "'") {
        if (/^\\\s*$/.test(line.slice(this.#at))) return this.#state(true, this.#commandPosition);
        this.#at += 2;
        this.#operator = false;
        this.#commandPosition = false;
        continue;
      }
      if (isQuote(this.#stack.at(-1))) this.#inQuote(char);
      else if (this.#inCommand(char)) break;
    }
    return this.#state(this.#operator || opensFunction.test(line), true);
  }

  #state(continued: boolean, commandNext: boolean): ShellState {
    return { stack: this.#stack, heredocs: this.#heredocs, continued, commandNext };
  }

  #inQuote(char: string): void {
    const quote = this.#stack.at(-1);
    if (quote === "'" || quote === "$'") {
      if (char === "'") this.#stack.pop();
    } else if (quote === '${') {
      if (char === '}') this.#stack.pop();
      else if (char === '"' || char === "'") this.#stack.push(char);
    } else if (char === quote) this.#stack.pop();
    else if (this.#line.startsWith('$(', this.#at)) {
      this.#stack.push('(');
      this.#commandPosition = true;
      this.#at += 1;
    } else if (this.#line.startsWith('${', this.#at)) {
      this.#stack.push('${');
      this.#at += 1;
    }
    this.#at += 1;
  }

  /** One character or word outside quotes; true when the rest of the line is a comment. */
  #inCommand(char: string): boolean {
    const line = this.#line;
    if (/\s/.test(char)) {
      this.#at += 1;
      return false;
    }
    if (char === '#' && (this.#at === 0 || /[\s;&|(]/.test(line[this.#at - 1] as string))) return true;
    if (';&|'.includes(char)) return this.#separator(char);
    if (char === '(' || char === ')') return this.#bracket(char);
    if (char === '<' || char === '>') return this.#redirection();
    if (char === '"' || char === "'" || char === '`') this.#stack.push(char);
    else if (line.startsWith("$'", this.#at)) this.#stack.push("$'");
    else if (line.startsWith('${', this.#at)) this.#stack.push('${');
    else if (line.startsWith('$(', this.#at)) {
      this.#stack.push('(');
      this.#commandPosition = true;
      this.#operator = false;
      this.#at += 2;
      return false;
    } else return this.#word();
    this.#at += line.startsWith("$'", this.#at) || line.startsWith('${', this.#at) ? 2 : 1;
    this.#operator = false;
    this.#commandPosition = false;
    return false;
  }

  #separator(char: string): false {
    const double = this.#line[this.#at + 1] === char;
    this.#operator = char === '|' || (char === '&' && double);
    this.#commandPosition = true;
    this.#at += double ? 2 : 1;
    return false;
  }

  #bracket(char: string): false {
    if (char === '(') this.#stack.push('(');
    else if (this.#stack.at(-1) === '(') this.#stack.pop();
    this.#commandPosition = true;
    this.#operator = false;
    this.#at += 1;
    return false;
  }

  #redirection(): false {
    const heredoc = /^<<(?!<)(-?)\s*(?:'([^']+)'|"([^"]+)"|\\?([A-Za-z_][\w.-]*))/.exec(
      this.#line.slice(this.#at, this.#at + 200),
    );
    if (heredoc !== null) {
      const word = heredoc[2] ?? heredoc[3] ?? (heredoc[4] as string);
      this.#heredocs.push({ word, stripTabs: heredoc[1] === '-' });
      this.#at += heredoc[0].length;
    } else this.#at += this.#line.startsWith('<<<', this.#at) ? 3 : 1;
    this.#operator = false;
    return false;
  }

  #word(): false {
    const pattern = /[^\s;&|()<>"'`$\\]+/y;
    pattern.lastIndex = this.#at;
    const word = pattern.exec(this.#line)?.[0] ?? '$';
    this.#at += word.length;
    this.#operator = false;
    const wasCommand = this.#commandPosition;
    this.#commandPosition = wasCommand && opensCommand.has(word);
    if (!wasCommand) return false;
    if (word === this.#stack.at(-1)) {
      this.#stack.pop();
      return false;
    }
    const closer = closers[word];
    if (closer !== undefined && Object.hasOwn(closers, word)) this.#stack.push(closer);
    return false;
  }
}

/** Constructs open at once; what is deeper is not shell. */
const deepest = 40;

/** Finds the last line of a command among the lines of one block. */
export class CommandEnds {
  readonly #count: number;
  readonly #lineAt: (index: number) => string;
  readonly #isBoundary: (index: number) => boolean;
  /** Lines that may still be read in vain: a block of open quotes must not take quadratic time. */
  #patience = 20_000;

  /** `isBoundary`: a line that begins something else, such as a prompt. */
  constructor(count: number, lineAt: (index: number) => string, isBoundary: (index: number) => boolean = () => false) {
    this.#count = count;
    this.#lineAt = lineAt;
    this.#isBoundary = isBoundary;
  }

  /**
   * End (exclusive) of the command that starts at `from`: the first line after which nothing is open. A construct that
   * never closes is not believed, since it is more often an apostrophe than a quote: then only line ends count.
   */
  after(from: number, until = this.#count): number {
    let state = nextState(closedState, this.#lineAt(from));
    let end = from + 1;
    const most = Math.min(until, from + this.#patience);
    while (goesOn(state) && end < most && state.stack.length <= deepest) {
      if (!inHeredoc(state) && !state.continued && this.#isBoundary(end)) break;
      state = nextState(state, this.#lineAt(end));
      end += 1;
    }
    if (state.stack.length === 0 && state.heredocs.length === 0) return end;
    this.#patience -= end - from;
    return this.#afterContinuations(from, until);
  }

  #afterContinuations(from: number, until: number): number {
    let end = from + 1;
    while (end < until && /(\\|\||&&)\s*$/.test(this.#lineAt(end - 1).slice(-200))) end += 1;
    return end;
  }
}
