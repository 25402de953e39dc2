import * as pty from '@lydell/node-pty';
import xterm from '@xterm/headless';

export interface TerminalOptions {
  readonly columns?: number;
  readonly rows?: number;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

const keys: Readonly<Record<string, string>> = {
  Enter: '\r',
  Esc: '\u001b',
  Space: ' ',
  Tab: '\t',
  Up: '\u001b[A',
  Down: '\u001b[B',
  PgDn: '\u001b[6~',
  PgUp: '\u001b[5~',
  Backspace: '\u007f',
  'Ctrl-C': '\u0003',
  'Ctrl-D': '\u0004',
  'Ctrl-S': '\u0013',
};

const patience = 15_000;

/**
 * A program in a real pty with a real terminal emulator in front of it. Everything waits for what a person would see;
 * the screen is the emulator's, so a control sequence that got through would show.
 */
export class Terminal {
  readonly pid: number;
  private readonly child: pty.IPty;
  private readonly screen: InstanceType<typeof xterm.Terminal>;
  private readonly changed = new Set<() => void>();
  private exitCode: number | null = null;
  /** What was on the screen when it last changed its words (clocks aside), and when that or the last key was. */
  private settled = { text: '', at: 0 };
  /** Everything the program wrote, for what must never be written. */
  raw = '';
  /** Every title the window has had. */
  readonly titles: string[] = [];
  bells = 0;
  /** What reached the clipboard (OSC 52), decoded. */
  readonly clipboard: string[] = [];

  constructor(file: string, args: readonly string[], { columns = 100, rows = 30, cwd, env }: TerminalOptions) {
    this.screen = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true, scrollback: 1000 });
    this.screen.onTitleChange((title) => {
      this.titles.push(title);
    });
    this.screen.onBell(() => {
      this.bells += 1;
    });
    this.screen.parser.registerOscHandler(52, (data) => {
      this.clipboard.push(Buffer.from(data.slice(data.indexOf(';') + 1), 'base64').toString('utf8'));
      return true;
    });
    this.child = pty.spawn(file, [...args], {
      name: env.TERM ?? 'xterm-256color',
      cols: columns,
      rows,
      cwd,
      env: { ...env },
    });
    this.pid = this.child.pid;
    this.screen.onData((answer) => this.child.write(answer));
    this.child.onData((data) => {
      this.raw += data;
      this.screen.write(data, () => this.announce());
    });
    this.child.onExit(({ exitCode }) => {
      this.exitCode = exitCode;
      this.announce();
    });
  }

  /** Half a frame has come: what is on the screen is of two frames. */
  private get isDrawing(): boolean {
    return this.raw.lastIndexOf('\u001b[?2026h') > this.raw.lastIndexOf('\u001b[?2026l') && this.exitCode === null;
  }

  private announce(): void {
    if (this.isDrawing) return;
    const text = this.text().replace(/\d+:\d\d(:\d\d)?|\d+ s\b|[█░]+/g, '');
    if (text !== this.settled.text) this.settled = { text, at: performance.now() };
    for (const listener of [...this.changed]) listener();
  }

  /** The visible lines, right-trimmed. */
  lines(): readonly string[] {
    const buffer = this.screen.buffer.active;
    return Array.from(
      { length: this.screen.rows },
      // What was right of the edge before the window shrank is still in the buffer.
      (_, y) => buffer.getLine(buffer.viewportY + y)?.translateToString(true, 0, this.screen.cols) ?? '',
    );
  }

  text(): string {
    return this.lines().join('\n');
  }

  /** Cells with their colours, for pictures. */
  get emulator(): InstanceType<typeof xterm.Terminal> {
    return this.screen;
  }

  get title(): string {
    return this.titles.at(-1) ?? '';
  }

  until(holds: () => boolean, what: string, limit = patience): Promise<this> {
    return new Promise((done, fail) => {
      const end = (): void => {
        clearTimeout(timer);
        this.changed.delete(check);
      };
      const check = (): void => {
        if (this.isDrawing || !holds()) return;
        end();
        done(this);
      };
      const timer = setTimeout(() => {
        end();
        fail(
          new Error(
            `never ${what}; the screen${this.exitCode === null ? '' : ` (exit ${this.exitCode})`}:\n${this.text()}`,
          ),
        );
      }, limit);
      this.changed.add(check);
      check();
    });
  }

  sees(text: string | RegExp, limit?: number): Promise<this> {
    return this.until(
      () => (typeof text === 'string' ? this.text().includes(text) : text.test(this.text())),
      `saw ${text}`,
      limit,
    );
  }

  seesNot(text: string, limit?: number): Promise<this> {
    return this.until(() => !this.text().includes(text), `lost ${text}`, limit);
  }

  /** One key after the other, each by its name (`Enter`, `j`). A screen that has just changed its meaning is given time to be read. */
  async presses(...names: readonly string[]): Promise<this> {
    for (const name of names) {
      await this.rests();
      this.sends(keys[name] ?? name);
    }
    return this;
  }

  /** Bytes in one piece, at once: a burst of keys, a held key, a paste into a terminal without bracketed paste. */
  sends(bytes: string): this {
    this.settled.at = performance.now();
    this.child.write(bytes);
    return this;
  }

  /** A key that is held down: pressed once, and repeated as a keyboard does it, after 300 ms about 30 times a second. */
  async holds(name: string, repeats = 10): Promise<this> {
    await this.presses(name);
    for (let i = 0; i < repeats; i += 1) {
      await new Promise((done) => setTimeout(done, i === 0 ? 300 : 33));
      this.sends(keys[name] ?? name);
    }
    return this;
  }

  /** Text as a terminal with bracketed paste hands it over. */
  pastes(text: string): this {
    return this.sends(`\u001b[200~${text}\u001b[201~`);
  }

  async types(text: string): Promise<this> {
    await this.rests();
    for (const char of text) this.sends(char);
    return this;
  }

  /** Until the screen has kept its words for longer than the guard against keys for a changed screen (400 ms). */
  async rests(): Promise<this> {
    const limit = performance.now() + 3_000;
    for (;;) {
      const now = performance.now();
      const wait = Math.min(this.settled.at + 415, limit) - now;
      if (wait <= 0) return this;
      await new Promise((done) => setTimeout(done, wait));
    }
  }

  resize(columns: number, rows: number): this {
    this.child.resize(columns, rows);
    this.screen.resize(columns, rows);
    return this;
  }

  /** The window is closed: the pty goes away under everything that runs in it. */
  hangUp(): void {
    (this.child as pty.IPty & { destroy(): void }).destroy();
  }

  kill(signal = 'SIGKILL'): void {
    if (this.exitCode === null) this.child.kill(signal);
  }

  async exits(limit = patience): Promise<number> {
    await this.until(() => this.exitCode !== null, 'ended', limit);
    return this.exitCode ?? -1;
  }

  close(): void {
    this.kill();
    this.screen.dispose();
  }
}
