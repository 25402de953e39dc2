import type { SeenEvent } from './seen-event.ts';

const mostKept = 2_000;
const none: readonly SeenEvent[] = [];

/** Events of the namespace by uid, the newest 2,000, and the warnings of each object. */
export class EventBook {
  readonly #events = new Map<string, SeenEvent>();
  #byObject: Map<string, SeenEvent[]> | null = null;

  put(event: SeenEvent): void {
    this.#events.set(event.uid, event);
    this.#byObject = null;
    if (this.#events.size > mostKept + mostKept / 10) this.#dropOldest();
  }

  remove(uid: string): void {
    if (this.#events.delete(uid)) this.#byObject = null;
  }

  all(): Iterable<SeenEvent> {
    return this.#events.values();
  }

  /** Newest first. */
  warningsOf(uid: string): readonly SeenEvent[] {
    this.#byObject ??= this.#index();
    return this.#byObject.get(uid) ?? none;
  }

  #index(): Map<string, SeenEvent[]> {
    const index = new Map<string, SeenEvent[]>();
    for (const event of this.#events.values()) {
      if (event.type !== 'Warning' || event.objectUid === null) continue;
      const known = index.get(event.objectUid);
      if (known === undefined) index.set(event.objectUid, [event]);
      else known.push(event);
    }
    for (const events of index.values())
      events.sort((left, right) => right.at - left.at || (left.uid < right.uid ? -1 : 1));
    return index;
  }

  #dropOldest(): void {
    const oldestFirst = [...this.#events.values()].sort((left, right) => left.at - right.at);
    for (const { uid } of oldestFirst.slice(0, -mostKept)) this.#events.delete(uid);
  }
}
