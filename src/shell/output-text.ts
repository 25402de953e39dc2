/** A line is shown up to here; the rest of it is in the file only. */
const longestLine = 4096;

/** Lines kept for the screen. */
export const tailLines = 2000;

const cut = (line: string): string => (line.length <= longestLine ? line : `${line.slice(0, longestLine)}…`);

const lastSegment = (line: string): string => line.slice(line.lastIndexOf('\r') + 1);

/** What a terminal would show of a line: of progress written with carriage returns the last state. */
export const shownLine = (line: string): string => cut(lastSegment(line.replace(/\r+$/, '')));

/** Text as it is shown: invalid UTF-8 as U+FFFD, each line as a terminal would leave it. */
export const shownText = (bytes: Uint8Array): string => {
  const text = new TextDecoder().decode(bytes);
  return text.includes('\r') || text.length > longestLine ? text.split('\n').map(shownLine).join('\n') : text;
};

/** A growing output as its last lines. Bounded whatever comes: one endless line keeps its first 4 KiB. */
export interface LineTail {
  push(bytes: Uint8Array): void;
  /** Forgets what it has: bytes were skipped. */
  restart(): void;
  /** Oldest first, the unfinished last line included. */
  lines(): readonly string[];
}

export const createLineTail = (limit: number = tailLines): LineTail => {
  let decoder = new TextDecoder();
  let done: string[] = [];
  let partial = '';
  return {
    push(bytes) {
      const pieces = (partial + decoder.decode(bytes, { stream: true })).split('\n');
      const last = pieces.pop() as string;
      for (const piece of pieces.slice(-limit)) done.push(shownLine(piece));
      if (done.length > limit) done = done.slice(-limit);
      // A carriage return at the very end overwrites nothing yet.
      const ending = last.endsWith('\r') ? '\r' : '';
      partial = lastSegment(last.replace(/\r+$/, '')).slice(0, longestLine + 1) + ending;
    },
    restart() {
      decoder = new TextDecoder();
      done = [];
      partial = '';
    },
    lines() {
      const all = partial === '' ? done : [...done, shownLine(partial)];
      return all.slice(-limit);
    },
  };
};

/** Of a sample: more than one byte in ten is neither text nor an escape sequence. */
export const isMostlyBinary = (sample: Uint8Array): boolean => {
  if (sample.length === 0) return false;
  const text = new TextDecoder().decode(sample);
  let odd = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const control = code < 0x20 && !(code >= 7 && code <= 13) && code !== 0x1b;
    if (control || code === 0xfffd) odd += 1;
  }
  return odd * 10 > text.length;
};

/** The last whole lines within 4 KiB, for the journal. */
export const shortTail = (bytes: Uint8Array): string => {
  const lines = createLineTail();
  lines.push(bytes);
  let text = '';
  for (const line of lines.lines().toReversed()) {
    const longer = text === '' ? line : `${line}\n${text}`;
    if (Buffer.byteLength(longer) > longestLine) return text === '' ? lastBytes(line) : text;
    text = longer;
  }
  return text;
};

const lastBytes = (line: string): string =>
  Buffer.from(line)
    .subarray(-longestLine + 2)
    .toString('utf8')
    .replace(/^\uFFFD+/, '');
