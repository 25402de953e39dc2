import type { ForeignChange } from '../gates/workload.ts';
import type { ClusterWatch } from '../ports/cluster.ts';
import type { RunEvent } from '../session/events.ts';
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

const keyOf = ({ at, workload, by, what }: ForeignChange): string => `${at}/${workload}/${by}/${what}`;

/** Tells the watch when commands of this run change things, and records what others changed meanwhile. */
export const followChanges = (
  cluster: ClusterWatch,
  take: GateWatchParts['take'],
): { changed(session: SessionState): void } => {
  const told = new Map<number, number | null>();
  const recorded = new Set<string>();
  return {
    changed: (session) => {
      for (const { attempt, spec, part, status, startedAt, confirmedAt, outcome } of Object.values(session.attempts)) {
        if (spec.risk === 'read' || part === 'send' || status === 'not-started') continue;
        const ended = status === 'confirmed' || status === 'running' ? null : (outcome?.endedAt ?? session.lastAt);
        if (told.has(attempt) && (told.get(attempt) !== null || ended === null)) continue;
        told.set(attempt, ended);
        cluster.noteOwnChange(attempt, startedAt ?? confirmedAt, ended, drivenBy(spec.script));
      }
      const began = session.startedAt;
      const { foreignChanges } = cluster.facts();
      // What the watch has forgotten never comes again.
      const known = new Set(foreignChanges.map(keyOf));
      for (const key of recorded) if (!known.has(key)) recorded.delete(key);
      const fresh = foreignChanges.filter((change) => {
        const key = keyOf(change);
        if (recorded.has(key) || began === null || session.finished !== null || session.left) return false;
        recorded.add(key);
        return true;
      });
      if (fresh.length === 0) return;
      const frame = Math.max(0, session.frame);
      const events = fresh.map(
        ({ at, workload, by, what }): RunEvent => ({
          type: 'change.foreign',
          frame,
          data: { workload, by, what, changedAt: at },
        }),
      );
      void take(() => accept(events));
    },
  };
};
