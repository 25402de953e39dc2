import { reduceCriterion } from '../session/criterion-state.ts';
import type { RunEvent } from '../session/events.ts';
import type { Decision } from '../session/intents.ts';
import type { Ring } from '../session/notification.ts';
import type { SessionState } from '../session/state.ts';
import { watchCriteria } from './criteria.ts';
import { followChanges } from './foreign-changes.ts';
import { watchGaps } from './gaps.ts';
import { watchMetrics } from './metric-watch.ts';
import { watchPanels } from './panels.ts';
import type { Store } from './store.ts';
import type { EngineView } from './view.ts';
import type { WatchEngineParts } from './watch-engine.ts';
import type { WatchNotes } from './watch-notes.ts';
import { asRecordedHere, attended, nextWatchView } from './watch-view.ts';

interface BesideParts {
  readonly parts: WatchEngineParts;
  readonly store: Store<EngineView>;
  readonly notes: WatchNotes;
  /** Why the target cannot be told to be the right one; null when it is. */
  readonly verify: () => Promise<string | null>;
  readonly ring: (ring: Ring) => void;
  readonly failed: (error: unknown) => void;
}

/** Asks criteria, cluster and panels of a run once a second without having it. */
export const watchBeside = ({ parts, store, notes, verify, ring, failed }: BesideParts) => {
  const { clock, cluster, http, runner } = parts;
  let closed = false;
  let ticking = false;

  /** What a criterion does is true here at once; the journal learns of it by the next resume. */
  const saw = (event: RunEvent): void => {
    const { session } = store.get();
    notes.saw(event, 'criterion' in event.data ? session.criteria[event.data.criterion] : undefined);
    const next = reduceCriterion(session, asRecordedHere(event, session, parts));
    store.set((view) => ({ ...view, session: next }), true);
  };
  const take = async (decide: (session: SessionState) => Decision): Promise<void> => {
    if (closed) return;
    const decision = decide(attended(store.get().session));
    if (!decision.ok) return;
    for (const event of decision.events) saw(event);
    for (const effect of decision.effects) if (effect.type === 'ring') ring(effect);
  };
  const session = (): SessionState => attended(store.get().session);
  const metrics =
    parts.metrics === null
      ? null
      : watchMetrics({
          source: parts.metrics,
          clock,
          session,
          show: (views) => store.set((view) => ({ ...view, metrics: views }), false),
        });
  const criteria = watchCriteria({
    cluster,
    metrics,
    http,
    runner,
    clock,
    session,
    take,
    show: (live) => store.set((view) => ({ ...view, criteria: live }), false),
  });
  const showCluster = clusterSight(parts, store, () => closed);
  const tick = async (): Promise<void> => {
    const unverified = await verify();
    if (closed) return;
    showCluster();
    metrics?.tick();
    criteria.tick();
    notes.tick();
    store.set((view) => nextWatchView(view, clock.now(), notes.unkept(), unverified), true);
  };
  const stops = [
    clock.every(1000, () => {
      if (ticking) return;
      ticking = true;
      tick()
        .catch(failed)
        .finally(() => {
          ticking = false;
        });
    }),
    watchGaps(clock, ({ from, to }) => {
      metrics?.afterGap();
      notes.slept(from, to);
    }),
    watchPanels({ runner, clock, store }),
    criteria.stop,
    ...(metrics === null ? [] : [metrics.stop]),
    ...(cluster === null ? [] : [cluster.onChange(showCluster)]),
  ];
  showCluster();
  return {
    noteKey: criteria.noteKey,
    close: () => {
      closed = true;
      for (const stop of stops.splice(0)) stop();
    },
  };
};

/** Shows what the watch of the cluster knows, until it is over. */
const clusterSight = (
  { cluster }: Pick<WatchEngineParts, 'cluster'>,
  store: Store<EngineView>,
  isOver: () => boolean,
): (() => void) => {
  if (cluster === null) return () => undefined;
  // Only so that what commands of the run change is not taken for somebody else's doing.
  const changes = followChanges(cluster, async () => undefined);
  return () => {
    if (isOver()) return;
    const facts = cluster.facts();
    store.set((view) => (view.cluster === facts ? view : { ...view, cluster: facts }), false);
    changes.changed(store.get().session);
  };
};
