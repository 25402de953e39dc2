import type { SeenSpec } from '../gates/workload.ts';
import type { ClusterWatch } from '../ports/cluster.ts';
import type { RunEvent } from '../session/events.ts';
import { attemptWrites, changeKey } from '../session/foreign.ts';
import { accept } from '../session/refusal.ts';
import type { SessionState } from '../session/state.ts';
import type { GateWatchParts } from './gates.ts';

const drivers: readonly (readonly [command: string, managers: readonly string[]])[] = [
  ['argocd', ['argocd-controller', 'argocd-application-controller']],
  ['flux', ['kustomize-controller', 'helm-controller', 'flux']],
];

/** Controllers that a script asks to act: `argocd app sync`, `flux reconcile`. */
export const drivenBy = (script: string): readonly string[] => {
  const words = script.split(/[^A-Za-z0-9_-]+/);
  return drivers.flatMap(([command, managers]) => (words.includes(command) ? managers : []));
};

/** Tells the watch when commands of this run change things, and records what was seen and what others changed. */
export const followChanges = (
  cluster: ClusterWatch,
  take: GateWatchParts['take'],
): { changed(session: SessionState): void } => {
  const told = new Map<number, number | null>();
  return {
    changed: (session) => {
      tellOwn(cluster, session, told);
      if (unrecorded(cluster, session).length > 0) void take((now) => accept(unrecorded(cluster, now)));
    },
  };
};

const tellOwn = (cluster: ClusterWatch, session: SessionState, told: Map<number, number | null>): void => {
  for (const own of Object.values(session.attempts)) {
    const { attempt, spec, part, status, startedAt, confirmedAt, outcome } = own;
    if (spec.risk === 'read' || part === 'send' || status === 'not-started') continue;
    const to = status === 'confirmed' || status === 'running' ? null : (outcome?.endedAt ?? session.lastAt);
    if (told.has(attempt) && (told.get(attempt) !== null || to === null)) continue;
    told.set(attempt, to);
    const from = startedAt ?? outcome?.startedAt ?? confirmedAt;
    cluster.noteOwnChange({ attempt, from, to, drives: drivenBy(spec.script), writes: attemptWrites(session, own) });
  }
};

/** What others changed comes first: a process that ends in between leaves it to the next one to see. */
const unrecorded = (cluster: ClusterWatch, session: SessionState): readonly RunEvent[] => {
  if (session.startedAt === null || session.finished !== null || session.left || session.mismatch !== null) return [];
  const { foreignChanges, specs } = cluster.facts();
  const frame = Math.max(0, session.frame);
  const known = new Set(session.foreignChanges.map(changeKey));
  return [
    ...foreignChanges
      .filter((change) => !known.has(changeKey(change)))
      .map(({ at, workload, by, what }): RunEvent => {
        return { type: 'change.foreign', frame, data: { workload, by, what, changedAt: at } };
      }),
    ...specs
      .filter((seen) => !isRecorded(session, seen))
      .map((data): RunEvent => ({ type: 'workload.seen', frame, data })),
  ];
};

const isRecorded = ({ seen }: SessionState, { workload, spec }: SeenSpec): boolean => {
  const known = seen[workload];
  return known !== undefined && known.spec?.uid === spec?.uid && known.spec?.generation === spec?.generation;
};
