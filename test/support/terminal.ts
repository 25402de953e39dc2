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
  /** Everything the program wrote, for what must never be written. */
  raw = '';
  title = '';
  bells = 0;

  constructor(file: string, args: readonly string[], { columns = 100, rows = 30, cwd, env }: TerminalOptions) {
    this.screen = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true, scrollback: 1000 });
    this.screen.onTitleChange((title) => {
      this.title = title;
    });
    this.screen.onBell(() => {
      this.bells += 1;
    });
    this.child = pty.spawn(file, [...args], { name: 'xterm-256color', cols: columns, rows, cwd, env: { ...env } });
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

  private announce(): void {
    for (const listener of [...this.changed]) listener();
  }

  /** The visible lines, right-trimmed. */
  lines(): readonly string[] {
    const buffer = this.screen.buffer.active;
    return Array.from(
      { length: this.screen.rows },
      (_, y) => buffer.getLine(buffer.viewportY + y)?.translateToString(true) ?? '',
    );
  }

  text(): string {
    return this.lines().join('\n');
  }

  /** Cells with their colours, for pictures. */
  get emulator(): InstanceType<typeof xterm.Terminal> {
    return this.screen;
  }

  until(holds: () => boolean, what: string, limit = patience): Promise<this> {
    return new Promise((done, fail) => {
      const end = (): void => {
        clearTimeout(timer);
        this.changed.delete(check);
      };
      const check = (): void => {
        if (!holds()) return;
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
      await this.quiet();
      this.child.write(keys[name] ?? name);
    }
    return this;
  }

  /** Text as fast as a person pastes it: in one piece. */
  pastes(text: string): this {
    this.child.write(text);
    return this;
  }

  async types(text: string): Promise<this> {
    await this.quiet();
    for (const char of text) this.child.write(char);
    return this;
  }

  /** Until nothing has been drawn for a while longer than the guard against keys for a changed screen (400 ms). */
  private quiet(): Promise<void> {
    return new Promise((done) => {
      let timer = setTimeout(finish, 450);
      let last = this.text();
      const restart = (): void => {
        const now = this.text().replace(/\d+:\d\d(:\d\d)?/g, '');
        if (now === last) return;
        last = now;
        clearTimeout(timer);
        timer = setTimeout(finish, 450);
      };
      const overall = setTimeout(finish, 3_000);
      const { changed } = this;
      function finish(): void {
        clearTimeout(timer);
        clearTimeout(overall);
        changed.delete(restart);
        done();
      }
      this.changed.add(restart);
    });
  }

  resize(columns: number, rows: number): this {
    this.child.resize(columns, rows);
    this.screen.resize(columns, rows);
    return this;
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
