import type { CriterionLive } from '../../../src/engine/criteria.ts';
import type { EngineView } from '../../../src/engine/view.ts';
import type { ClusterFacts } from '../../../src/gates/workload.ts';
import type { Recorded } from '../../../src/session/events.ts';
import type { RunbookLibrary } from '../../../src/session/state.ts';
import { type Row, rowText } from '../../../src/ui/rows.ts';
import { createController, type RunController } from '../../../src/ui/run/controller.ts';
import type { Frame } from '../../../src/ui/run/frame.ts';
import { themeFor } from '../../../src/ui/theme.ts';
import { nowOf } from './checkout.ts';
import { type MemoryEngine, memoryEngine } from './engine.ts';
import { gateLibrary, gateRuns } from './gate-runs.ts';
import { faceOptions } from './open.ts';

export const sizes = [
  [160, 48],
  [100, 30],
  [80, 24],
  [60, 20],
] as const;

export interface Drawn {
  readonly engine: MemoryEngine;
  readonly controller: RunController;
  /** What was copied, oldest first. */
  readonly copied: readonly string[];
  frame(columns: number, rows: number): Frame;
  /** All rows of the screen as text. */
  lines(columns: number, rows: number): readonly string[];
}

/** Every criterion has answered, and well. */
const answered = (now: number): readonly CriterionLive[] =>
  ['0 failing', '0 restarts', 'within its deadline', 'HTTP 200'].map((value) => ({
    value,
    because: null,
    at: now - 3000,
    notYet: false,
    isBad: false,
  }));

/** The run screen over a run with gates, without a terminal. */
export const drawn = (
  run: keyof typeof gateRuns,
  facts: ((now: number) => ClusterFacts) | null,
  more: Partial<EngineView> = {},
): Drawn => {
  const events = gateRuns[run]();
  const now = nowOf(events);
  return drawnOver(gateLibrary, events, { cluster: facts?.(now) ?? null, criteria: answered(now), ...more });
};

/** The run screen over any run, without a terminal. */
export const drawnOver = (
  library: RunbookLibrary,
  events: readonly Recorded[],
  more: Partial<EngineView> = {},
  environment: Readonly<Record<string, string>> = { LANG: 'C.UTF-8' },
): Drawn => {
  let ms = 0;
  const copied: string[] = [];
  const engine = memoryEngine(library, events, { now: nowOf(events), ...more });
  const controller = createController({
    engine,
    options: faceOptions,
    theme: themeFor('dark', environment),
    brief: false,
    copy: (text) => copied.push(text),
    quit: () => undefined,
    printOut: async () => undefined,
    editElsewhere: async () => null,
    // Every key comes long after the one before.
    clock: () => {
      ms += 1000;
      return ms;
    },
  });
  const frame = (columns: number, rows: number): Frame => {
    const made = controller.frame({ columns, rows });
    if (made === null) throw new Error('too small');
    return made;
  };
  return {
    engine,
    controller,
    copied,
    frame,
    lines: (columns, rows) => {
      const { top, left, above, below, bottom } = frame(columns, rows);
      const middle: readonly Row[] = [...above, ...below].map((line, i) => [...(left[i] ?? []), ...line]);
      return [...top, ...middle, ...bottom].map(rowText);
    },
  };
};
