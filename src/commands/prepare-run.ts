import { checkAnswers, noAnswers, readAnswers } from '../plain/answers.ts';
import type { RunMode } from '../session/events.ts';
import { lastValuesOf } from '../settings/recents.ts';
import type { Settings } from '../settings/settings.ts';
import { ExpectedError, exitCodes } from '../text/errors.ts';
import { shippedFolder } from './find-runbook.ts';
import { openRunbook } from './open-runbook.ts';
import { reachableFrom } from './reachable.ts';
import { restrictedOf } from './restricted.ts';
import type { RunOptions } from './run-options.ts';
import { newSessionId, personAt } from './session-id.ts';
import type { StartRequest } from './start-run.ts';

export { startRun } from './start-run.ts';
export { loadRecents, walkRun } from './walk-run.ts';

/** Reads the runbook and all it leads to. Throws `ExpectedError` for everything that keeps it from being run. */
export const prepareRun = async (
  path: string,
  options: RunOptions,
  settings: Settings,
  mode: RunMode,
): Promise<StartRequest> => {
  const main = await openRunbook(path, settings.path);
  const reachable = await reachableFrom(main, settings.path);
  const answers = options.answers === undefined ? noAnswers : await readAnswers(options.answers);
  if (options.answers !== undefined) {
    const models = reachable.runbooks.map(({ runbook }) => runbook);
    checkAnswers(answers, models, options.answers);
  }
  const restricted = restrictedOf(reachable.runbooks, shippedFolder());
  if (restricted.size > 0 && options.auto === true) {
    throw new ExpectedError('this runbook is not trusted', {
      place: main.path,
      nextStep: `Look at it and allow it: gonogo trust ${main.path}`,
      exit: exitCodes.refused,
    });
  }
  return {
    main,
    reachable,
    options,
    answers: answers.inputs,
    settings,
    restricted,
    person: personAt(settings.operator),
    session: newSessionId(),
    mode,
    lastValues: lastValuesOf(main.realPath),
    now: Date.now(),
  };
};
