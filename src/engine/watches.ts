import type { Clock } from '../ports/clock.ts';
import type { ClusterWatch } from '../ports/cluster.ts';
import type { CommandRunner } from '../ports/commands.ts';
import type { HttpProbe } from '../ports/http-probe.ts';
import type { MetricsSource } from '../ports/metrics.ts';
import type { RunEvent } from '../session/events.ts';
import type { Decision } from '../session/intents.ts';
import { accept } from '../session/refusal.ts';
import type { SessionState } from '../session/state.ts';
import { backfillGaps } from './backfill.ts';
import { watchBaselines } from './baselines.ts';
import { watchCriteria } from './criteria.ts';
import { followChanges } from './foreign-changes.ts';
import { type GateWatchParts, watchGates } from './gates.ts';
import { recordMetrics } from './metric-record.ts';
import { watchMetrics } from './metric-watch.ts';
import type { Store } from './store.ts';
import type { EngineView } from './view.ts';

interface WatchesParts {
  readonly cluster: ClusterWatch | null;
  readonly metrics: MetricsSource | null;
  readonly http: HttpProbe;
  readonly runner: CommandRunner;
  readonly clock: Clock;
  readonly store: Store<EngineView>;
  /** Records and carries out a decision, in order with everything else. */
  readonly take: (decide: () => Decision) => Promise<void>;
  readonly failed: (error: unknown) => void;
}

/** Everything that is watched beside the steps: the cluster, running gates, rollback criteria. */
export interface Watches {
  noteKey(): void;
  /** What the metrics server has told of gaps in this process, once it has or will not. */
  backfilled(): Promise<readonly RunEvent[]>;
  /** What the metrics are now, when somebody decides. */
  sampledMetrics(view: EngineView): readonly RunEvent[];
  /** What became of every earlier command is known: what others changed meanwhile can be told. */
  returned(): void;
  close(): void;
}

export const watchWorld = ({ cluster, metrics, http, runner, clock, store, take, failed }: WatchesParts): Watches => {
  const session = (): SessionState => store.get().session;
  // Before a process has recorded that it is here, and for how long nobody was, no clock of the run may go on.
  const before = session().seq;
  const isWatching = (): boolean => !closed && store.get().observing === null && session().seq > before;
  let closed = false;
  let troubled = false;
  // A disk that refuses is told once, not every second.
  const recorded: GateWatchParts['take'] = async (decide) => {
    try {
      await take(() => (isWatching() ? decide(session()) : { ok: true, events: [], effects: [] }));
      troubled = false;
    } catch (error) {
      if (!troubled) failed(error);
      troubled = true;
    }
  };
  const asked =
    metrics === null
      ? null
      : watchMetrics({
          source: metrics,
          clock,
          session,
          show: (views) => store.set((view) => ({ ...view, metrics: views }), false),
        });
  const samples = recordMetrics();
  const parts: GateWatchParts = { cluster, metrics: asked, http, runner, clock, session, take: recorded };
  const gates = watchGates(parts);
  const criteria = watchCriteria({
    ...parts,
    show: (live) => store.set((view) => ({ ...view, criteria: live }), false),
  });
  const changes = cluster === null ? null : followChanges(cluster, recorded);
  const showCluster = (): void => {
    if (cluster === null || closed) return;
    const facts = cluster.facts();
    store.set((view) => (view.cluster === facts ? view : { ...view, cluster: facts }), false);
    if (isWatching()) changes?.changed(session());
  };
  const baselines = watchBaselines({ source: metrics, clock, session, take: recorded });
  const backfill =
    metrics === null || asked === null
      ? null
      : backfillGaps(
          { source: metrics, clock, references: asked.references, take: recorded, filled: () => criteria.renew() },
          session().gaps.length,
        );
  let gaps = session().gaps.length;
  const followGaps = (): void => {
    const { length } = session().gaps;
    if (length > gaps) asked?.afterGap();
    gaps = length;
    backfill?.changed(session());
  };
  let head = '';
  const stops = [
    clock.every(1000, () => {
      if (!isWatching()) return;
      showCluster();
      followGaps();
      asked?.tick();
      if (backfill?.isOpen() === true) return;
      baselines.tick();
      gates.tick();
      criteria.tick();
      void recorded(() => accept(samples.due(store.get())));
    }),
    store.subscribe(() => {
      if (session().head === head || !isWatching() || troubled) return;
      head = session().head;
      changes?.changed(session());
      followGaps();
      gates.changed();
    }),
    ...(cluster === null ? [] : [cluster.onChange(showCluster)]),
  ];
  showCluster();
  return {
    noteKey: criteria.noteKey,
    sampledMetrics: samples.now,
    backfilled: async () => {
      if (isWatching()) followGaps();
      return (await backfill?.done()) ?? [];
    },
    returned: () => {
      if (cluster === null || session().mismatch !== null) return;
      changes?.changed(session());
      cluster.compareWithLastSeen();
      showCluster();
    },
    close: () => {
      closed = true;
      for (const stop of stops) stop();
      asked?.stop();
      backfill?.stop();
      baselines.stop();
      gates.stop();
      criteria.stop();
    },
  };
};
