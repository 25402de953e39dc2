const newline = 0x0a;

/** Cuts a stream of bytes at its line breaks. What is kept of an unfinished line is bounded. */
export class ByteLines {
  readonly #maxBytes: number;
  #pieces: Uint8Array[] = [];
  #held = 0;
  #dropped = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Bytes of the line that has not ended yet. */
  get pending(): number {
    return this.#held + this.#dropped;
  }

  /** The lines that end in this chunk; of one that is longer than the bound its beginning, and how much was left off. */
  *push(chunk: Uint8Array): Generator<ByteLine> {
    let from = 0;
    for (let at = chunk.indexOf(newline); at !== -1; at = chunk.indexOf(newline, from)) {
      this.#hold(chunk.subarray(from, at));
      from = at + 1;
      yield this.#take();
    }
    this.#hold(chunk.subarray(from));
  }

  /** What follows the last line break; null = nothing. */
  rest(): ByteLine | null {
    return this.pending === 0 ? null : this.#take();
  }

  #hold(piece: Uint8Array): void {
    const room = this.#maxBytes - this.#held;
    const kept = piece.length > room ? piece.subarray(0, room) : piece;
    if (kept.length > 0) this.#pieces.push(kept);
    this.#held += kept.length;
    this.#dropped += piece.length - kept.length;
  }

  #take(): ByteLine {
    const [only] = this.#pieces;
    const bytes = this.#pieces.length === 1 && only !== undefined ? only : Buffer.concat(this.#pieces, this.#held);
    const line = { bytes, dropped: this.#dropped };
    this.#pieces = [];
    this.#held = 0;
    this.#dropped = 0;
    return line;
  }
}

export interface ByteLine {
  readonly bytes: Uint8Array;
  /** Bytes beyond the bound. */
  readonly dropped: number;
}

export const textOf = ({ bytes }: ByteLine): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
