import { ExpectedError, errorLine, exitCodes } from './text/errors.ts';
import { safeText } from './text/safe-text.ts';

/** argv (without node and script) -> command. The one place that maps errors to exit codes. */
export const main = async (argv: readonly string[]): Promise<void> => {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    // `gonogo show x | head`: the reader has seen enough.
    if (error.code === 'EPIPE') process.exit(exitCodes.done);
    // The terminal is gone: the hang-up signal leaves the run in order.
    if (error.code !== 'EIO') throw error;
  });
  try {
    const { runCommandLine } = await import('./commands/command-line.ts');
    process.exitCode = await runCommandLine(argv);
  } catch (error) {
    process.exitCode = tell(error);
  }
};

const tell = (error: unknown): number => {
  if (error instanceof ExpectedError) {
    process.stderr.write(`${safeText(errorLine(error))}\n`);
    return error.exit;
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`${safeText(`gonogo: this is a bug, not your mistake.\n${text}`)}\n`);
  return exitCodes.bug;
};
