import type { FaceOptions } from '../../../src/engine/face.ts';
import type { EngineView } from '../../../src/engine/view.ts';
import type { Recorded } from '../../../src/session/events.ts';
import type { RunbookLibrary } from '../../../src/session/state.ts';
import { safeText } from '../../../src/text/safe-text.ts';
import { createScreen } from '../../../src/ui/screen.tsx';
import { library, nowOf } from './checkout.ts';
import { type MemoryEngine, memoryEngine } from './engine.ts';
import { type FakeTerminal, fakeTerminal, until } from './terminal.ts';

export const faceOptions: FaceOptions = {
  analyse: (script, command) => ({ ...command, script }),
  validate: (input, value) =>
    value === ''
      ? { ok: false, message: safeText('E502 a value is needed'), nextStep: safeText('Type one') }
      : { ok: true, value, secret: input.type === 'secret', warning: null },
  verifyApproval: async () => ({
    ok: false,
    message: safeText('not a signature'),
    nextStep: safeText('Paste all of it'),
  }),
  runId: '0197c2ea-5c1e-7b3a-9a51-6f0d2b7c4e11',
};

export const utf8 = { LANG: 'C.UTF-8' } as const;

export interface OpenScreen {
  readonly terminal: FakeTerminal;
  readonly engine: MemoryEngine;
  readonly ended: Promise<unknown>;
  /** Waits until the text is on the screen. */
  sees(text: string): Promise<readonly string[]>;
  /** One key at a time; the guards' clock moves on between them. */
  press(...keys: readonly string[]): Promise<void>;
  /** Moves the guards' clock. */
  wait(ms: number): void;
  close(): Promise<void>;
}

interface OpenOptions {
  readonly columns?: number;
  readonly rows?: number;
  readonly view?: Partial<EngineView>;
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly outputs?: Readonly<Record<number, string>>;
  readonly library?: RunbookLibrary;
}

/** The run screen over a journal, in a terminal of our own. */
export const openScreen = async (events: readonly Recorded[], options: OpenOptions = {}): Promise<OpenScreen> => {
  const { columns = 100, rows = 30, view = {}, environment = utf8, outputs = {} } = options;
  const known = options.library ?? library;
  const terminal = fakeTerminal(columns, rows);
  let now = 0;
  const engine = memoryEngine(known, events, { now: nowOf(events), ...view }, outputs);
  const face = createScreen({
    stdin: terminal.stdin,
    stdout: terminal.stdout,
    theme: 'dark',
    notifyCommand: null,
    environment,
    clock: () => now,
  });
  const ended = face.run(engine, faceOptions);
  const sees = (text: string): Promise<readonly string[]> => until(terminal, (screen) => screen.includes(text), text);
  await until(terminal, (screen) => screen.trim() !== '', 'a first frame');
  return {
    terminal,
    engine,
    ended,
    sees,
    press: async (...keys) => {
      for (const key of keys) {
        now += 500;
        terminal.type(key);
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
    wait: (ms) => {
      now += ms;
    },
    close: async () => {
      await face.close();
      terminal.terminal.dispose();
    },
  };
};
