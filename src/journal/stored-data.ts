import { hash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { writeDurably } from './durable-file.ts';
import { runFiles } from './runs-directory.ts';

/** Stands in a line for event data too long for it. `length` in bytes of the file `data/<sha256>`. */
export interface StoredData {
  readonly $stored: { readonly sha256: string; readonly length: number };
}

/** Writes event data to a file of the run's folder, durably, and returns what the line says instead. */
export const storeData = async (dir: string, json: string): Promise<StoredData> => {
  const bytes = Buffer.from(json, 'utf8');
  const sha256 = hash('sha256', bytes, 'hex');
  const folder = join(dir, runFiles.data);
  const path = join(folder, sha256);
  if (!existsSync(path)) {
    await mkdir(folder, { mode: 0o700, recursive: true });
    await writeDurably(path, bytes);
  }
  return { $stored: { sha256, length: bytes.length } };
};

const isStored = (data: unknown): data is StoredData =>
  typeof (data as Partial<StoredData>).$stored?.sha256 === 'string' &&
  /^[0-9a-f]{64}$/.test((data as StoredData).$stored.sha256);

export type ResolvedData =
  | { readonly kind: 'data'; readonly data: unknown }
  | { readonly kind: 'bad'; readonly because: string };

/** The event data itself, read back from its file where the line only refers to it. */
export const resolveData = (dir: string, data: unknown): ResolvedData => {
  if (!isStored(data)) return { kind: 'data', data };
  const { sha256, length } = data.$stored;
  try {
    const bytes = readFileSync(join(dir, runFiles.data, sha256));
    if (bytes.length !== length || hash('sha256', bytes, 'hex') !== sha256) {
      return { kind: 'bad', because: `the file data/${sha256} it refers to was changed` };
    }
    return { kind: 'data', data: JSON.parse(bytes.toString('utf8')) };
  } catch {
    return { kind: 'bad', because: `the file data/${sha256} it refers to cannot be read` };
  }
};
