import { execa } from 'execa';
import type { Environment } from './environment.ts';
import { signalProcess } from './processes.ts';

export interface BoundedOptions {
  readonly file: string;
  readonly args: readonly string[];
  readonly environment: Environment;
  readonly cwd: string;
  /** Null = closed. */
  readonly input: string | null;
  readonly timeoutMs: number;
  readonly limitBytes: number;
}

export interface BoundedResult {
  /** Null when a signal ended it, or the time limit did. */
  readonly exit: number | null;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
  readonly timedOut: boolean;
  /** There is no such program. */
  readonly missing: boolean;
  /** More was written than the limit; it was read and dropped. */
  readonly truncated: boolean;
}

const collect = (stream: NodeJS.ReadableStream | null | undefined, limit: number) => {
  const parts: Buffer[] = [];
  let size = 0;
  stream?.on('data', (chunk: Buffer) => {
    if (size < limit) parts.push(chunk.subarray(0, limit - size));
    size += chunk.length;
  });
  return { bytes: () => Buffer.concat(parts), truncated: () => size > limit };
};

/** Runs a short program of which we want the answer only. At the time limit its whole process group is killed. */
export const runBounded = async (options: BoundedOptions): Promise<BoundedResult> => {
  const child = execa(options.file, options.args, {
    cwd: options.cwd,
    env: { ...options.environment },
    extendEnv: false,
    ...(options.input === null ? { stdin: 'ignore' as const } : { input: options.input }),
    stdout: 'pipe',
    stderr: 'pipe',
    detached: true,
    buffer: false,
    reject: false,
    verbose: 'none',
  });
  const stdout = collect(child.stdout, options.limitBytes);
  const stderr = collect(child.stderr, options.limitBytes);
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    if (child.pid !== undefined) signalProcess(-child.pid, 'SIGKILL');
    // A descendant that left the group may still hold the pipes.
    child.stdout?.destroy();
    child.stderr?.destroy();
  }, options.timeoutMs);
  const result = await child;
  clearTimeout(timer);
  return {
    exit: timedOut || child.pid === undefined ? null : (result.exitCode ?? null),
    stdout: stdout.bytes(),
    stderr: stderr.bytes(),
    timedOut,
    missing: child.pid === undefined && result.code === 'ENOENT',
    truncated: stdout.truncated() || stderr.truncated(),
  };
};
