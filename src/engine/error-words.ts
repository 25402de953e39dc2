import { ExpectedError } from '../text/errors.ts';

/** An error as a notice: what happened, and what to do. */
export const wordsOf = (error: unknown): { readonly text: string; readonly nextStep: string | null } =>
  error instanceof ExpectedError
    ? { text: `${error.code === null ? '' : `${error.code} `}${error.message}`, nextStep: error.nextStep }
    : {
        text: `this is a bug in gonogo: ${error instanceof Error ? error.message : String(error)}`,
        nextStep: 'The log in the run folder says more',
      };
