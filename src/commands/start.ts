import type { StartScreen } from '../engine/face.ts';
import { listRuns, type RunSummary, readRun, runsDirectory } from '../journal/open.ts';
import { phaseRows } from '../session/overview.ts';
import { fold } from '../session/reduce.ts';
import { requireSettings } from '../settings/settings.ts';
import { clock, dateTime } from '../text/duration.ts';
import { type ExitCode, exitCodes } from '../text/errors.ts';
import { safe, safeLine } from '../text/safe-text.ts';
import { chooseFace, wantsPlain } from './choose-face.ts';
import { listRunbooks } from './find-runbook.ts';
import { titleOf } from './list.ts';
import { resume } from './resume.ts';
import { runFile } from './run.ts';
import { libraryOf } from './run-parts.ts';
import { shortId } from './runs.ts';
import { snapshots } from './snapshots.ts';

const most = 20;

/** Without arguments: unfinished runs first, follow-ups due, then runbooks. Without a terminal the help is printed. */
export const start = async (help: () => void): Promise<ExitCode> => {
  if (wantsPlain({}) && !process.stdin.isTTY) {
    help();
    return exitCodes.done;
  }
  const settings = await requireSettings();
  const { face } = await chooseFace({}, settings);
  const choice = await face.choose(await startScreen()).finally(() => face.close());
  if (choice === null) return exitCodes.done;
  const options = { set: [] };
  return choice.kind === 'resume' ? resume(choice.id, options) : runFile(choice.path, options);
};

const startScreen = async (): Promise<StartScreen> => {
  const unfinished = listRuns(runsDirectory(), 200)
    .filter(({ state }) => state === 'unfinished')
    .slice(0, most);
  const entries = await Promise.all(unfinished.map(async (run) => ({ run, due: await dueIn(run) })));
  const entry = ({ run, due }: (typeof entries)[number]): StartScreen['due'][number] => ({
    id: run.id,
    title: safeLine(run.title ?? 'a run that has not begun'),
    detail:
      due === null
        ? safe`${run.operator ?? ''}  started ${dateTime(run.startedAt)} UTC  ${shortId(run)}`
        : safe`next part ${due < 0 ? `overdue by ${clock(-due)}` : `due in ${clock(due)}`}  ${shortId(run)}`,
  });
  const isDue = ({ due }: (typeof entries)[number]): boolean => due !== null;
  const runbooks = await Promise.all(
    listRunbooks()
      .filter(({ shadowedBy }) => shadowedBy === null)
      .map(async ({ path, folder, name }) => ({
        path,
        title: safeLine(await titleOf(path)),
        folder: safeLine(folder.label),
        detail: safeLine(name),
      })),
  );
  return { unfinished: entries.filter((e) => !isDue(e)).map(entry), due: entries.filter(isDue).map(entry), runbooks };
};

/** Milliseconds until the phase a run was left before; null when it waits for no time. */
const dueIn = async (run: RunSummary): Promise<number | null> => {
  try {
    const { events } = readRun(run.dir);
    const state = fold(libraryOf(await snapshots(run.dir, events, 'auto')), events);
    return phaseRows(state, Date.now()).find((row) => row.state === 'now')?.dueInMs ?? null;
  } catch {
    // A run that cannot be read is listed as it is; resume says what is wrong with it.
    return null;
  }
};
