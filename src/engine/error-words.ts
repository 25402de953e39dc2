import { ExpectedError } from '../text/errors.ts';

/** An error as a notice: what happened, and what to do. */
export const wordsOf = (error: unknown): { readonly text: string; readonly nextStep: string | null } =>
  error instanceof ExpectedError
    ? { text: `${error.code === null ? '' : `${error.code} `}${error.message}`, nextStep: error.nextStep }
    : {
        text: `this is a bug in gonogo: ${error instanceof Error ? error.message : String(error)}`,
        nextStep: 'The log in the run folder says more',
      };

/** A command of kind `tty` where no screen can be handed over. */
export const noScreen = (): ExpectedError =>
  new ExpectedError('this command needs a terminal of its own', {
    nextStep: 'Run gonogo in a terminal without --plain',
    exit: 6,
  });
