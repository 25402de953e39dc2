import type { ReactNode } from 'react';
import type { FaceOptions } from '../../engine/face.ts';
import type { Engine, SessionEnd } from '../../engine/view.ts';
import { notificationOf, type Ring } from '../../session/notification.ts';
import { minimum } from '../layout.ts';
import { finishRows } from '../scenes/finish.ts';
import { finishKeys } from '../scenes/finish-keys.ts';
import { tooSmallRows } from '../scenes/page.ts';
import { announcer, type Scene, type Size, type Stage } from '../stage.tsx';
import type { Theme } from '../theme.ts';
import { RowsView } from '../widgets/rows-view.tsx';
import type { RunIo } from './acting.ts';
import { createController, type RunController } from './controller.ts';
import { editElsewhere, printOut } from './elsewhere.ts';
import { notify } from './notify.ts';
import { RunView } from './run-view.tsx';
import { bell, clipboardBytes, popTitle, pushTitle, titleBytes, titleWords } from './terminal.ts';

export interface RunSceneOptions {
  readonly stage: Stage;
  readonly engine: Engine;
  readonly face: FaceOptions;
  readonly theme: Theme;
  readonly notifyCommand: string | null;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly clock: () => number;
}

/** What the keys can do to the terminal. */
const ioOf = (
  { stage, engine, face, theme, environment, stdin, stdout, clock }: RunSceneOptions,
  quit: () => void,
): RunIo => ({
  engine,
  options: face,
  theme,
  brief: Boolean(environment.SSH_CONNECTION),
  copy: (text) => {
    const bytes = clipboardBytes(text);
    if (bytes !== null) stage.write(bytes);
  },
  printOut: (text) => stage.suspend(() => printOut(text, stdin, stdout)),
  editElsewhere: async (text) => {
    let changed: string | null = null;
    await stage.suspend(async () => {
      changed = await editElsewhere(text, environment);
    });
    return changed;
  },
  quit,
  clock,
});

interface Parts {
  readonly io: RunIo;
  readonly controller: RunController;
  readonly finish: ReturnType<typeof finishKeys>;
  readonly isOver: () => boolean;
}

const copyRecord = ({ engine, copy, printOut: print }: RunIo): void => {
  const record = engine.lastRecord();
  if (record === null) return;
  copy(record.markdown);
  void print(record.markdown);
};

/** The run screen while the run goes on, then how it ended. */
const sceneOf = ({
  io,
  controller,
  finish,
  isOver,
}: Parts): { readonly scene: Scene; readonly changed: () => void } => {
  const { engine, theme } = io;
  const { changed, subscribe, revision } = announcer();
  const scene: Scene = {
    draw: (size: Size): ReactNode => {
      if (isOver())
        return <RowsView rows={finishRows(engine, io.options, size, theme, finish.scroll())} theme={theme} />;
      const frame = controller.frame(size);
      if (frame === null) return <RowsView rows={tooSmallRows(size.columns, size.rows, minimum)} theme={theme} />;
      return <RunView frame={frame} theme={theme} columns={size.columns} onChoose={controller.choose} />;
    },
    press: (press) => {
      if (!isOver()) return controller.press(press);
      const wish = finish.press(press);
      if (wish === 'leave') return io.quit();
      if (wish === 'copy') return copyRecord(io);
      changed();
    },
    paste: (text) => (isOver() ? undefined : controller.paste(text)),
    confirms: (press) => (isOver() ? finish.acts(press) : controller.confirms(press)),
    subscribe,
    revision,
  };
  return { scene, changed };
};

/** Bell, title and the command of the settings, as the run asks for somebody. */
const callsOf = ({ stage, engine, face, notifyCommand, environment }: RunSceneOptions) => {
  let title = '';
  return {
    retitle: (): void => {
      const next = titleWords(engine.view());
      if (next === title) return;
      title = next;
      stage.write(titleBytes(next));
    },
    ring: (ring: Ring): void => {
      stage.write(bell);
      if (notifyCommand === null) return;
      const { session, now } = engine.view();
      notify(notifyCommand, face.runId, notificationOf(session, ring, now), environment);
    },
  };
};

/** The run screen and, at its end, the finish screen; resolves when the operator leaves or the session ends. */
export const runOnStage = (options: RunSceneOptions): Promise<SessionEnd> =>
  new Promise((resolve) => {
    const { stage, engine, clock } = options;
    const stops: (() => void)[] = [];
    const done = (end: SessionEnd): void => {
      for (const stop of stops.splice(0)) stop();
      controller.close();
      stage.write(popTitle);
      resolve(end);
    };
    const isFinished = (): boolean => engine.view().session.finished !== null;
    const io = ioOf(options, () => done({ why: isFinished() ? 'finished' : 'left' }));
    const controller = createController(io);
    const finish = finishKeys(clock);
    // A watch ends with the run: the finish belongs to whoever ended it.
    const isOver = (): boolean => isFinished() && engine.view().observing?.watch === undefined;
    const { scene, changed } = sceneOf({ io, controller, finish, isOver });
    const calls = callsOf(options);
    const endIfEnded = (): void => {
      const { ended } = engine.view();
      if (ended !== null && !isOver()) done(ended);
    };
    stops.push(
      controller.subscribe(changed),
      engine.subscribe(() => {
        calls.retitle();
        if (isOver()) finish.shown();
        endIfEnded();
      }),
      engine.onInteractive(({ run }) => stage.suspend(run)),
      engine.onRing(calls.ring),
    );
    stage.show(scene);
    if (isOver()) finish.shown();
    stage.write(pushTitle);
    calls.retitle();
    endIfEnded();
  });
