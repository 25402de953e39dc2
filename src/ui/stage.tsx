import { Box, type Instance, render, useApp, useInput, usePaste, useWindowSize } from 'ink';
import { type ReactElement, type ReactNode, useEffect, useSyncExternalStore } from 'react';
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
}

type Suspend = (work: () => Promise<void>) => Promise<void>;

/** One Ink instance for the whole sequence of screens, so that nothing flickers between them. */
export const createStage = ({ stdin, stdout }: StageOptions): Stage => {
  let scene: Scene | null = null;
  let instance: Instance | null = null;
  let suspend: Suspend | null = null;
  const listeners = new Set<() => void>();

  let chunk: Press[] = [];
  // Keys of one chunk arrive in one turn of the loop: they are looked at together after it.
  const collect = (presses: readonly Press[]): void => {
    if (chunk.length === 0) queueMicrotask(deliver);
    chunk.push(...presses);
  };
  const deliver = (): void => {
    const presses = asChunk(chunk);
    chunk = [];
    for (const press of presses) scene?.press(press);
  };

  const Root = (): ReactElement => {
    const current = useSyncExternalStore(
      (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      () => scene,
    );
    const { columns, rows } = useWindowSize();
    const { suspendTerminal } = useApp();
    useEffect(() => {
      suspend = (work) => suspendTerminal(work);
    }, [suspendTerminal]);
    useInput((input, key) => collect(pressesOf(input, key)));
    usePaste((text) => scene?.paste(text));
    return (
      <Box width={columns} height={rows} overflow="hidden" flexDirection="column">
        {current === null ? null : <Shown key={sceneKey(current)} scene={current} columns={columns} rows={rows} />}
      </Box>
    );
  };

  return {
    show: (next) => {
      scene = next;
      if (instance === null) {
        instance = render(<Root />, {
          stdin,
          stdout,
          exitOnCtrlC: false,
          alternateScreen: true,
          incrementalRendering: true,
          maxFps: 60,
          interactive: true,
        });
      } else for (const listener of listeners) listener();
    },
    suspend: async (work) => (suspend === null ? work() : suspend(work)),
    write: (bytes) => {
      stdout.write(bytes);
    },
    close: async () => {
      if (instance === null) return;
      const ended = instance.waitUntilExit();
      instance.unmount();
      instance = null;
      scene = null;
      await ended.catch(() => undefined);
    },
  };
};

const keys = new WeakMap<Scene, number>();
let nextKey = 0;
const sceneKey = (scene: Scene): number => {
  const known = keys.get(scene);
  if (known !== undefined) return known;
  nextKey += 1;
  keys.set(scene, nextKey);
  return nextKey;
};

const Shown = ({ scene, columns, rows }: Size & { readonly scene: Scene }): ReactNode => {
  useSyncExternalStore(scene.subscribe, scene.revision);
  return scene.draw({ columns, rows });
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
