import { basename } from 'node:path';
import type { WatchEngine } from '../engine/watch-engine.ts';
import { readRun, resolveRun, runsDirectory } from '../journal/open.ts';
import { openBreach } from '../session/criterion-state.ts';
import { notificationOf } from '../session/notification.ts';
import { requireSettings, type Settings } from '../settings/settings.ts';
import { type ExitCode, ExpectedError, exitCodes } from '../text/errors.ts';
import { safe, safeLine, safeText } from '../text/safe-text.ts';
import { chooseFace } from './choose-face.ts';
import { print } from './output.ts';
import { newSessionId, personAt } from './session-id.ts';
import { startedOf } from './snapshots.ts';
import { validateFor } from './validate.ts';
import { verifyApproval } from './verify-approval.ts';
import { openWatch, wrongTarget } from './watch-parts.ts';

export interface WatchOptions {
  readonly notify?: boolean;
  readonly plain?: boolean;
}

/**
 * Shows criteria and panels of a run without having it. Ends with 0, with 4 while a criterion stands breached, with 3
 * when the target is another one, with 130 after Ctrl-C without a screen.
 */
export const watch = async (reference: string, options: WatchOptions): Promise<ExitCode> => {
  const settings = await requireSettings();
  if (options.notify === true && settings.notify === null)
    throw new ExpectedError('there is no notify command', {
      place: '--notify',
      nextStep: `Set one: gonogo config notify 'notify-send gonogo "$GONOGO_MESSAGE"'`,
    });
  const dir = resolveRun(runsDirectory(), reference);
  const { events, damage } = await readRun(dir);
  if (damage !== null) throw damage;
  const started = startedOf(events);
  refuseWhatIsOver(started !== null && events.some(({ type }) => type === 'frame.opened'), events, dir);
  if (started === null) return exitCodes.usage;
  const { operator } = personAt(settings.operator);
  const parts = await openWatch({ dir, events, started, session: newSessionId(), who: operator });
  try {
    return await show(parts.engine, dir, options, settings);
  } finally {
    await parts.close();
  }
};

const refuseWhatIsOver = (began: boolean, events: Awaited<ReturnType<typeof readRun>>['events'], dir: string): void => {
  if (!began)
    throw new ExpectedError('this run ended before its first step', {
      place: dir,
      nextStep: 'Start it again with gonogo run',
    });
  if (events.some(({ type }) => type === 'run.finished'))
    throw new ExpectedError('this run is finished', { nextStep: `Its record: gonogo export ${basename(dir)}` });
};

const show = async (engine: WatchEngine, dir: string, options: WatchOptions, settings: Settings): Promise<ExitCode> => {
  let interrupted = false;
  const leave = (): void => void engine.dispatch({ type: 'leave', why: 'signal' });
  const onInterrupt = (): void => {
    interrupted = true;
  };
  process.on('SIGINT', onInterrupt);
  const signals = ['SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, leave);
  const quiet = options.notify === true ? await notifyBreaches(engine, basename(dir), settings) : () => undefined;
  // The command is started here, and only when it is asked for.
  const { face } = await chooseFace(options.plain === true ? { plain: true } : {}, { ...settings, notify: null });
  try {
    await face.run(engine, {
      analyse: (_, command) => command,
      validate: validateFor(() => null),
      verifyApproval: (challenge, signature) => verifyApproval(challenge, signature, settings.approvers),
      runId: basename(dir),
    });
    // The screen asks nobody before it lets go.
    await engine.dispatch({ type: 'leave', why: 'quit' });
    return exitOf(engine, interrupted);
  } finally {
    quiet();
    process.off('SIGINT', onInterrupt);
    for (const signal of signals) process.off(signal, leave);
    await face.close();
    sayGoodbye(engine, basename(dir));
  }
};

const exitOf = (engine: WatchEngine, interrupted: boolean): ExitCode => {
  const end = engine.ended();
  if (end?.mismatch != null) throw wrongTarget(end.mismatch);
  if (interrupted) return exitCodes.interrupted;
  return openBreach(engine.view().session) === null ? exitCodes.done : exitCodes.failed;
};

/** Starts the settings' command once for each breach that this watch sees. */
const notifyBreaches = async (engine: WatchEngine, run: string, { notify: command }: Settings): Promise<() => void> => {
  if (command === null) return () => undefined;
  const { notify } = await import('../ui/run/notify.ts');
  let known = engine.view().session.criteria;
  return engine.subscribe(() => {
    const { session, now } = engine.view();
    const before = known;
    known = session.criteria;
    const breached = session.criteria.findIndex(
      ({ status }, index) => status === 'breached' && before[index]?.status !== 'breached',
    );
    if (breached === -1) return;
    const only = session.criteria.map((each, index) =>
      index === breached ? each : { ...each, status: 'ok' as const },
    );
    notify(command, run, notificationOf({ ...session, criteria: only }, { why: 'breach' }, now), process.env);
  });
};

/** What stands on the normal screen once ours is gone. */
const sayGoodbye = (engine: WatchEngine, run: string): void => {
  const { finished, criteria } = engine.view().session;
  if (finished !== null) return print(safe`The run has ended: ${finished.outcome}`);
  const breach = openBreach(engine.view().session);
  const kept = engine.view().observing?.watch?.unkept ?? null;
  if (breach !== null) print(safe`BREACHED ${safeLine(breach.title)}: ${safeLine(breach.value)}`);
  if (kept !== null) print(safe`What was seen is not kept: ${kept}`);
  else if (criteria.length > 0) print(safeText('What was seen is told by the next resume.'));
  print(safe`It can go on: gonogo resume ${run}`);
};
