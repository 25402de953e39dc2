import { checkAnswers, noAnswers, readAnswers } from '../plain/answers.ts';
import { lastValuesOf, rememberRun } from '../settings/recents.ts';
import { requireSettings } from '../settings/settings.ts';
import { type ExitCode, ExpectedError, exitCodes } from '../text/errors.ts';
import { chooseFace } from './choose-face.ts';
import { findRunbook, shippedFolder } from './find-runbook.ts';
import { openRunbook } from './open-runbook.ts';
import { reachableFrom } from './reachable.ts';
import { refuseUnjudged } from './refused-features.ts';
import { restrictedOf } from './restricted.ts';
import type { RunOptions } from './run-options.ts';
import { newSessionId, personAt } from './session-id.ts';
import { startRun } from './start-run.ts';
import { walkRun } from './walk-run.ts';

export const runShipped = (name: string, options: RunOptions): Promise<ExitCode> =>
  runFile(`${shippedFolder()}/${name}.md`, options);

export const run = async (reference: string, options: RunOptions): Promise<ExitCode> =>
  runFile(findRunbook(reference), options);

/** Loads, asks, checks, walks. Nothing is written before the checks have passed. */
export const runFile = async (path: string, options: RunOptions): Promise<ExitCode> => {
  const settings = await requireSettings();
  const main = await openRunbook(path, settings.path);
  const reachable = await reachableFrom(main, settings.path);
  refuseUnjudged(reachable.runbooks);
  const answers = options.answers === undefined ? noAnswers : await readAnswers(options.answers);
  if (options.answers !== undefined)
    checkAnswers(
      answers,
      reachable.runbooks.map(({ runbook }) => runbook),
      options.answers,
    );
  const restricted = restrictedOf(reachable.runbooks, shippedFolder());
  if (restricted.size > 0 && options.auto === true) {
    throw new ExpectedError('this runbook is not trusted', {
      place: main.path,
      nextStep: `Look at it and allow it: gonogo trust ${main.path}`,
      exit: exitCodes.refused,
    });
  }
  const { face, mode } = await chooseFace(options, settings);
  try {
    const parts = await startRun(
      {
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
      },
      face,
    );
    if (parts === null) return exitCodes.interrupted;
    const given = parts.engine.view().session.frames[0]?.inputs ?? {};
    const exit = await walkRun(parts, face, settings.approvers);
    // Last, since writing settings loads more than a whole screen does.
    await rememberRun(main.realPath, given);
    return exit;
  } finally {
    await face.close();
  }
};
