import type { Clock } from '../ports/clock.ts';
import type { ClusterWatch } from '../ports/cluster.ts';
import type { CommandRunner } from '../ports/commands.ts';
import type { HttpProbe } from '../ports/http-probe.ts';
import type { Decision } from '../session/intents.ts';
import type { SessionState } from '../session/state.ts';
import { watchCriteria } from './criteria.ts';
import { followChanges } from './foreign-changes.ts';
import { type GateWatchParts, watchGates } from './gates.ts';
import type { Store } from './store.ts';
import type { EngineView } from './view.ts';

interface WatchesParts {
  readonly cluster: ClusterWatch | null;
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
  /** What became of every earlier command is known: what others changed meanwhile can be told. */
  returned(): void;
  close(): void;
}

export const watchWorld = ({ cluster, http, runner, clock, store, take, failed }: WatchesParts): Watches => {
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
  const parts: GateWatchParts = { cluster, http, runner, clock, session, take: recorded };
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
  let head = '';
  const stops = [
    clock.every(1000, () => {
      if (!isWatching()) return;
      showCluster();
      gates.tick();
      criteria.tick();
    }),
    store.subscribe(() => {
      if (session().head === head || !isWatching() || troubled) return;
      head = session().head;
      changes?.changed(session());
      gates.changed();
    }),
    ...(cluster === null ? [] : [cluster.onChange(showCluster)]),
  ];
  showCluster();
  return {
    noteKey: criteria.noteKey,
    returned: () => {
      if (cluster === null || session().mismatch !== null) return;
      changes?.changed(session());
      cluster.compareWithLastSeen();
      showCluster();
    },
    close: () => {
      closed = true;
      for (const stop of stops) stop();
      gates.stop();
      criteria.stop();
    },
  };
};
