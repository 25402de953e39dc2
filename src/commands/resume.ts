import type { Face } from '../engine/face.ts';
import { askTakeOver, newestUnfinished, type Opened, openJournal, resolveRun, runsDirectory } from '../journal/open.ts';
import { type Answers, checkAnswers, noAnswers, readAnswers } from '../plain/answers.ts';
import type { EventData, Recorded, RunEvent } from '../session/events.ts';
import { changesSince } from '../session/foreign.ts';
import type { SeenWorkload } from '../session/state.ts';
import { requireSettings, type Settings } from '../settings/settings.ts';
import { type ExitCode, ExpectedError, exitCodes } from '../text/errors.ts';
import { safeLine, safeText } from '../text/safe-text.ts';
import { awayPage } from './away.ts';
import { chooseFace } from './choose-face.ts';
import { concealedAgain } from './conceal.ts';
import { observe } from './observe.ts';
import { resumedLock } from './resume-lock.ts';
import { checkTargetAgain, resumedContext } from './resume-target.ts';
import type { RunOptions } from './run-options.ts';
import { openParts, type RunParts } from './run-parts.ts';
import { firstFacts } from './run-watch.ts';
import { newSessionId, personAt } from './session-id.ts';
import { offPathOf, snapshots, startedOf } from './snapshots.ts';
import { stayAlive } from './stay-alive.ts';
import { walkRun } from './walk-run.ts';
import { newWatchLines } from './watch-taken.ts';

/** Goes on with a run: claims what had not begun, finds what went on, asks about what is unknown. */
export const resume = (reference: string | null, options: RunOptions): Promise<ExitCode> =>
  stayAlive(() => goOn(reference, options));

const goOn = async (reference: string | null, options: RunOptions): Promise<ExitCode> => {
  const settings = await requireSettings();
  const dir = folderOf(reference);
  const answers = options.answers === undefined ? noAnswers : await readAnswers(options.answers);
  const { face, mode } = await chooseFace(options, settings);
  try {
    const parts = await comeBack(dir, { options, settings, answers, face, mode });
    if (parts === 'observed') return exitCodes.done;
    if (parts === null) return exitCodes.resumable;
    return await walkRun(parts, face, settings.approvers);
  } finally {
    await face.close();
  }
};

interface Return {
  readonly options: RunOptions;
  readonly settings: Settings;
  readonly answers: Answers;
  readonly face: Face;
  readonly mode: EventData['run.resumed']['mode'];
}

/** A function of its own: what it waits in keeps all events that were read, which may be 100,000. */
const comeBack = async (
  dir: string,
  { options, settings, answers, face, mode }: Return,
): Promise<RunParts | 'observed' | null> => {
  const { operator } = personAt(settings.operator);
  const opened = await openOrTakeOver(dir, { session: newSessionId(), actor: operator }, face, settings);
  if (opened === 'observed' || opened === null) return opened;
  const parts = await resumedParts(opened, settings);
  try {
    refuseWhatCannotGoOn(parts, options, answers);
    await greet(opened, parts, face, mode, operator);
    return parts;
  } catch (error) {
    await parts.engine.close();
    throw error;
  }
};

/** Throws `ExpectedError` for `--auto` in production (exit 3), and E510. */
const refuseWhatCannotGoOn = ({ engine }: RunParts, options: RunOptions, answers: Answers): void => {
  const { run, library } = engine.view().session;
  if (options.auto === true && run?.target.production === true)
    throw new ExpectedError('--auto is refused in production', {
      exit: exitCodes.refused,
      nextStep: 'Resume it with a person at the keyboard',
    });
  checkAnswers(answers, Object.values(library), options.answers ?? '');
};

const folderOf = (reference: string | null): string => {
  if (reference !== null) return resolveRun(runsDirectory(), reference);
  const newest = newestUnfinished(runsDirectory());
  if (newest === null)
    throw new ExpectedError('there is no unfinished run', {
      nextStep: 'gonogo list shows runbooks, gonogo run NAME starts one',
    });
  return newest.dir;
};

type OpenRun = Extract<Opened, { kind: 'open' }>;

/** `observed`: somebody else went on with it and was watched; null: the operator went back. */
const openOrTakeOver = async (
  dir: string,
  who: { readonly session: string; readonly actor: string },
  face: Face,
  settings: Settings,
): Promise<OpenRun | 'observed' | null> => {
  const opened = await openJournal(dir, who);
  if (opened.kind === 'open') return opened;
  if (opened.kind === 'damaged') {
    const run = dir.split('/').at(-1) ?? dir;
    throw new ExpectedError(opened.error.message, {
      code: 'E702',
      place: dir,
      nextStep: `It can be read, not continued: gonogo export ${run}`,
      exit: exitCodes.failed,
    });
  }
  const choice = await face.occupied({
    title: safeText('This run is open elsewhere'),
    message: safeLine(`E705 ${opened.error.message}`),
    canTakeOver: opened.holder !== null,
  });
  if (choice === null) return null;
  if (choice === 'observe') {
    await observe(dir, face, settings);
    return 'observed';
  }
  await askTakeOver(dir);
  const again = await openJournal(dir, who);
  if (again.kind === 'open') return again;
  throw again.error;
};

/** A journal that is not handed on is closed: Node ends the whole process for a file that nobody closed. */
const resumedParts = async (opened: OpenRun, settings: Settings): Promise<RunParts> => {
  try {
    return await partsOf(opened, settings);
  } catch (error) {
    await opened.journal.close();
    throw error;
  }
};

const partsOf = async ({ journal, events }: OpenRun, settings: Settings): Promise<RunParts> => {
  const started = startedOf(events);
  if (started === null || !events.some((event) => event.type === 'frame.opened')) {
    throw new ExpectedError('this run ended before its first step', {
      place: journal.dir,
      nextStep: 'Start it again with gonogo run',
    });
  }
  if (events.some(({ type }) => type === 'run.finished'))
    throw new ExpectedError('this run is finished', { nextStep: `Its record: gonogo export ${journal.run}` });
  const runbooks = await snapshots(journal.dir, events, offPathOf(events));
  const context = await resumedContext(journal.dir, events);
  const lock = await resumedLock(started, events, runbooks);
  const { namespace, workloads } = started.target;
  const watch = { namespace, workloads, beganAt: events[0]?.at ?? Date.now(), lastSeen: lastSeenIn(events) };
  const metrics = started.metrics ?? null;
  return openParts({ journal, events, runbooks, settings, cwd: started.cwd, context, lock, watch, metrics });
};

const lastSeenIn = (events: readonly Recorded[]): Readonly<Record<string, Omit<SeenWorkload, 'foundAtWork'>>> =>
  Object.fromEntries(
    events.flatMap((event) =>
      event.type === 'workload.seen' ? [[event.data.workload, { ...event.data, at: event.at }] as const] : [],
    ),
  );

const greet = async (
  opened: OpenRun,
  parts: RunParts,
  face: Face,
  mode: EventData['run.resumed']['mode'],
  operator: string,
): Promise<void> => {
  const { engine, journal } = parts;
  const before = engine.view().session;
  const target = await checkTargetAgain(parts, opened.events);
  const frame = Math.max(0, before.frame);
  const again = concealedAgain(before, opened.events, process.env);
  const watched = await newWatchLines(journal.dir, before);
  // After them: what a watch saw until now belongs to the time away.
  const now = Date.now();
  for (const [name, value] of Object.entries(again.values)) engine.keepSecret(name, value);
  const returned: readonly RunEvent[] = [
    { type: 'run.gap', frame, data: { from: before.lastAt, to: now, kind: before.left ? 'left' : 'killed' } },
    ...watched.map((data): RunEvent => ({ type: 'watch.reported', frame: 0, data })),
    { type: 'run.resumed', frame, data: { pid: process.pid, terminal: process.env.SSH_TTY ?? null, mode } },
    ...(operator === before.operator
      ? []
      : [{ type: 'operator.changed', frame, data: { from: before.operator, to: operator } } as const]),
    ...again.events,
    ...target.events,
  ];
  // Whoever comes back to a run that its disk refuses goes on in another folder.
  await engine.record(returned, true);
  const lost = await parts.lock.takeUp();
  await engine.resume();
  const [facts, told] = await Promise.all([firstFacts(parts.watch), engine.backfilled()]);
  const changes = changesSince(before, engine.view().session, facts?.foreignChanges ?? []);
  const { health } = journal;
  await face.away(
    awayPage(before, engine.view().session, {
      notices: [
        ...target.notices,
        ...(lost === null ? [] : [lost]),
        ...opened.notices.map(({ code, message }) => `${code} ${message}`),
        ...(health.kind === 'moved' ? [`the journal of this run goes on in ${health.dir}`] : []),
      ],
      leftAt: before.left ? (opened.events.findLast(({ type }) => type === 'run.left')?.at ?? null) : null,
      now,
      watched,
      told,
      facts,
      changes,
    }),
  );
  journal.noteKey();
};
