import { spawnSync } from 'node:child_process';
import { closeSync, constants, openSync, rmSync } from 'node:fs';

/**
 * Makes named pipes, private to the user. Node gives its children sockets, on which a script's `> /dev/stderr` and
 * `tee /dev/stdout` fail with ENXIO; a pipe is what they expect.
 */
export const makeFifos = (paths: readonly string[]): void => {
  const made = spawnSync('mkfifo', ['-m', '600', ...paths], {
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
    // The operator's PATH may be bent to some purpose; what runs the commands must not depend on it.
    env: { ...process.env, PATH: `${process.env.PATH ?? ''}:/usr/bin:/bin` },
  });
  if (made.status !== 0) throw new Error(`mkfifo failed: ${made.error?.message ?? made.stderr.trim()}`);
};

export interface Pipe {
  /** Non-blocking. */
  readonly read: number;
  readonly write: number;
}

/** Opens both ends of a named pipe and removes its name. */
export const openPipe = (path: string): Pipe => {
  const read = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    return { read, write: openSync(path, constants.O_WRONLY) };
  } catch (error) {
    closeSync(read);
    throw error;
  } finally {
    rmSync(path, { force: true });
  }
};

/** The reverse, for what we write and a child reads: the write end does not block, the read end does. */
export const openInputPipe = (path: string): Pipe => {
  const both = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
  try {
    const read = openSync(path, constants.O_RDONLY);
    return { read, write: openSync(path, constants.O_WRONLY | constants.O_NONBLOCK) };
  } finally {
    closeSync(both);
    rmSync(path, { force: true });
  }
};
