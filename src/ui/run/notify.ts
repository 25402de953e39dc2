import { spawn } from 'node:child_process';
import type { Notification } from '../../session/notification.ts';

/** Starts the operator's own command with what happened in variables; what becomes of it is not waited for. */
export const notify = (
  command: string,
  run: string,
  { event, title, target, step, message }: Notification,
  environment: Readonly<Record<string, string | undefined>>,
): void => {
  const child = spawn('sh', ['-c', command], {
    stdio: 'ignore',
    detached: true,
    env: {
      ...environment,
      GONOGO_EVENT: event,
      GONOGO_RUN: run,
      GONOGO_TITLE: title,
      GONOGO_TARGET: target,
      GONOGO_STEP: step,
      GONOGO_MESSAGE: message,
    },
  });
  // A notification that cannot be sent must not disturb the run.
  child.once('error', () => undefined);
  child.unref();
};
