import type { SeenContainer, SeenPod } from './seen-pod.ts';

const mostKept = 1_000;
const mostAtOnce = 100;

interface Restart {
  /** By our clock. */
  readonly at: number;
  readonly revision: string | null;
  readonly ownerUid: string | null;
}

/** Restarts with a non-zero exit since the run began, also of pods that are gone by now; at most 1,000. */
export class RestartBook {
  readonly #runBeganAt: number;
  #restarts: Restart[] = [];

  constructor(runBeganAt: number) {
    this.#runBeganAt = runBeganAt;
  }

  /** @param skewMs server's clock minus ours: the pod's times are the server's */
  note(before: SeenPod | null, after: SeenPod, skewMs: number): void {
    if (after.restarts === 0) return;
    for (const container of after.containers) {
      if (container.lastAt === null || (container.lastExitCode ?? 0) === 0) continue;
      const at = container.lastAt - skewMs;
      if (at < this.#runBeganAt) continue;
      const news = Math.min(mostAtOnce, this.#newsOf(before, after, container, skewMs));
      for (let i = 0; i < news; i += 1) this.#restarts.push({ at, revision: after.revision, ownerUid: after.ownerUid });
    }
    if (this.#restarts.length > mostKept) {
      this.#restarts.sort((left, right) => left.at - right.at);
      this.#restarts = this.#restarts.slice(-mostKept);
    }
  }

  /** UTC ms each by our clock, newest last. */
  times(counts: (restart: Restart) => boolean): readonly number[] {
    return this.#restarts
      .filter(counts)
      .map(({ at }) => at)
      .sort((left, right) => left - right);
  }

  /** Of a pod older than the run only its last restart is known to be since. */
  #newsOf(before: SeenPod | null, after: SeenPod, container: SeenContainer, skewMs: number): number {
    if (before === null)
      return after.createdAt - skewMs >= this.#runBeganAt ? container.restarts : Math.min(1, container.restarts);
    const known = before.containers.find(({ name }) => name === container.name);
    return Math.max(0, container.restarts - (known?.restarts ?? 0));
  }
}
