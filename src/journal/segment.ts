import type { Recorded } from '../session/events.ts';
import { recorded } from './check-lines.ts';
import type { JournalFile } from './file-layer.ts';
import { encodeLine, type LineFields, maxLineBytes } from './line.ts';
import { storeData } from './stored-data.ts';

/** Where a file's chain stands: hash of its last line, number of the next, length in bytes. */
export interface ChainPosition {
  readonly head: string;
  readonly next: number;
  readonly bytes: number;
}

/** A write that did not happen: the file is as it was before (`clean`), or nobody knows (`clean` false). */
export class WriteFailure extends Error {
  readonly clean: boolean;
  readonly full: boolean;
  /** Only a part of the line was taken: how a disk without room answers a write that crosses into a new block. */
  readonly short: boolean;

  constructor(cause: unknown, clean: boolean) {
    const code = (cause as NodeJS.ErrnoException).code;
    super(code ?? String(cause), { cause });
    this.clean = clean;
    this.short = code === shortWrite;
    this.full = code === 'ENOSPC' || code === 'EDQUOT' || this.short;
  }
}

const shortWrite = 'short write';

/** One journal file being written: lines go out whole, and count once the disk has confirmed them. */
export class Segment {
  readonly dir: string;
  readonly #file: JournalFile;
  #durable: ChainPosition;
  #written: ChainPosition;

  constructor(dir: string, file: JournalFile, position: ChainPosition) {
    this.dir = dir;
    this.#file = file;
    this.#durable = position;
    this.#written = position;
  }

  /** What the disk has confirmed. */
  get position(): ChainPosition {
    return this.#durable;
  }

  /**
   * Writes one line with one system call; `sync` must follow. A failed or short write is cut away again and tried once
   * more (not when the disk says that it is full). Throws `WriteFailure`.
   */
  async write(fields: Omit<LineFields, 'seq'>): Promise<Recorded> {
    const { head, next, bytes } = this.#written;
    const numbered = { ...fields, seq: next };
    const line = await this.#encoded(head, numbered);
    try {
      await this.#writeWhole(line.bytes);
    } catch (error) {
      if (!(error instanceof WriteFailure) || !error.clean || (error.full && !error.short)) throw error;
      await this.#writeWhole(line.bytes);
    }
    this.#written = { head: line.h, next: next + 1, bytes: bytes + line.bytes.length };
    return recorded(numbered, fields.data, line.h);
  }

  /** Makes everything written durable. Throws what the disk said; then this file must not be used any more. */
  async sync(): Promise<void> {
    const written = this.#written;
    await this.#file.datasync();
    this.#durable = written;
  }

  close(): Promise<void> {
    return this.#file.close();
  }

  async #encoded(head: string, fields: LineFields): Promise<{ readonly bytes: Buffer; readonly h: string }> {
    const line = encodeLine(head, fields);
    if (line.bytes.length <= maxLineBytes) return line;
    try {
      return encodeLine(head, { ...fields, data: await storeData(this.dir, JSON.stringify(fields.data)) });
    } catch (error) {
      throw new WriteFailure(error, true);
    }
  }

  async #writeWhole(bytes: Buffer): Promise<void> {
    const from = this.#written.bytes;
    try {
      const taken = await this.#file.write(bytes, from);
      if (taken === bytes.length) return;
      throw Object.assign(new Error(shortWrite), { code: shortWrite });
    } catch (error) {
      const clean = await this.#file.truncate(from).then(
        () => true,
        () => false,
      );
      throw new WriteFailure(error, clean);
    }
  }
}
