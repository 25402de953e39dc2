import { listRuns, type RunSummary, runsDirectory } from '../journal/open.ts';
import { dateTime } from '../text/duration.ts';
import { type ExitCode, ExpectedError, exitCodes } from '../text/errors.ts';
import { safeLine, safeText } from '../text/safe-text.ts';
import { checkFormat, print, printJson } from './output.ts';
import { table } from './table.ts';

export const runs = async (options: { readonly limit: string; readonly format: string }): Promise<ExitCode> => {
  checkFormat(options.format);
  const limit = Number(options.limit);
  if (!Number.isInteger(limit) || limit < 1)
    throw new ExpectedError(`"${options.limit}" is not a number of runs`, {
      place: '--limit',
      nextStep: 'For example --limit 20',
    });
  const found = listRuns(runsDirectory(), limit);
  if (options.format === 'json') {
    printJson(found);
    return exitCodes.done;
  }
  if (found.length === 0) {
    print(safeText('no runs yet; gonogo list shows runbooks'));
    return exitCodes.done;
  }
  const rows = found.map((run) => [
    safeLine(shortId(run)),
    safeText(`${dateTime(run.startedAt)} UTC`),
    safeText(run.outcome ?? run.state),
    safeLine(run.operator ?? ''),
    safeLine(run.title ?? ''),
  ]);
  for (const line of table([['RUN', 'STARTED', 'STATE', 'OPERATOR', 'RUNBOOK'].map(safeText), ...rows])) print(line);
  return exitCodes.done;
};

/** The end of the id: its beginning is the time and nearly the same for runs of one day. */
export const shortId = ({ id }: Pick<RunSummary, 'id'>): string => id.slice(-12);
