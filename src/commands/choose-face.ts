import type { Face } from '../engine/face.ts';
import type { RunMode } from '../session/events.ts';
import type { Settings } from '../settings/settings.ts';
import type { RunOptions } from './run-options.ts';

export interface ChosenFace {
  readonly face: Face;
  readonly mode: RunMode;
}

/** Lines without a terminal on both sides, in CI, for screen readers and simple terminals, and when asked for. */
export const wantsPlain = (options: Pick<RunOptions, 'plain' | 'auto' | 'answers'>): boolean =>
  options.plain === true ||
  options.auto === true ||
  options.answers !== undefined ||
  !process.stdin.isTTY ||
  !process.stdout.isTTY ||
  process.env.TERM === 'dumb' ||
  Boolean(process.env.CI) ||
  Boolean(process.env.INK_SCREEN_READER);

/** The screen, or plain lines; each is loaded only when it is wanted. */
export const chooseFace = async (
  options: Pick<RunOptions, 'plain' | 'auto' | 'answers'>,
  settings: Settings,
): Promise<ChosenFace> => {
  if (!wantsPlain(options)) {
    const { createScreen } = await import('../ui/screen.tsx');
    const face = createScreen({
      stdin: process.stdin,
      stdout: process.stdout,
      theme: settings.theme,
      notifyCommand: settings.notify,
      environment: process.env,
    });
    return { face, mode: 'screen' };
  }
  const [{ createPlainFace }, { createLines }, { noAnswers, readAnswers }] = await Promise.all([
    import('../plain/plain-face.ts'),
    import('../plain/lines.ts'),
    import('../plain/answers.ts'),
  ]);
  const answers = options.answers === undefined ? noAnswers : await readAnswers(options.answers);
  const auto = options.auto === true;
  return {
    face: createPlainFace({ lines: createLines(process.stdin, process.stdout), answers, auto }),
    mode: auto ? 'auto' : 'plain',
  };
};
