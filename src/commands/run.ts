import { basename } from 'node:path';
import { requireSettings } from '../settings/settings.ts';
import { type ExitCode, exitCodes } from '../text/errors.ts';
import { safeLine } from '../text/safe-text.ts';
import { chooseFace } from './choose-face.ts';
import { findRunbook, shippedFolder } from './find-runbook.ts';
import type { RunOptions } from './run-options.ts';
import { stayAlive } from './stay-alive.ts';

export const runShipped = (name: string, options: RunOptions): Promise<ExitCode> =>
  runFile(`${shippedFolder()}/${name}.md`, options);

export const run = async (reference: string, options: RunOptions): Promise<ExitCode> =>
  runFile(findRunbook(reference), options);

/** Loads, asks, checks, walks. Nothing is written before the checks have passed. */
export const runFile = (path: string, options: RunOptions): Promise<ExitCode> =>
  stayAlive(() => openFile(path, options));

const openFile = async (path: string, options: RunOptions): Promise<ExitCode> => {
  // Until it has begun: whatever ends this process now, there is no run.
  process.exitCode = exitCodes.interrupted;
  const settings = await requireSettings();
  const { face, mode } = await chooseFace(options, settings);
  try {
    // Reading, checking and drawing the run takes several times as long as saying that it goes on.
    face.opening(safeLine(basename(path)), () => {
      void face.close().then(() => process.exit(exitCodes.interrupted));
    });
    await settledFrame();
    const { loadRecents, prepareRun, startRun, walkRun } = await import('./prepare-run.ts');
    const request = await prepareRun(path, options, settings, mode);
    const parts = await startRun(request, face);
    if (parts === null) return exitCodes.interrupted;
    const given = parts.engine.view().session.frames[0]?.inputs ?? {};
    const exit = await walkRun(parts, face, settings.approvers);
    // Last, since writing settings loads more than a whole screen does.
    await loadRecents()
      .then(({ rememberRun }) => rememberRun(request.main.realPath, given))
      // Only the values offered next time: the run is over and recorded.
      .catch(() => undefined);
    return exit;
  } finally {
    await face.close();
  }
};

/** Lets the frame be drawn before the work that keeps the thread busy. */
const settledFrame = (): Promise<void> => new Promise((done) => setImmediate(done));
