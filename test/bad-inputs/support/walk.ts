import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { onTestFinished } from 'vitest';
import type { Workspace } from '../../support/workspace.ts';

const patience = 20_000;

/** A gonogo in plain mode that goes on while the test looks, types and kills. */
export class Walk {
  readonly process: ChildProcess;
  out = '';
  private seen = 0;
  private readonly changed = new Set<() => void>();
  private readonly ended: Promise<unknown>;

  constructor(place: Workspace, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    this.process = place.spawn(args, env);
    for (const stream of [this.process.stdout, this.process.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.out += text;
        for (const look of [...this.changed]) look();
      });
    this.ended = once(this.process, 'close').then(() => {
      for (const look of [...this.changed]) look();
    });
    onTestFinished(async () => {
      this.kill();
      await this.ended;
    });
  }

  get pid(): number {
    return this.process.pid as number;
  }

  /** Waits for something beside the program's words: a file that its command writes. */
  async until(holds: () => boolean): Promise<this> {
    const last = Date.now() + patience;
    while (!holds()) {
      if (Date.now() > last) throw new Error(`it never came:\n${this.out}`);
      await new Promise((done) => setTimeout(done, 20));
    }
    return this;
  }

  /** Waits for a text that comes after those seen before. */
  sees(text: string): Promise<this> {
    return new Promise((done, fail) => {
      const stop = (): void => {
        clearTimeout(timer);
        this.changed.delete(look);
      };
      const look = (): void => {
        const at = this.out.indexOf(text, this.seen);
        if (at !== -1) {
          this.seen = at + text.length;
          stop();
          done(this);
        } else if (this.process.exitCode !== null || this.process.signalCode !== null) {
          stop();
          fail(new Error(`it ended without ${JSON.stringify(text)}:\n${this.out}`));
        }
      };
      const timer = setTimeout(() => {
        stop();
        fail(new Error(`never saw ${JSON.stringify(text)}:\n${this.out}`));
      }, patience);
      this.changed.add(look);
      look();
    });
  }

  types(line: string): this {
    this.process.stdin?.write(`${line}\n`);
    return this;
  }

  kill(signal: NodeJS.Signals = 'SIGKILL'): void {
    if (this.process.exitCode === null) this.process.kill(signal);
  }

  async exits(): Promise<number | null> {
    await this.ended;
    return this.process.exitCode;
  }
}
