import type { SessionState } from '../session/state.ts';
import { type ExitCode, exitCodes } from '../text/errors.ts';

/** How a run that this process walked ends for whoever called it. Source: 50-safety, "Bad input". */
export const exitCodeOf = (state: SessionState): ExitCode => {
  switch (state.finished?.outcome) {
    case 'succeeded':
    case 'partial':
      return exitCodes.done;
    case 'failed':
    case 'aborted':
      return exitCodes.failed;
    case 'rolled-back':
      return exitCodes.rolledBack;
    default:
      return exitCodes.resumable;
  }
};
