import type { Readable, Writable } from 'node:stream';
import { type SafeText, safeText } from '../text/safe-text.ts';
import { readHidden } from './hidden-line.ts';
import { LineQueue } from './line-queue.ts';

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

export const createLines = (stdin: Readable & { isTTY?: boolean }, stdout: Writable): Lines => {
  const queue = new LineQueue(stdin);
  const interrupts = new Set<() => void>();
  let giveUpHidden = (): void => undefined;
  const onSignal = (): void => {
    for (const handler of interrupts) handler();
  };
  process.on('SIGINT', onSignal);
  const print = (text: SafeText = safeText('')): void => void stdout.write(`${text}\n`);
  return {
    print,
    ask: (prompt) => {
      if (prompt !== '') stdout.write(`${prompt} `);
      return queue.next();
    },
    askSecret: async (prompt) => {
      stdout.write(`${prompt} `);
      if (stdin.isTTY !== true) return queue.next();
      queue.letGo();
      const value = queue.ended ? null : await readHidden(stdin, (giveUp) => (giveUpHidden = giveUp));
      giveUpHidden = () => undefined;
      stdout.write('\n');
      return value;
    },
    onInterrupt: (handler) => {
      interrupts.add(handler);
      return () => interrupts.delete(handler);
    },
    release: () => {
      giveUpHidden();
      queue.end();
    },
    close: () => {
      process.off('SIGINT', onSignal);
      queue.letGo();
      stdin.pause();
    },
  };
};
