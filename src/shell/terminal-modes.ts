import { spawnSync } from 'node:child_process';

const stty = (args: readonly string[]): string | null => {
  const result = spawnSync('stty', args, { stdio: ['inherit', 'pipe', 'ignore'], encoding: 'utf8' });
  return result.status === 0 ? result.stdout.trim() : null;
};

/** Remembers the modes of the terminal on stdin and gives a function that sets them again; without a terminal it does nothing. */
export const keepTerminal = (): (() => void) => {
  const modes = process.stdin.isTTY === true ? stty(['-g']) : null;
  return () => {
    if (modes !== null) stty([modes]);
  };
};

/** Keeps Ctrl-C and Ctrl-\ from ending us while they are meant for the command in the same foreground group. */
export const ignoreTerminalSignals = (): (() => void) => {
  const ignore = (): void => undefined;
  const signals = ['SIGINT', 'SIGQUIT'] as const;
  for (const signal of signals) process.on(signal, ignore);
  return () => {
    for (const signal of signals) process.off(signal, ignore);
  };
};
