import type { ReactNode } from 'react';
import type { FaceOptions } from '../../engine/face.ts';
import type { Engine, SessionEnd } from '../../engine/view.ts';
import { notificationOf } from '../../session/notification.ts';
import { minimum } from '../layout.ts';
import { finishRows } from '../scenes/finish.ts';
import { finishKeys } from '../scenes/finish-keys.ts';
import { tooSmallRows } from '../scenes/page.ts';
import type { Scene, Size, Stage } from '../stage.tsx';
import type { Theme } from '../theme.ts';
import { RowsView } from '../widgets/rows-view.tsx';
import type { RunIo } from './acting.ts';
import { createController } from './controller.ts';
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

/** The run screen and, at its end, the finish screen; resolves when the operator leaves or the session ends. */
export const runOnStage = ({
  stage,
  engine,
  face,
  theme,
  notifyCommand,
  environment,
  stdin,
  stdout,
  clock,
}: RunSceneOptions): Promise<SessionEnd> =>
  new Promise((resolve) => {
    let title = '';
    let revision = 0;
    const stops: (() => void)[] = [];
    const done = (end: SessionEnd): void => {
      for (const stop of stops.splice(0)) stop();
      controller.close();
      stage.write(popTitle);
      resolve(end);
    };
    const io: RunIo = {
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
      quit: () => done(engine.view().session.finished === null ? { why: 'left' } : { why: 'finished' }),
      clock,
    };
    const controller = createController(io);
    const finish = finishKeys(clock);
    // A watch ends with the run: the finish belongs to whoever ended it.
    const isOver = (): boolean =>
      engine.view().session.finished !== null && engine.view().observing?.watch === undefined;

    const scene: Scene = {
      draw: (size: Size): ReactNode => {
        if (isOver()) return <RowsView rows={finishRows(engine, face, size, theme, finish.scroll())} theme={theme} />;
        const frame = controller.frame(size);
        if (frame === null) return <RowsView rows={tooSmallRows(size.columns, size.rows, minimum)} theme={theme} />;
        return <RunView frame={frame} theme={theme} columns={size.columns} onChoose={controller.choose} />;
      },
      press: (press) => {
        if (!isOver()) return controller.press(press);
        const wish = finish.press(press);
        if (wish === 'leave') return io.quit();
        if (wish === 'copy') return copyRecord();
        changed();
      },
      paste: (text) => (isOver() ? undefined : controller.paste(text)),
      confirms: (press) => (isOver() ? finish.acts(press) : controller.confirms(press)),
      subscribe: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      revision: () => revision,
    };
    const listeners = new Set<() => void>();
    const changed = (): void => {
      revision += 1;
      for (const listener of listeners) listener();
    };
    const copyRecord = (): void => {
      const record = engine.lastRecord();
      if (record === null) return;
      io.copy(record.markdown);
      void io.printOut(record.markdown);
    };

    const retitle = (): void => {
      const next = titleWords(engine.view());
      if (next === title) return;
      title = next;
      stage.write(titleBytes(next));
    };
    stops.push(controller.subscribe(changed));
    stops.push(
      engine.subscribe(() => {
        retitle();
        if (isOver()) finish.shown();
        const { ended } = engine.view();
        if (ended !== null && !isOver()) done(ended);
      }),
    );
    stops.push(engine.onInteractive(({ run }) => stage.suspend(run)));
    stops.push(
      engine.onRing((ring) => {
        stage.write(bell);
        if (notifyCommand === null) return;
        const { session, now } = engine.view();
        notify(notifyCommand, face.runId, notificationOf(session, ring, now), environment);
      }),
    );
    stage.show(scene);
    if (isOver()) finish.shown();
    stage.write(pushTitle);
    retitle();
    const { ended } = engine.view();
    if (ended !== null && !isOver()) done(ended);
  });
