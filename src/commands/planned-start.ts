import type { ValueVerdict } from '../engine/face.ts';
import type { Input, Runbook } from '../runbook/model.ts';
import { places } from '../session/walk.ts';
import { ExpectedError } from '../text/errors.ts';
import { safeText } from '../text/safe-text.ts';
import { parseAt } from './run-options.ts';

/** Asked like an input when a runbook has phases before T-0 and no `--at` was given. */
export const plannedStart: Input = {
  name: 'planned start',
  variable: '',
  type: 'string',
  prompt: 'When does the deployment start (T-0)?',
  example: '14:30',
  default: null,
  pattern: null,
  choices: [],
  from: null,
  askedAtStep: false,
  line: 1,
};

export const hasPhasesBeforeStart = (runbook: Runbook): boolean =>
  places(runbook).some(({ path }) => path.some(({ atMs }) => atMs !== null && atMs < 0));

export const validateStart = (value: string, now: number): ValueVerdict => {
  try {
    parseAt(value, now);
    return { ok: true, value, secret: false, warning: null };
  } catch (error) {
    if (!(error instanceof ExpectedError)) throw error;
    return { ok: false, message: safeText(error.message), nextStep: safeText(error.nextStep ?? '') };
  }
};
