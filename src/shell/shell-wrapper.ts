import { basename } from 'node:path';
import type { ExecSpec } from '../session/exec-spec.ts';

export interface CaptureEnd {
  /** Named pipe that gets the environment when the shell ends. */
  readonly fifo: string;
  /** Who reads it; when that process is gone nothing is written, so that the shell's end never hangs. */
  readonly reader: number;
  /** Path of `env`, fixed before the script can change PATH. */
  readonly env: string;
}

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

const isBash = (shell: string): boolean => basename(shell) === 'bash';

const options = { plain: 'set -ae', strict: 'set -aeuo pipefail' } as const;

/**
 * Shell builtins by `builtin`, since the script may have defined functions of the same names. `1<>` opens the pipe
 * without waiting for a reader. The group's status is discarded: the exit status stays the script's.
 */
const captureTrap = ({ fifo, reader, env }: CaptureEnd): string => {
  const dump = `builtin pwd; builtin printf "\\0"; ${quoted(env)} -0; builtin printf "\\0";`;
  return `trap ${quoted(`{ [ -d /proc/${reader} ] && { ${dump} } 1<>${quoted(fifo)}; } 2>/dev/null || :`)} EXIT; `;
};

/** Whether the environment at the end of this command can be handed to the next one. */
export const canCarry = (spec: ExecSpec): boolean =>
  isBash(spec.shell) && spec.prelude !== 'none' && !spec.background && !spec.watcher;

/**
 * Arguments that make the shell run the file. bash evaluates it behind one line of preparation, so that `$0`, `$LINENO`,
 * here-documents, `exit` and the line numbers of its errors are those of the script as it stands in the runbook.
 */
export const shellArguments = (spec: ExecSpec, scriptPath: string, capture: CaptureEnd | null): readonly string[] => {
  if (!isBash(spec.shell) || spec.prelude === 'none') return [scriptPath];
  const trap = capture === null ? '' : captureTrap(capture);
  const load = `[ -r ${quoted(scriptPath)} ] || exit 125; ${options[spec.prelude]}; eval "$(<${quoted(scriptPath)})"`;
  return ['--noprofile', '--norc', '-c', trap + load, 'bash'];
};

export interface CapturedEnvironment {
  readonly cwd: string;
  readonly variables: Readonly<Record<string, string>>;
}

/** The bytes of the pipe, whole only when they end with an empty entry; null otherwise. */
export const parseCaptured = (bytes: Buffer): CapturedEnvironment | null => {
  if (bytes.length < 3 || bytes.at(-1) !== 0 || bytes.at(-2) !== 0) return null;
  const [folder, ...entries] = bytes.subarray(0, -2).toString('utf8').split('\0');
  const variables: Record<string, string> = {};
  for (const entry of entries) {
    const equals = entry.indexOf('=');
    if (equals > 0) variables[entry.slice(0, equals)] = entry.slice(equals + 1);
  }
  return { cwd: (folder ?? '').replace(/\n$/, ''), variables };
};
