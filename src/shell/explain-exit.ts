import { constants } from 'node:os';

export interface Ending {
  readonly exit: number | null;
  readonly signal: string | null;
  readonly stoppedBy: 'operator' | 'timeout' | null;
  readonly watcher: boolean;
}

const signalName = (number: number): string | null =>
  Object.entries(constants.signals).find(([, value]) => value === number)?.[0] ?? null;

/** bash and dash write the name before the words, zsh behind them. */
const missingCommand = (tail: string): string | null => {
  const found =
    /(?:^|: )command not found: (\S+)\s*$/m.exec(tail) ??
    /: (?:line )?\d+: ([^\n:]+): (?:command )?not found\s*$/m.exec(tail) ??
    /^(?:[^\n:]+: )?([^\s:]+): (?:command )?not found\s*$/m.exec(tail);
  return found?.[1]?.trim() ?? null;
};

const missingFile = (tail: string): string | null =>
  /: ([^\n:]+): No such file or directory\s*$/m.exec(tail)?.[1]?.trim() ?? null;

const notExecutable = (tail: string): string | null => {
  const found = /: ([^\n:]+): (Permission denied|[Ii]s a directory|cannot execute[^\n]*)\s*$/m.exec(tail);
  return found === null ? null : `cannot be executed: ${found[1]?.trim()} (${found[2]?.toLowerCase()})`;
};

const meaning: Readonly<Record<string, string>> = {
  SIGKILL: 'killed, by somebody or for want of memory',
  SIGSEGV: 'crashed: it used memory that is not its own',
  SIGABRT: 'gave up on an error of its own',
  SIGPIPE: 'wrote to a pipe whose reader had gone',
  SIGTERM: 'was asked to end',
  SIGINT: 'was interrupted',
  SIGHUP: 'its terminal went away',
};

/** Plain words for an end that needs them; null when the exit status says enough. `tail` is the last output. */
export const explainExit = (ending: Ending, tail: string): string | null => {
  if (ending.stoppedBy === 'timeout') return 'stopped at its time limit';
  if (ending.stoppedBy === 'operator') {
    return ending.watcher ? 'stopped by the operator: the normal end of a watching command' : 'stopped by the operator';
  }
  if (ending.signal !== null) return explainSignal(ending.signal);
  if (ending.exit === 127) {
    const missing = missingCommand(tail);
    if (missing !== null) return `command not found: ${missing}`;
    const file = missingFile(tail);
    return file === null ? 'a command was not found' : `file not found: ${file}`;
  }
  if (ending.exit === 126) return notExecutable(tail) ?? 'a command was found but cannot be executed';
  if (ending.exit !== null && ending.exit > 128) {
    const name = signalName(ending.exit - 128);
    return name === null
      ? null
      : `a part of it ended by ${name}${meaning[name] === undefined ? '' : ` (${meaning[name]})`}`;
  }
  return null;
};

const explainSignal = (signal: string): string => {
  const words = meaning[signal];
  return words === undefined ? `ended by ${signal}` : `ended by ${signal}: ${words}`;
};
