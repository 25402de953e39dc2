import { createInterface, type Interface } from 'node:readline';
import type { Readable } from 'node:stream';

/** More is not read before somebody asks: what writes to us may never stop. */
const mostWaiting = 100;

/** Lines of an input, one for each that is asked for; those that come early wait. */
export class LineQueue {
  readonly #stdin: Readable;
  readonly #waiting: string[] = [];
  readonly #askers: ((line: string | null) => void)[] = [];
  #reader: Interface | null = null;
  #ended = false;

  constructor(stdin: Readable) {
    this.#stdin = stdin;
  }

  /** True at the end of the input, and once nothing may be asked any more. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Null when there are no more. */
  next(): Promise<string | null> {
    this.#reader ??= this.#start();
    const line = this.#waiting.shift();
    if (!this.#ended && this.#waiting.length < mostWaiting) this.#reader.resume();
    if (line !== undefined) return Promise.resolve(line);
    return this.#ended ? Promise.resolve(null) : new Promise((done) => this.#askers.push(done));
  }

  /** Lets somebody else read the input, until the next line is asked for. */
  letGo(): void {
    const old = this.#reader;
    this.#reader = null;
    old?.close();
  }

  /** Whoever asks, now or later, gets null. What was typed for a run that is over is not for anybody else. */
  end(): void {
    this.#waiting.length = 0;
    this.#end();
  }

  #end(): void {
    this.#ended = true;
    for (const asker of this.#askers.splice(0)) asker(null);
  }

  #start(): Interface {
    const created = createInterface({ input: this.#stdin, terminal: false });
    created.on('line', (line) => {
      const asker = this.#askers.shift();
      if (asker !== undefined) return asker(line);
      this.#waiting.push(line);
      if (this.#waiting.length >= mostWaiting) created.pause();
    });
    created.on('close', () => {
      if (this.#reader === created) this.#end();
    });
    return created;
  }
}
