import type { PodClass } from '../../gates/workload.ts';
import { spoken } from '../../text/duration.ts';
import { doomedContainer, type Finding, finding, startTrouble } from './container-trouble.ts';
import { pendingReason, stuckReason } from './pod-waits.ts';
import { crashLoop, inContainer, lastExit, podReason, times } from './pod-words.ts';
import { latest } from './raw.ts';
import type { SeenEvent } from './seen-event.ts';
import type { SeenContainer, SeenPod } from './seen-pod.ts';

/** What a pod is judged with. Times are UTC ms. */
export interface PodContext {
  readonly now: number;
  readonly runBeganAt: number;
  readonly minReadyMs: number;
  /** Why the pods are not seen as they are: the watch is stale, the right or the login is missing. Null = they are. */
  readonly unseen: string | null;
  /** Another pod of the same owner has taken its place. */
  isReplaced(pod: SeenPod): boolean;
  /** Warnings of one pod, newest first. */
  warnings(uid: string): readonly SeenEvent[];
}

export interface PodJudgement {
  readonly class: PodClass;
  /** Called only for the few that are shown. */
  readonly reason: () => string | null;
  readonly container: string | null;
}

const oomCountsMs = 10 * 60_000;
const deletionGraceMs = 60_000;

const evictions =
  /^(Evicted|Preempting|Preempted|OutOf\S+|NodeAffinity|Shutdown|NodeShutdown|Terminated|UnexpectedAdmissionError)$/i;

type Rule = (pod: SeenPod, context: PodContext) => PodJudgement | null;

const judged = (podClass: PodClass, found: Finding | null): PodJudgement | null =>
  found === null ? null : { class: podClass, ...found };

const said = (podClass: PodClass, reason: string | null): PodJudgement => ({
  class: podClass,
  reason: () => reason,
  container: null,
});

const unknown: Rule = (pod, { unseen }) => {
  if (pod.reason === 'NodeLost') return said('UNKNOWN', podReason(pod, 'NodeLost'));
  if (pod.phase === 'Unknown') return said('UNKNOWN', podReason(pod, 'the node does not answer'));
  if (pod.ready === 'Unknown') return said('UNKNOWN', 'Ready is unknown: its node does not answer');
  return unseen === null ? null : said('UNKNOWN', `not seen lately: ${unseen}`);
};

const terminating: Rule = (pod, { now }) => {
  if (pod.deletedBy === null) return null;
  return now - pod.deletedBy > deletionGraceMs
    ? said('STUCK', 'still terminating a minute after its grace period')
    : said('TERMINATING', 'terminating');
};

const done: Rule = (pod) => (pod.phase === 'Succeeded' ? said('DONE', null) : null);

const replaced: Rule = (pod, context) =>
  pod.phase === 'Failed' && pod.reason !== null && evictions.test(pod.reason) && context.isReplaced(pod)
    ? said('REPLACED', podReason(pod, 'Failed'))
    : null;

const doomed: Rule = (pod, { warnings }) => judged('DOOMED', doomedContainer(pod, warnings(pod.uid)));

const isFailure = (container: SeenContainer): boolean =>
  container.state === 'terminated' && (container.exitCode ?? 0) !== 0;

const ended = (container: SeenContainer): Finding =>
  finding(container, () => inContainer(container.reason ?? 'Error', container.name, `exit ${container.exitCode ?? 0}`));

const failedPod: Rule = (pod) => {
  if (pod.phase !== 'Failed') return null;
  const container = pod.containers.find(isFailure);
  if (pod.reason === null && container !== undefined) return judged('FAILING', ended(container));
  return judged(
    'FAILING',
    finding(container ?? null, () => podReason(pod, 'Failed')),
  );
};

const crashing: Rule = (pod) => {
  const container = pod.containers.find(({ state, reason }) => state === 'waiting' && reason === 'CrashLoopBackOff');
  return container === undefined
    ? null
    : judged(
        'FAILING',
        finding(container, () => crashLoop(container)),
      );
};

const notStarting: Rule = (pod) => judged('FAILING', startTrouble(pod));

const outOfMemory: Rule = (pod, { now }) => {
  for (const container of pod.containers) {
    const isNow = container.state === 'terminated' && container.reason === 'OOMKilled';
    const was = container.lastReason === 'OOMKilled' && now - (container.lastAt ?? 0) <= oomCountsMs;
    if (isNow || was) {
      const restarts = container.restarts === 0 ? null : times(container.restarts, 'restart');
      return judged(
        'FAILING',
        finding(container, () => inContainer('OOMKilled', container.name, restarts)),
      );
    }
  }
  return null;
};

const exited: Rule = (pod) => {
  const container = pod.containers.find(isFailure);
  return container === undefined ? null : judged('FAILING', ended(container));
};

const restarted: Rule = (pod, { runBeganAt }) => {
  const container = pod.containers.find(
    ({ restarts, lastExitCode, lastAt }) =>
      restarts > 0 && lastExitCode !== null && lastExitCode !== 0 && (lastAt ?? 0) >= runBeganAt,
  );
  if (container === undefined) return null;
  const what = `${times(container.restarts, 'restart')}, last ${lastExit(container)}`;
  return judged(
    'FAILING',
    finding(container, () => inContainer('restarted', container.name, what)),
  );
};

const stuck: Rule = (pod, { now, warnings }) => judged('STUCK', stuckReason(pod, warnings(pod.uid), now));

const unreadySince = (pod: SeenPod): number =>
  pod.containers.reduce(
    (since, { kind, state, at }) => (kind !== 'init' && state === 'running' ? latest(since, at) : since),
    latest(pod.readySince),
  );

const unready: Rule = (pod, { now, warnings }) => {
  if (pod.phase !== 'Running' || (pod.ready === 'True' && pod.closedGate === null)) return null;
  const since = unreadySince(pod);
  if (since === 0 || now - since <= pod.probeBudgetMs) return null;
  const probe = warnings(pod.uid).find(({ reason }) => reason === 'Unhealthy');
  const container = pod.containers.find(({ kind, ready }) => kind !== 'init' && !ready) ?? null;
  const gate = pod.closedGate === null ? pod.readyMessage : `readiness gate ${pod.closedGate}`;
  const why = probe?.message ?? gate;
  const text = `not ready within ${spoken(pod.probeBudgetMs)}`;
  return judged(
    'WARN',
    finding(container, () => (why === null ? text : `${text}: ${why}`)),
  );
};

const oldRestarts: Rule = (pod) => {
  const container = pod.containers.find(({ kind, restarts }) => kind !== 'init' && restarts > 0);
  if (container === undefined) return null;
  const exit = lastExit(container);
  const restarts = times(container.restarts, 'restart');
  return judged(
    'WARN',
    finding(container, () => (exit === null ? restarts : `${restarts}, last ${exit}`)),
  );
};

const available: Rule = (pod, { now, minReadyMs }) => {
  if (pod.ready !== 'True' || pod.closedGate !== null) return null;
  const left = (pod.readySince ?? 0) + minReadyMs - now;
  return left > 0 && minReadyMs > 0
    ? said('PROGRESSING', `ready, counts as available after ${spoken(minReadyMs)}`)
    : said('OK', null);
};

const progressing: Rule = (pod) => judged('PROGRESSING', pendingReason(pod));

/** First match wins. Source: 40-cluster, "Pod health". */
const rules: readonly Rule[] = [
  unknown,
  terminating,
  done,
  replaced,
  doomed,
  failedPod,
  crashing,
  notStarting,
  outOfMemory,
  exited,
  restarted,
  stuck,
  unready,
  oldRestarts,
  available,
  progressing,
];

/** Class and reason of one pod at `now`; both may change with time alone. */
export const judgePod = (pod: SeenPod, context: PodContext): PodJudgement => {
  if (pod.isCalm && context.unseen === null) {
    const calm = available(pod, context);
    if (calm !== null) return calm;
  }
  for (const rule of rules) {
    const judgement = rule(pod, context);
    if (judgement !== null) return judgement;
  }
  return said('PROGRESSING', null);
};
