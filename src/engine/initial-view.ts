import { fold } from '../session/reduce.ts';
import type { EngineParts } from './engine.ts';
import type { EngineView } from './view.ts';

/** What a process sees of a run before anything has happened in it. */
export const initialView = (parts: EngineParts): EngineView => ({
  session: fold(parts.library, parts.events),
  tails: {},
  health: parts.journal.health,
  now: parts.clock.now(),
  notice: null,
  panels: [],
  cluster: null,
  metrics: [],
  criteria: [],
  carried: parts.runner.carriedVariables(),
  overdue: [],
  unsaved: [],
  observing: null,
  ended: null,
});
