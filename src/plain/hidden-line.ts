import type { Readable } from 'node:stream';

const hush = (stdin: Readable, on: boolean): void => {
  if ('setRawMode' in stdin && typeof stdin.setRawMode === 'function') stdin.setRawMode(on);
};

/** Reads a line in raw mode: nothing is echoed. `given` gets what gives it up. */
export const readHidden = (stdin: Readable, given: (giveUp: () => void) => void): Promise<string | null> =>
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
