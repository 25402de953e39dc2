import { ExpectedError } from '../text/errors.ts';

/** Neither a path nor a name leads to a runbook. */
export class NoRunbookError extends ExpectedError {}
