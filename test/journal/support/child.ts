import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { onTestFinished } from 'vitest';

const program = new URL('./append-loop.ts', import.meta.url).pathname;

export interface AppendingChild {
  readonly process: ChildProcess;
  readonly pid: number;
  /** Resolves at the n-th whole line of its output (the first one is `open`). */
  said(lines: number): Promise<void>;
  /** Whole lines so far. */
  lines(): readonly string[];
  /** Resolves when it has ended and its output is read. */
  readonly ended: Promise<void>;
}

/** Starts the append loop on a run; it is killed after the test if it still lives. */
export const startChild = (dir: string, ...args: readonly string[]): AppendingChild => {
  const child = spawn(process.execPath, [program, dir, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  const waiting = new Set<() => void>();
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
    for (const look of waiting) look();
  });
  const ended = once(child, 'close').then(() => {
    for (const look of waiting) look();
  });
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  const lines = (): readonly string[] => text.split('\n').slice(0, -1);
  const said = (wanted: number): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (lines().length >= wanted) resolve();
        else if (child.exitCode !== null || child.signalCode !== null) reject(new Error(`child ended early: ${text}`));
      };
      waiting.add(look);
      look();
    });
  return { process: child, pid: child.pid as number, said, lines, ended };
};
