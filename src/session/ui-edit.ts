import type { PendingCommand } from './main-action.ts';

/** Only a command of the runbook itself can be changed before it runs; the command of a message gets the text that is shown. */
export const analysable = (pending: PendingCommand): boolean => pending.part === 'action';
