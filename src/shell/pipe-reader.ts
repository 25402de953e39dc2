import { Socket } from 'node:net';

export interface PipeReader {
  /** All writers are gone. */
  readonly closed: boolean;
  readonly whenClosed: Promise<void>;
  /** When bytes came last, by `performance.now()`. */
  readonly lastRead: number;
  /** Goes on reading and forgets what it reads, so that whoever still writes is not stopped. */
  discard(): void;
  destroy(): void;
}

/** Reads a non-blocking pipe into one buffer, always the same; the bytes are in `target` during `received` only. */
export const readPipe = (fd: number, target: Buffer, received: (length: number) => void): PipeReader => {
  let closed = false;
  let lastRead = performance.now();
  let take = received;
  const socket = new Socket({
    fd,
    readable: true,
    writable: false,
    onread: {
      buffer: target,
      callback(length) {
        lastRead = performance.now();
        take(length);
        return true;
      },
    },
  });
  const whenClosed = new Promise<void>((resolve) => {
    socket.once('close', () => {
      closed = true;
      resolve();
    });
  });
  socket.on('error', () => socket.destroy());
  socket.resume();
  return {
    get closed() {
      return closed;
    },
    whenClosed,
    get lastRead() {
      return lastRead;
    },
    discard() {
      take = () => undefined;
    },
    destroy: () => socket.destroy(),
  };
};
