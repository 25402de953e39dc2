import type { AwayPage } from '../engine/face.ts';
import { unreadWords } from '../gates/cluster-samples.ts';
import type { ClusterFacts, ForeignChange, WorkloadFacts } from '../gates/workload.ts';
import { foreignWords, workloadTrouble, workloadWord } from '../session/cluster-words.ts';
import { releasedEarly } from '../session/lock-claim.ts';
import { lockWarning, type RunLock } from '../session/lock-state.ts';
import type { Span } from '../session/watch-state.ts';
import { safe, safeLine } from '../text/safe-text.ts';

type AwayLine = AwayPage['lines'][number];

const line = (level: AwayLine['level'], text: string): AwayLine => ({ level, text: safe`${safeLine(text)}` });

/** What became of the deploy lock. That somebody else has it now is told by whoever asked for it. */
export const lockLines = (before: RunLock, after: RunLock): readonly AwayLine[] => {
  if (before.kind === 'none') return [];
  if (after.kind === 'held') {
    const how = before.kind === 'held' ? 'was renewed and is still held' : 'is held again';
    return [line('info', `the deploy lock "${after.scope}" ${how}`)];
  }
  if (after.kind === 'released' && after.reason !== releasedEarly)
    return [line('attention', `the deploy lock "${after.scope}" was given free: ${after.reason ?? 'no reason given'}`)];
  const warning = after.kind === 'unlocked' ? lockWarning({ lock: after, run: null }) : null;
  return warning === null ? [] : [line('attention', warning.text)];
};

/** How the workloads are now, and what happened to them meanwhile; null = nothing can be told yet. */
export const clusterLines = (
  facts: ClusterFacts | null,
  changes: readonly ForeignChange[],
  away: Span,
): readonly AwayLine[] => {
  if (facts === null) return [];
  const { state } = facts.source;
  const unread = state === 'denied' || state === 'login-expired' ? [line('attention', unreadWords(facts.source))] : [];
  return [
    ...unread,
    ...changes.map((change) => line('attention', foreignWords(change))),
    ...facts.workloads.flatMap((workload) => workloadLines(workload, away)),
  ];
};

const workloadLines = (workload: WorkloadFacts, { from, to }: Span): readonly AwayLine[] => {
  const restarts = workload.restartTimes.filter((at) => at >= from && at <= to).length;
  const noun = restarts === 1 ? 'pod restarted' : 'restarts of pods';
  const trouble = workloadWord(workload) === 'FAIL' ? workloadTrouble(workload, to) : null;
  return [
    ...(restarts === 0 ? [] : [line('attention', `${workload.reference}: ${restarts} ${noun} with an error`)]),
    ...(trouble === null ? [] : [line('attention', `FAIL ${trouble}`)]),
  ];
};
