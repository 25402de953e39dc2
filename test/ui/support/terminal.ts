import { EventEmitter } from 'node:events';
import xterm from '@xterm/headless';

/** Streams of a terminal of a given size, and what a real terminal would show of the bytes. */
export interface FakeTerminal {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  /** Sends one chunk, as a keyboard or a paste would. */
  type(chunk: string): void;
  resize(columns: number, rows: number): void;
  /** All lines of the screen, right ends trimmed. */
  lines(): Promise<readonly string[]>;
  /** Every byte that was written. */
  bytes(): string;
  /** Resolves at the next write. */
  written(): Promise<void>;
  readonly terminal: InstanceType<typeof xterm.Terminal>;
}

class FakeInput extends EventEmitter {
  isTTY = true;
  #chunks: string[] = [];
  setEncoding(): void {}
  setRawMode(): void {}
  resume(): void {}
  pause(): void {}
  ref(): void {}
  unref(): void {}
  read(): string | null {
    return this.#chunks.shift() ?? null;
  }
  push(chunk: string): void {
    this.#chunks.push(chunk);
    this.emit('readable');
  }
}

class FakeOutput extends EventEmitter {
  isTTY = true;
  columns: number;
  rows: number;
  readonly #take: (bytes: string) => void;
  constructor(columns: number, rows: number, take: (bytes: string) => void) {
    super();
    this.columns = columns;
    this.rows = rows;
    this.#take = take;
  }
  write(bytes: string | Uint8Array, encoding?: unknown, done?: unknown): boolean {
    this.#take(typeof bytes === 'string' ? bytes : Buffer.from(bytes).toString('utf8'));
    const callback = typeof encoding === 'function' ? encoding : done;
    if (typeof callback === 'function') queueMicrotask(() => callback());
    return true;
  }
}

export const fakeTerminal = (columns: number, rows: number): FakeTerminal => {
  const terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true, convertEol: true });
  let all = '';
  const waiting: (() => void)[] = [];
  const input = new FakeInput();
  const output = new FakeOutput(columns, rows, (bytes) => {
    all += bytes;
    terminal.write(bytes);
    for (const call of waiting.splice(0)) call();
  });
  return {
    stdin: input as unknown as NodeJS.ReadStream,
    stdout: output as unknown as NodeJS.WriteStream,
    type: (chunk) => input.push(chunk),
    resize: (nextColumns, nextRows) => {
      terminal.resize(nextColumns, nextRows);
      output.columns = nextColumns;
      output.rows = nextRows;
      output.emit('resize');
    },
    lines: () =>
      new Promise((resolve) => {
        terminal.write('', () => {
          const { active } = terminal.buffer;
          resolve(
            Array.from(
              { length: terminal.rows },
              (_, i) => active.getLine(active.baseY + i)?.translateToString(true) ?? '',
            ),
          );
        });
      }),
    bytes: () => all,
    written: () => new Promise((resolve) => waiting.push(resolve)),
    terminal,
  };
};

/** Looks after every write until the screen fulfils `wanted`; fails with the screen as it was. */
export const until = async (
  terminal: FakeTerminal,
  wanted: (screen: string) => boolean,
  what: string,
): Promise<readonly string[]> => {
  let late = false;
  let giveUp: () => void = () => undefined;
  const patience = new Promise<void>((resolve) => {
    giveUp = resolve;
  });
  const timer = setTimeout(() => {
    late = true;
    giveUp();
  }, 10_000);
  try {
    for (;;) {
      const next = terminal.written();
      const lines = await terminal.lines();
      if (wanted(lines.join('\n'))) return lines;
      if (late) throw new Error(`never seen: ${what}\n${lines.join('\n')}`);
      await Promise.race([next, patience]);
    }
  } finally {
    clearTimeout(timer);
  }
};
