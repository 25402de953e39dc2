import type {
  ForeignChange,
  PodCounts,
  RolloutFacts,
  SeenSpec,
  SourceHealth,
  WorkloadFacts,
} from '../../gates/workload.ts';
import type { PodContext } from './pod-class.ts';
import { PodTable } from './pod-table.ts';
import { PodTally } from './pod-tally.ts';
import type { WorkloadReference } from './references.ts';
import { replacements } from './replacements.ts';
import { RestartBook } from './restart-book.ts';
import { newRevisionKey, type PodsByRevision, revisionFacts } from './revisions.ts';
import { rolloutOf } from './rollout.ts';
import type { SeenEvent } from './seen-event.ts';
import type { SeenAnalysis } from './seen-others.ts';
import type { SeenPod } from './seen-pod.ts';
import type { SeenRevision } from './seen-revision.ts';
import type { SeenWorkload } from './seen-workload.ts';
import { loading, unseenBecause, worstHealth } from './source-health.ts';
import { type LastSeen, type Looking, SpecBook } from './spec-book.ts';
import { lastUnrest, nextStability, notStable, type Stability } from './stability.ts';
import { type LastStand, steadyPercent } from './steady-percent.ts';

const createFailureCountsMs = 10 * 60_000;
const ownedByRevision: readonly SeenWorkload['kind'][] = ['Deployment', 'Rollout'];

export interface LookContext {
  /** By our clock. */
  readonly now: number;
  /** By our clock. */
  readonly runBeganAt: number;
  /** Server's clock minus ours: times of objects are the server's. */
  readonly skewMs: number;
  warnings(uid: string): readonly SeenEvent[];
}

interface PodLook {
  readonly tally: PodTally;
  readonly byRevision: ReadonlyMap<string, PodsByRevision>;
  readonly newPods: readonly SeenPod[];
  readonly endingOld: number;
}

/** All that is known of one workload, and what follows from it at a time. */
export class WorkloadBook {
  readonly wanted: WorkloadReference;
  readonly namespace: string;
  readonly revisions = new Map<string, SeenRevision>();
  readonly analyses = new Map<string, SeenAnalysis>();
  readonly pods: PodTable;
  /** Of the watches it needs. */
  readonly health: { workload: SourceHealth; pods: SourceHealth; revisions: SourceHealth | null };
  #workload: SeenWorkload | null = null;
  #isListed = false;
  readonly #restarts: RestartBook;
  readonly #spec: SpecBook;
  #last: LastStand | null = null;
  #stability: Stability = notStable;

  constructor(
    wanted: WorkloadReference,
    namespace: string,
    runBeganAt: number,
    pods: PodTable = new PodTable(),
    lastSeen: LastSeen | null = null,
  ) {
    this.wanted = wanted;
    this.#spec = new SpecBook(wanted.reference, lastSeen);
    this.namespace = namespace;
    this.pods = pods;
    this.#restarts = new RestartBook(runBeganAt);
    this.health = { workload: loading, pods: loading, revisions: wanted.kind === 'Job' ? null : loading };
  }

  get workload(): SeenWorkload | null {
    return this.#workload;
  }

  /** A change of the spec that is not ours; null when there is none. */
  putWorkload(row: SeenWorkload, looking: Looking): ForeignChange | null {
    this.#workload = row;
    this.#isListed = true;
    return this.#spec.see(row, looking);
  }

  removeWorkload(uid: string, looking: Looking): ForeignChange | null {
    if (this.#workload?.uid !== uid) return null;
    this.#workload = null;
    return this.#spec.see(null, looking);
  }

  /** What a list holds: the workload is gone when it is not in it. */
  listed(uids: ReadonlySet<string>, looking: Looking): ForeignChange | null {
    this.#isListed = true;
    const known = this.#workload;
    if (known !== null) return uids.has(known.uid) ? null : this.removeWorkload(known.uid, looking);
    return this.#spec.see(null, looking);
  }

  /** What an earlier process saw last is compared with what is seen now, as soon as that is known. */
  compareWithLastSeen(looking: Looking): ForeignChange | null {
    return this.#spec.compare(this.#workload, this.#isListed, looking);
  }

  /** Null before it was seen at all. */
  get spec(): SeenSpec | null {
    return this.#spec.seen;
  }

  putPod(pod: SeenPod, now: number, skewMs = 0): void {
    this.#restarts.note(this.pods.put(pod, now + skewMs), pod, skewMs);
  }

  owns(pod: { readonly ownerUid: string | null }): boolean {
    const workload = this.#workload;
    if (workload === null || pod.ownerUid === null) return false;
    if (!ownedByRevision.includes(workload.kind)) return pod.ownerUid === workload.uid;
    return this.revisions.get(pod.ownerUid)?.ownerUid === workload.uid;
  }

  /** What pods of the new revision carry; null while it is not known, and of a Job, which has but one. */
  newRevision(): string | null {
    return this.#workload === null ? null : newRevisionKey(this.#workload, this.#ownedRevisions());
  }

  /** Whether an event speaks of the workload or of something it owns; pods that are gone are known by their names. */
  concerns({ kind, name, objectUid }: SeenEvent): boolean {
    const workload = this.#workload;
    if (workload === null) return false;
    if (kind === workload.kind) return name === workload.name;
    if (kind === 'AnalysisRun') return this.analyses.get(objectUid ?? '')?.ownerUid === workload.uid;
    if (kind === 'ReplicaSet') return this.#ownedRevisions().some((revision) => revision.name === name);
    if (kind !== 'Pod') return false;
    const pod = this.pods.rows.get(objectUid ?? '');
    return pod === undefined ? this.#isPodName(name) : this.owns(pod);
  }

  facts(context: LookContext, scalerOwners: readonly string[]): { facts: WorkloadFacts; isRestless: boolean } {
    const workload = this.#workload;
    const source = this.source();
    if (workload === null) return { facts: this.#absent(source), isRestless: source.state !== 'live' };
    const owned = this.#ownedRevisions();
    const newKey = newRevisionKey(workload, owned);
    const look = this.#lookAtPods(workload, newKey, context);
    const rollout = this.#rollout(workload, owned, newKey, look, context);
    const isKnown = source.state === 'live' || source.state === 'reconnecting';
    const isComplete = isKnown && rollout.phase === 'complete' && this.#isAllSeen(workload, look);
    this.#stability = nextStability(this.#stability, isComplete, lastUnrest(look.newPods), context.now);
    const facts: WorkloadFacts = {
      ...this.#absent(source),
      uid: workload.uid,
      rollout,
      revisions: revisionFacts(owned, newKey, look.byRevision),
      newPods: look.tally.newPods,
      oldPods: look.tally.oldPods,
      troubled: look.tally.troubled(),
      pods: look.tally.pods(),
      isCapped: this.pods.counted.size > 0,
      restartTimes: this.#restarts.times(
        (restart) => this.owns(restart) && this.#isNew(workload, restart.revision, newKey),
      ),
      stableSince: this.#stability.since,
      owners: [...workload.owners, ...scalerOwners],
    };
    return { facts, isRestless: look.tally.isRestless || rollout.phase !== 'complete' || source.state !== 'live' };
  }

  source(): SourceHealth {
    const { workload, pods, revisions } = this.health;
    // Nothing is judged of a workload that somebody may have changed while nobody looked.
    if (this.#spec.isWaiting && workload.state === 'live') return { ...workload, state: 'loading' };
    if (this.#workload === null) {
      if (workload.state !== 'live' || !this.#isListed) return workload;
      const because = `${this.wanted.reference} not found in ${this.namespace}`;
      return { ...workload, state: 'not-found', because, nextStep: 'check its name and the namespace' };
    }
    return worstHealth([workload, pods, ...(revisions === null ? [] : [revisions])]);
  }

  #absent(source: SourceHealth): WorkloadFacts {
    const none: PodCounts = new PodTally().newPods;
    const { kind, name, reference } = this.wanted;
    return {
      reference,
      kind,
      name,
      namespace: this.namespace,
      uid: null,
      source,
      rollout: null,
      revisions: [],
      newPods: none,
      oldPods: none,
      troubled: [],
      pods: [],
      isCapped: false,
      restartTimes: [],
      stableSince: null,
      owners: [],
    };
  }

  #ownedRevisions(): readonly SeenRevision[] {
    const uid = this.#workload?.uid;
    return [...this.revisions.values()].filter(({ ownerUid }) => ownerUid === uid);
  }

  #isPodName(name: string): boolean {
    const workload = this.#workload;
    if (workload === null) return false;
    const makers = ownedByRevision.includes(workload.kind) ? this.#ownedRevisions() : [workload];
    return makers.some(
      (maker) => name.startsWith(`${maker.name}-`) && !name.slice(maker.name.length + 1).includes('-'),
    );
  }

  /** Its pods are as many as its status says: the watches of both agree. Beyond the cap they are known by class alone. */
  #isAllSeen({ kind, updated, desired }: SeenWorkload, { newPods, tally }: PodLook): boolean {
    if (kind === 'Job') return true;
    if (this.pods.counted.size === 0) return newPods.length >= Math.min(updated, desired);
    const { OK, DONE, REPLACED, TERMINATING, ...uneasy } = tally.newPods;
    return Object.values(uneasy).every((count) => count === 0);
  }

  #isNew(workload: SeenWorkload, revision: string | null, newKey: string | null): boolean {
    return workload.kind === 'Job' || (newKey !== null && revision === newKey);
  }

  #lookAtPods(workload: SeenWorkload, newKey: string | null, look: LookContext): PodLook {
    const tally = new PodTally();
    const byRevision = new Map<string, { total: number; ready: number }>();
    const newPods: SeenPod[] = [];
    let endingOld = 0;
    const unseen = unseenBecause(this.health.pods);
    const context: PodContext = {
      now: look.now + look.skewMs,
      runBeganAt: look.runBeganAt + look.skewMs,
      minReadyMs: workload.minReadyMs,
      unseen,
      isReplaced: replacements(this.pods.rows.values(), (uid) =>
        uid === workload.uid ? workload.desired : (this.revisions.get(uid)?.desired ?? null),
      ),
      warnings: look.warnings,
    };
    for (const pod of this.pods.rows.values()) {
      if (!this.owns(pod)) continue;
      const isNew = this.#isNew(workload, pod.revision, newKey);
      tally.add(pod, isNew, context);
      if (isNew) newPods.push(pod);
      else if (pod.deletedBy !== null) endingOld += 1;
      if (pod.revision === null) continue;
      const count = byRevision.get(pod.revision) ?? { total: 0, ready: 0 };
      count.total += 1;
      if (pod.ready === 'True') count.ready += 1;
      byRevision.set(pod.revision, count);
    }
    for (const pod of this.pods.counted.values())
      if (this.owns(pod)) tally.addCounted(pod, this.#isNew(workload, pod.revision, newKey), unseen !== null);
    return { tally, byRevision, newPods, endingOld };
  }

  #rollout(
    workload: SeenWorkload,
    owned: readonly SeenRevision[],
    newKey: string | null,
    { endingOld }: PodLook,
    { now, skewMs, warnings }: LookContext,
  ): RolloutFacts {
    const failure = warnings(workload.uid).find(({ reason }) => reason === 'FailedCreate');
    const rollout = rolloutOf(workload, {
      endingOld,
      newAvailable: owned.find(({ key }) => key === newKey)?.available ?? null,
      createFailure:
        failure !== undefined && now + skewMs - failure.at <= createFailureCountsMs ? failure.message : null,
      analyses: [...this.analyses.values()]
        .filter(({ ownerUid }) => ownerUid === workload.uid)
        .sort((left, right) => left.createdAt - right.createdAt || (left.name < right.name ? -1 : 1)),
    });
    const steady = steadyPercent(this.#last, newKey, rollout);
    this.#last = steady.last;
    return steady.rollout;
  }
}
