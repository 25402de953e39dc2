import type { Face } from '../engine/face.ts';
import { openingScene } from './scenes/opening.tsx';
import { askOnStage, type Question } from './scenes/question.tsx';
import { createStage } from './stage.tsx';
import { themeFor } from './theme.ts';

export interface ScreenOptions {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  /** The setting `theme`. */
  readonly theme: string;
  /** Started when the run needs somebody; null = none. */
  readonly notifyCommand: string | null;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Ms, for the guards of confirming keys; `performance.now` when left out. */
  readonly clock?: () => number;
}

/** The interface in a terminal of its own; mounted by the first question. Source: 60-interface. */
export const createScreen = (options: ScreenOptions): Face => {
  const theme = themeFor(options.theme, options.environment);
  const clock = options.clock ?? (() => performance.now());
  const stage = createStage({ ...options, clock });
  const ask = <State, Answer>(question: Question<State, Answer>): Promise<Answer> =>
    askOnStage({ show: stage.show, theme, clock }, question);
  return {
    opening: (what, onQuit) => stage.show(openingScene(what, theme, onQuit)),
    choose: async (start) => ask((await import('./scenes/simple.ts')).startQuestion(start, theme)),
    askInputs: async (form) => ask((await import('./scenes/inputs.ts')).inputsQuestion(form, theme)),
    preflight: async (page) =>
      page.checks.every(({ level }) => level === 'ok')
        ? { reasons: {} }
        : ask((await import('./scenes/preflight.ts')).preflightQuestion(page, theme)),
    away: async (page) => {
      await ask((await import('./scenes/simple.ts')).awayQuestion(page, theme));
    },
    occupied: async (page) => ask((await import('./scenes/simple.ts')).occupiedQuestion(page, theme)),
    run: async (engine, face) => {
      const { runOnStage } = await import('./run/run-scene.tsx');
      return runOnStage({ ...options, clock, stage, engine, face, theme });
    },
    close: stage.close,
  };
};
