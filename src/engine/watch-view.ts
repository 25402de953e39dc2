import type { Recorded, RunEvent } from '../session/events.ts';
import { fold } from '../session/reduce.ts';
import type { SessionState } from '../session/state.ts';
import { safeText } from '../text/safe-text.ts';
import type { EngineView } from './view.ts';
import type { WatchEngineParts } from './watch-engine.ts';

/** What a watch sees before anything was asked. */
export const firstWatchView = ({ known, library, clock, who }: WatchEngineParts): EngineView => ({
  session: fold(library, known),
  tails: {},
  health: { kind: 'ok' },
  now: clock.now(),
  notice: null,
  panels: [],
  cluster: null,
  metrics: [],
  criteria: [],
  carried: {},
  overdue: [],
  unsaved: [],
  observing: {
    because: safeText('criteria and panels are watched, nothing can be changed'),
    watch: { by: safeText(who), since: clock.now(), unkept: null, unverified: null },
  },
  ended: null,
});

const safely = (text: string | null) => (text === null ? null : safeText(text));

/** The same a second later: why nothing is written down, and why the target cannot be told; null = it is, and can. */
export const nextWatchView = (
  view: EngineView,
  now: number,
  unkept: string | null,
  unverified: string | null,
): EngineView => {
  const { observing } = view;
  if (observing?.watch === undefined) return { ...view, now };
  const watch = { ...observing.watch, unkept: safely(unkept), unverified: safely(unverified) };
  return { ...view, now, observing: { ...observing, watch } };
};

/** Somebody looks at it now, whether or not the run was left. */
export const attended = (session: SessionState): SessionState => (session.left ? { ...session, left: false } : session);

/** An event as the journal would hold it; only what the state of a criterion needs is true of it. */
export const asRecordedHere = (
  event: RunEvent,
  { seq, head }: SessionState,
  { clock, who }: WatchEngineParts,
): Recorded => ({
  ...event,
  seq,
  at: clock.now(),
  mono: clock.monotonic(),
  boot: '',
  session: '',
  actor: who,
  h: head,
});
