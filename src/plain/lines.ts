import { createInterface, type Interface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { type SafeText, safeText } from '../text/safe-text.ts';

/** Lines out, one line in at a time. No cursor movement, no colour. */
export interface Lines {
  print(text?: SafeText): void;
  /** Null at the end of the input. Lines that arrive before they are asked for wait. */
  ask(prompt: SafeText): Promise<string | null>;
  /** The same without showing what is typed, where the terminal allows it. */
  askSecret(prompt: SafeText): Promise<string | null>;
  onInterrupt(handler: () => void): () => void;
  /** Whoever asks, now or later, gets null: the run has ended while somebody was asked. */
  release(): void;
  close(): void;
}

const hush = (stdin: Readable, on: boolean): void => {
  if ('setRawMode' in stdin && typeof stdin.setRawMode === 'function') stdin.setRawMode(on);
};

/** Reads a line in raw mode: nothing is echoed. `given` gets what gives it up. */
const readHidden = (stdin: Readable, given: (giveUp: () => void) => void): Promise<string | null> =>
  new Promise((done) => {
    let text = '';
    hush(stdin, true);
    const finish = (value: string | null): void => {
      stdin.off('data', onData);
      hush(stdin, false);
      done(value);
    };
    given(() => finish(null));
    const onData = (chunk: Buffer): void => {
      for (const char of chunk.toString('utf8')) {
        if (char === '\r' || char === '\n' || char === '\u0003' || char === '\u0004') {
          finish(char === '\r' || char === '\n' ? text : null);
          return;
        }
        text = char === '\u007f' || char === '\b' ? text.slice(0, -1) : text + char;
      }
    };
    stdin.on('data', onData);
    stdin.resume();
  });

/** More is not read before somebody asks: what writes to us may never stop. */
const mostWaiting = 100;

export const createLines = (stdin: Readable & { isTTY?: boolean }, stdout: Writable): Lines => {
  const waiting: string[] = [];
  const askers: ((line: string | null) => void)[] = [];
  const interrupts = new Set<() => void>();
  let ended = false;
  let giveUpHidden = (): void => undefined;
  let reader: Interface | null = null;
  const start = (): Interface => {
    const created = createInterface({ input: stdin, terminal: false });
    created.on('line', (line) => {
      const asker = askers.shift();
      if (asker !== undefined) return asker(line);
      waiting.push(line);
      if (waiting.length >= mostWaiting) created.pause();
    });
    created.on('close', () => {
      if (reader === created) end();
    });
    return created;
  };
  const end = (): void => {
    ended = true;
    for (const asker of askers.splice(0)) asker(null);
  };
  const onSignal = (): void => {
    for (const handler of interrupts) handler();
  };
  process.on('SIGINT', onSignal);
  const print = (text: SafeText = safeText('')): void => void stdout.write(`${text}\n`);
  const next = (): Promise<string | null> => {
    reader ??= start();
    const line = waiting.shift();
    if (!ended && waiting.length < mostWaiting) reader.resume();
    if (line !== undefined) return Promise.resolve(line);
    return ended ? Promise.resolve(null) : new Promise((done) => askers.push(done));
  };
  return {
    print,
    ask: (prompt) => {
      if (prompt !== '') stdout.write(`${prompt} `);
      return next();
    },
    askSecret: async (prompt) => {
      stdout.write(`${prompt} `);
      if (stdin.isTTY !== true) return next();
      const old = reader;
      reader = null;
      old?.close();
      const value = ended ? null : await readHidden(stdin, (giveUp) => (giveUpHidden = giveUp));
      giveUpHidden = () => undefined;
      stdout.write('\n');
      return value;
    },
    onInterrupt: (handler) => {
      interrupts.add(handler);
      return () => interrupts.delete(handler);
    },
    release: () => {
      // What was typed for a run that is over is not for anybody else.
      waiting.length = 0;
      giveUpHidden();
      end();
    },
    close: () => {
      process.off('SIGINT', onSignal);
      const old = reader;
      reader = null;
      old?.close();
      stdin.pause();
    },
  };
};
