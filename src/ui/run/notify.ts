import { spawn } from 'node:child_process';
import type { SafeText } from '../../text/safe-text.ts';

/** Starts the operator's own command with the words in GONOGO_MESSAGE; what becomes of it is not waited for. */
export const notify = (
  command: string,
  words: SafeText | string,
  environment: Readonly<Record<string, string | undefined>>,
): void => {
  const child = spawn('sh', ['-c', command], {
    stdio: 'ignore',
    detached: true,
    env: { ...environment, GONOGO_MESSAGE: words },
  });
  // A notification that cannot be sent must not disturb the run.
  child.once('error', () => undefined);
  child.unref();
};
