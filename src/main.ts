import { writeSync } from 'node:fs';
import { ExpectedError, errorLine, exitCodes } from './text/errors.ts';
import { safeText } from './text/safe-text.ts';

/** argv (without node and script) -> command. The one place that maps errors to exit codes. */
export const main = async (argv: readonly string[]): Promise<void> => {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', onLostReader);
  try {
    const { runCommandLine } = await import('./commands/command-line.ts');
    process.exitCode = await runCommandLine(argv);
  } catch (error) {
    process.exitCode = tell(error);
  }
};

const onLostReader = (error: NodeJS.ErrnoException): void => {
  // `gonogo show x | head`: the reader has seen enough. A run that is under way has set what it would end with.
  if (error.code === 'EPIPE') process.exit();
  // The terminal is gone: the hang-up signal leaves the run in order.
  if (error.code === 'EIO') return;
  // A full disk, most often. Half of an output must not pass for the whole of it.
  try {
    writeSync(2, `the output cannot be written (${error.code}). Check the disk it goes to\n`);
  } catch {
    // Then the exit code is all that can be said.
  }
  process.exit(process.exitCode === undefined || process.exitCode === 0 ? exitCodes.usage : process.exitCode);
};

/** What the machine refuses is the operator's to know, wherever it happens; null for everything else. */
const refusedByTheSystem = (error: unknown): ExpectedError | null => {
  const { code, syscall, path } = error as NodeJS.ErrnoException;
  if (syscall === 'uv_cwd')
    return new ExpectedError('the folder you are in is gone', { nextStep: 'Change to another one: cd' });
  const refused = /^(EACCES|EPERM|EROFS|ENOSPC|EDQUOT|EIO|ENOTDIR|EISDIR|EMFILE|ENFILE|ENAMETOOLONG)$/;
  if (path === undefined || code === undefined || !(refused.test(code) || (code === 'ENOENT' && syscall === 'mkdir')))
    return null;
  return new ExpectedError(`cannot be used (${code})`, {
    place: path,
    nextStep: 'Check its owner, its rights and the disk',
    cause: error,
  });
};

const tell = (thrown: unknown): number => {
  const error = (thrown instanceof Error && refusedByTheSystem(thrown)) || thrown;
  if (error instanceof ExpectedError) {
    process.stderr.write(`${safeText(errorLine(error))}\n`);
    return error.exit;
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`${safeText(`gonogo: this is a bug, not your mistake.\n${text}`)}\n`);
  return exitCodes.bug;
};
