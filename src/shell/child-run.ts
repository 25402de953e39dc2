import { closeSync, constants, openSync, rmSync } from 'node:fs';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { execa } from 'execa';
import type { ExecSpec } from '../session/exec-spec.ts';
import type { AttemptPaths } from './attempt-files.ts';
import type { Environment } from './environment.ts';
import { makeFifos, openInputPipe, openPipe } from './fifo.ts';
import { createMaskStream, type Masker } from './masker.ts';
import type { OutputMeter } from './output-meter.ts';
import { type PipeReader, readPipe } from './pipe-reader.ts';
import { type CapturedEnvironment, canCarry, parseCaptured, shellArguments } from './shell-wrapper.ts';

export interface ChildOptions {
  readonly spec: ExecSpec;
  readonly paths: AttemptPaths;
  readonly environment: Environment;
  readonly cwd: string;
  readonly stdin: string | null;
  readonly masker: Masker | null;
  /** Null when the command has the terminal. */
  readonly meter: OutputMeter | null;
  /** Path of `env`; null when there is none, and nothing is handed on then. */
  readonly envPath: string | null;
}

export interface ChildEnd {
  readonly exit: number | null;
  readonly signal: string | null;
  /** The shell itself could not be started. */
  readonly missing: boolean;
  readonly startedAt: number;
  readonly endedAt: number;
}

export interface ChildRun {
  /** Null when the shell could not be started. */
  readonly pid: number | null;
  readonly ended: Promise<ChildEnd>;
  /** Output pipes; they may outlive the command in the hands of its descendants. */
  readonly readers: readonly PipeReader[];
  /** What stdout gave, with `capture` set; longer output is cut at the limit plus one byte. */
  stdout(): Buffer;
  /** Environment and folder at the end of the shell; null when it did not say. */
  environment(): CapturedEnvironment | null;
  /** Masks and keeps what was held back, and stops listening. Readers that are still open go on and forget. */
  finish(): void;
}

/** Longest value that `capture` takes. */
export const captureLimit = 32 << 10;

/** More is no environment that a program could be started with. */
const environmentLimit = 4 << 20;

/** execa takes any file descriptor, its types only one digit. */
type Descriptor = 3 | 4 | 5 | 6 | 7 | 8 | 9;

interface Channels {
  readonly stdin: Descriptor | 'ignore' | 'inherit';
  readonly stdout: Descriptor | 'inherit';
  readonly stderr: Descriptor | 'inherit';
  /** Ends of pipes that are the child's alone once it runs. */
  readonly ours: readonly number[];
}

/** Starts the command in a process group of its own, or on this terminal. */
export const startChild = (options: ChildOptions): ChildRun => {
  const { spec, paths, meter } = options;
  const carries = canCarry(spec) && options.envPath !== null;
  const names = {
    out: join(paths.folder, 'out.fifo'),
    err: join(paths.folder, 'err.fifo'),
    in: join(paths.folder, 'in.fifo'),
    env: join(paths.folder, 'env.fifo'),
  };
  const wanted = [
    ...(meter === null ? [] : [names.out]),
    ...(meter !== null && spec.capture !== null ? [names.err] : []),
    ...(options.stdin === null ? [] : [names.in]),
    ...(carries ? [names.env] : []),
  ];
  for (const path of wanted) rmSync(path, { force: true });
  if (wanted.length > 0) makeFifos(wanted);

  const listening = listenToOutput(options, names);
  const environment = carries ? collectEnvironment(names.env) : null;
  const input = options.stdin === null ? null : openInputPipe(names.in);
  const channels: Channels = {
    stdin: (input?.read as Descriptor | undefined) ?? (meter === null ? 'inherit' : 'ignore'),
    stdout: listening.stdout ?? 'inherit',
    stderr: listening.stderr ?? 'inherit',
    ours: [input?.read, ...new Set([listening.stdout, listening.stderr])].filter(
      (fd) => fd !== undefined && fd !== null,
    ),
  };
  const capture = carries ? { fifo: names.env, reader: process.pid, env: options.envPath as string } : null;
  const run = spawnShell(options, shellArguments(spec, paths.script, capture), channels);
  if (input !== null) feed(input.write, options.stdin as string);
  return {
    ...run,
    readers: listening.readers,
    stdout: listening.captured,
    environment: () => environment?.parsed() ?? null,
    finish() {
      listening.finish();
      environment?.close();
      rmSync(names.env, { force: true });
    },
  };
};

const spawnShell = (
  options: ChildOptions,
  args: readonly string[],
  channels: Channels,
): Pick<ChildRun, 'pid' | 'ended'> => {
  const startedAt = Date.now();
  const child = execa(options.spec.shell, args, {
    cwd: options.cwd,
    env: { ...options.environment },
    extendEnv: false,
    stdin: channels.stdin,
    stdout: channels.stdout,
    stderr: channels.stderr,
    detached: options.meter !== null,
    cleanup: false,
    buffer: false,
    reject: false,
    verbose: 'none',
  });
  for (const fd of channels.ours) closeSync(fd);
  const ended = child.then((result): ChildEnd => {
    const missing = child.pid === undefined;
    return {
      exit: missing ? 127 : (result.exitCode ?? null),
      signal: result.signal ?? null,
      missing,
      startedAt,
      endedAt: Date.now(),
    };
  });
  return { pid: child.pid ?? null, ended };
};

const listenToOutput = (options: ChildOptions, names: { readonly out: string; readonly err: string }) => {
  const { spec, meter, masker } = options;
  const readers: PipeReader[] = [];
  const taken: Buffer[] = [];
  let takenBytes = 0;
  const ends: (() => void)[] = [];
  const listen = (path: string, keep: boolean, to: OutputMeter): Descriptor => {
    const pipe = openPipe(path);
    const stream = createMaskStream(masker, to.write);
    ends.push(stream.end);
    const reader = readPipe(pipe.read, stream.target, (length) => {
      if (keep && takenBytes <= captureLimit) {
        taken.push(Buffer.from(stream.target.subarray(0, length)));
        takenBytes += length;
      }
      stream.received(length);
      to.received(length);
    });
    readers.push(reader);
    return pipe.write as Descriptor;
  };
  const stdout = meter === null ? null : listen(names.out, spec.capture !== null, meter);
  const stderr = meter === null || spec.capture === null ? stdout : listen(names.err, false, meter);
  return {
    stdout,
    stderr,
    readers,
    captured: () => Buffer.concat(taken),
    finish() {
      for (const reader of readers) reader.discard();
      for (const end of ends) end();
      // What the masks held back is read again by what is expected of the output.
      meter?.received(0);
    },
  };
};

/** Reads the pipe all the time: an environment larger than a pipe must not keep the shell from ending. */
const collectEnvironment = (path: string) => {
  const parts: Buffer[] = [];
  let size = 0;
  const target = Buffer.allocUnsafeSlow(65_536);
  // Open for writing too, so that it does not end before the shell has opened it.
  const reader = readPipe(openSync(path, constants.O_RDWR | constants.O_NONBLOCK), target, (length) => {
    size += length;
    if (size <= environmentLimit) parts.push(Buffer.from(target.subarray(0, length)));
  });
  return { parsed: () => parseCaptured(Buffer.concat(parts)), close: () => reader.destroy() };
};

/** A command that does not read its input is no error. */
const feed = (fd: number, text: string): void => {
  const socket = new Socket({ fd, readable: false, writable: true });
  socket.on('error', () => socket.destroy());
  socket.end(text);
  socket.unref();
};
