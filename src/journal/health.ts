import type { WriteHealth } from '../ports/journal.ts';
import type { EventType } from '../session/events.ts';
import { ExpectedError, exitCodes } from '../text/errors.ts';

/**
 * What is still recorded on a full disk, from the room of the ballast: how things that were under way ended, and the
 * way out. Everything that would begin something new is refused.
 */
const outcomes: ReadonlySet<EventType> = new Set<EventType>([
  'command.started',
  'command.stop-requested',
  'command.finished',
  'command.unknown',
  'command.resolved',
  'environment.carried',
  'step.passed',
  'step.failed',
  'gate.verdict',
  'criterion.breached',
  'lock.lost',
  'lock.released',
  'rollback.finished',
  'frame.closed',
  'journal.recovered',
  'record.exported',
  'run.gap',
  'run.left',
  'run.finished',
]);

export const isOutcome = (type: EventType): boolean => outcomes.has(type);

/** E706: after a failed write or fsync nothing is known about what the disk keeps. */
export const poisonedError = (dir: string, run: string, reason: string): ExpectedError =>
  new ExpectedError(`disk refused to save (${reason}); no new commands`, {
    code: 'E706',
    place: dir,
    nextStep: `Export now: gonogo export ${run}; or go on in another folder`,
    exit: exitCodes.resumable,
  });

/** E707. */
export const fullError = (dir: string): ExpectedError =>
  new ExpectedError('disk full – outcome saved, new commands blocked', {
    code: 'E707',
    place: dir,
    nextStep: 'Make room on this disk and try again, or go on in another folder',
    exit: exitCodes.resumable,
  });

export const closedError = (dir: string): ExpectedError =>
  new ExpectedError('the run was left; nothing more can be recorded here', {
    place: dir,
    nextStep: 'Open it again: gonogo resume',
    exit: exitCodes.resumable,
  });

/** The journal's health with its listeners. `saving` lies over the lasting state and goes away with the slow write. */
export class HealthState {
  #lasting: WriteHealth;
  #saving: WriteHealth | null = null;
  readonly #listeners = new Set<(health: WriteHealth) => void>();

  constructor(lasting: WriteHealth) {
    this.#lasting = lasting;
  }

  get now(): WriteHealth {
    return this.#saving ?? this.#lasting;
  }

  get lasting(): WriteHealth {
    return this.#lasting;
  }

  listen(listener: (health: WriteHealth) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  become(health: WriteHealth): void {
    this.#lasting = health;
    this.#tell();
  }

  saving(since: number): void {
    this.#saving = { kind: 'saving', since };
    this.#tell();
  }

  saved(): void {
    if (this.#saving === null) return;
    this.#saving = null;
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener(this.now);
  }
}
