import { Box, type Instance, render, useApp, useInput, usePaste, useWindowSize } from 'ink';
import { type ReactElement, type ReactNode, useEffect, useSyncExternalStore } from 'react';
import { heldKeys } from './held-keys.ts';
import { asChunk, type Press, pressesOf } from './press.ts';

export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** What has the whole screen for a while: it draws itself and takes the keys. */
export interface Scene {
  draw(size: Size): ReactNode;
  press(press: Press): void;
  paste(text: string): void;
  /** Could this key run, pass or answer something as it is typed now? Its repeats then count for nothing. */
  confirms(press: Press): boolean;
  subscribe(listener: () => void): () => void;
  /** Another number whenever `draw` would give something else. */
  revision(): number;
}

export interface Stage {
  /** Shows a scene from now on; the first one mounts the screen. */
  show(scene: Scene): void;
  /** Gives the terminal away until the work is done, then draws everything again. */
  suspend(work: () => Promise<void>): Promise<void>;
  /** Bytes of our own that are no part of a frame: title, bell, clipboard. */
  write(bytes: string): void;
  close(): Promise<void>;
}

interface StageOptions {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  /** Ms, to tell a key that is held down. */
  readonly clock: () => number;
}

type Suspend = (work: () => Promise<void>) => Promise<void>;

interface ShownScene {
  readonly scene: Scene;
  /** Another scene gets fresh components. */
  readonly number: number;
}

interface RootProps {
  readonly subscribe: (listener: () => void) => () => void;
  readonly shown: () => ShownScene | null;
  readonly onPresses: (presses: readonly Press[]) => void;
  readonly onPaste: (text: string) => void;
  readonly onSuspend: (suspend: Suspend) => void;
}

const Root = ({ subscribe, shown, onPresses, onPaste, onSuspend }: RootProps): ReactElement => {
  const current = useSyncExternalStore(subscribe, shown);
  const { columns, rows } = useWindowSize();
  const { suspendTerminal } = useApp();
  useEffect(() => onSuspend((work) => suspendTerminal(work)), [suspendTerminal, onSuspend]);
  useInput((input, key) => onPresses(pressesOf(input, key)));
  usePaste(onPaste);
  return (
    <Box width={columns} height={rows} overflow="hidden" flexDirection="column">
      {current === null ? null : <Shown key={current.number} scene={current.scene} columns={columns} rows={rows} />}
    </Box>
  );
};

const Shown = ({ scene, columns, rows }: Size & { readonly scene: Scene }): ReactNode => {
  useSyncExternalStore(scene.subscribe, scene.revision);
  return scene.draw({ columns, rows });
};

/** Calls with all keys of one chunk: they arrive in one turn of the loop and are looked at together after it. */
const chunks = (deliver: (presses: readonly Press[]) => void): ((presses: readonly Press[]) => void) => {
  let chunk: Press[] = [];
  return (presses) => {
    if (chunk.length === 0) {
      queueMicrotask(() => {
        const whole = asChunk(chunk);
        chunk = [];
        deliver(whole);
      });
    }
    chunk.push(...presses);
  };
};

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/**
 * Lets go of the terminal's input. Without a listener the handle still reads on: it would take keys from the command
 * that has the terminal, and a read that the command has made blocking holds the whole program up.
 */
const stopReading = async (stdin: NodeJS.ReadStream): Promise<void> => {
  // The stream learns a turn later that nobody listens; only then does pausing reach the handle, again a turn later.
  await turn();
  stdin.pause();
  await turn();
};

const drawing = {
  exitOnCtrlC: false,
  alternateScreen: true,
  incrementalRendering: true,
  maxFps: 60,
  interactive: true,
  // Whatever a library prints must not land between the frames.
  patchConsole: typeof console.Console === 'function',
} as const;

/** One Ink instance for the whole sequence of screens, so that nothing flickers between them. */
export const createStage = ({ stdin, stdout, clock }: StageOptions): Stage => {
  let shown: ShownScene | null = null;
  let instance: Instance | null = null;
  let suspend: Suspend | null = null;
  const { changed, subscribe } = announcer();
  // One for all scenes: a key that is held down while they change goes on being held down.
  const held = heldKeys(
    (press) => shown?.scene.press(press),
    (press) => shown?.scene.confirms(press) === true,
    clock,
  );
  const mount = (): Instance =>
    render(
      <Root
        subscribe={subscribe}
        shown={() => shown}
        onPresses={chunks((presses) => {
          for (const press of presses) held.press(press);
        })}
        onPaste={(text) => shown?.scene.paste(text)}
        onSuspend={(next) => {
          suspend = next;
        }}
      />,
      { stdin, stdout, ...drawing },
    );
  return {
    show: (scene) => {
      shown = { scene, number: (shown?.number ?? 0) + 1 };
      if (instance === null) instance = mount();
      else changed();
    },
    suspend: async (work) => {
      if (suspend === null) return work();
      await suspend(async () => {
        await stopReading(stdin);
        await work();
      });
    },
    write: (bytes) => {
      stdout.write(bytes);
    },
    close: async () => {
      held.close();
      if (instance === null) return;
      const ended = instance.waitUntilExit();
      instance.unmount();
      instance = null;
      shown = null;
      await ended.catch(() => undefined);
    },
  };
};

/** Listeners and revision of a scene that keeps its own state. */
export const announcer = (): {
  readonly changed: () => void;
  readonly subscribe: Scene['subscribe'];
  readonly revision: () => number;
} => {
  const listeners = new Set<() => void>();
  let revision = 0;
  return {
    changed: () => {
      revision += 1;
      for (const listener of listeners) listener();
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    revision: () => revision,
  };
};
