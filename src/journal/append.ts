import type { WriteHealth } from '../ports/journal.ts';
import type { Recorded, RunEvent } from '../session/events.ts';
import type { ExpectedError } from '../text/errors.ts';
import type { Ballast } from './ballast.ts';
import { closedError, fullError, HealthState, isOutcome, poisonedError } from './health.ts';
import type { Clock } from './machine.ts';
import { type Segment, WriteFailure } from './segment.ts';

/** A place where lines can be written, and the room kept there for a full disk. */
export interface WriteTarget {
  readonly segment: Segment;
  readonly ballast: Ballast;
}

export interface WriterOptions {
  readonly run: string;
  readonly session: string;
  readonly actor: string;
  readonly clock: Clock;
  readonly target: WriteTarget;
  /** `ok`, or `moved` when the journal stands in a fallback folder already. */
  readonly health: WriteHealth;
}

interface Waiting {
  readonly event: RunEvent;
  readonly at: number;
  readonly mono: number;
  readonly resolve: (event: Recorded) => void;
  readonly reject: (error: ExpectedError) => void;
}

const savingAfterMs = 150;
const batchLines = 128;

/**
 * The queue in front of a journal file. One line is one write; the lines that wait while the disk is busy share the next
 * fdatasync. Order of calls is order of lines.
 */
export class JournalWriter {
  readonly health: HealthState;
  readonly #options: WriterOptions;
  #target: WriteTarget;
  #actor: string;
  #queue: Waiting[] = [];
  /** Lines handed to the disk that it has not confirmed. */
  #inFlight: Waiting[] = [];
  #draining: Promise<void> | null = null;
  /** What the health goes back to when a full disk has room again. */
  #resting: WriteHealth;
  #closed = false;

  constructor(options: WriterOptions) {
    this.#options = options;
    this.#target = options.target;
    this.#actor = options.actor;
    this.#resting = options.health;
    this.health = new HealthState(options.health);
  }

  get segment(): Segment {
    return this.#target.segment;
  }

  append(event: RunEvent): Promise<Recorded> {
    const { clock } = this.#options;
    const { promise, resolve, reject } = Promise.withResolvers<Recorded>();
    if (this.#closed) reject(closedError(this.segment.dir));
    else {
      // A copy as it will be read back, so that nobody changes it before it is written or sees more than is on disk.
      const copy = JSON.parse(JSON.stringify(event)) as RunEvent;
      this.#queue.push({ event: copy, at: clock.now(), mono: clock.mono(), resolve, reject });
      this.#start();
    }
    return promise;
  }

  /** Goes on in another folder, whatever the old one does; what waits is written there, after `first`. */
  moveTo(target: WriteTarget, first: RunEvent): Promise<Recorded> {
    const { clock } = this.#options;
    const { promise, resolve, reject } = Promise.withResolvers<Recorded>();
    this.#target = target;
    this.#queue.unshift({ event: first, at: clock.now(), mono: clock.mono(), resolve, reject }, ...this.#inFlight);
    this.#inFlight = [];
    this.#draining = null;
    this.health.saved();
    this.#resting = { kind: 'moved', dir: target.segment.dir };
    this.health.become(this.#resting);
    this.#start();
    return promise;
  }

  /** Resolves when what was appended so far is durable or refused. */
  async close(): Promise<void> {
    this.#closed = true;
    while (this.#draining !== null) await this.#draining;
  }

  #start(): void {
    this.#draining ??= this.#drain(this.#target);
  }

  async #drain(target: WriteTarget): Promise<void> {
    // Lines appended in the same turn share one fdatasync.
    await Promise.resolve();
    while (this.#target === target && this.#queue.length > 0) {
      this.#inFlight = this.#queue.splice(0, batchLines);
      const { now } = this.#options.clock;
      const timer = setTimeout(() => this.#target === target && this.health.saving(now()), savingAfterMs);
      await this.#writeBatch(target, this.#inFlight);
      clearTimeout(timer);
      if (this.#target === target) this.health.saved();
    }
    if (this.#target === target) this.#draining = null;
  }

  async #writeBatch(target: WriteTarget, batch: readonly Waiting[]): Promise<void> {
    const written: { readonly waiting: Waiting; readonly event: Recorded }[] = [];
    for (const waiting of batch) {
      const result = await this.#writeOne(target, waiting);
      // Moved meanwhile: the lines that this file has not confirmed are written again over there.
      if (this.#target !== target) return;
      if ('event' in result) written.push({ waiting, event: result.event });
      else this.#refuse(waiting, result.refused);
    }
    if (written.length === 0) return;
    try {
      await target.segment.sync();
    } catch (error) {
      if (this.#target !== target) return;
      this.#poison(target, `fsync: ${(error as NodeJS.ErrnoException).code ?? String(error)}`);
      for (const { waiting } of written) this.#refuse(waiting, this.#poisoned(target));
      return;
    }
    if (this.#target !== target) return;
    for (const { waiting, event } of written) {
      this.#inFlight = this.#inFlight.filter((one) => one !== waiting);
      waiting.resolve(event);
    }
  }

  async #writeOne(
    target: WriteTarget,
    waiting: Waiting,
  ): Promise<{ readonly event: Recorded } | { readonly refused: ExpectedError }> {
    const health: WriteHealth = this.health.lasting;
    if (health.kind === 'poisoned') return { refused: this.#poisoned(target) };
    const { type } = waiting.event;
    const room = health.kind !== 'full' && (type !== 'command.confirmed' || target.ballast.present());
    if (!room && !isOutcome(type) && !(await this.#roomAgain(target))) {
      this.health.become({ kind: 'full' });
      return { refused: fullError(target.segment.dir) };
    }
    try {
      return { event: await this.#line(target, waiting) };
    } catch (error) {
      if (this.#target !== target) return { refused: this.#poisoned(target) };
      return this.#afterFailure(target, waiting, error);
    }
  }

  async #afterFailure(
    target: WriteTarget,
    waiting: Waiting,
    error: unknown,
  ): Promise<{ readonly event: Recorded } | { readonly refused: ExpectedError }> {
    if (!(error instanceof WriteFailure)) throw error;
    const first = this.health.lasting.kind !== 'full';
    if (error.clean && error.full) {
      if (first) {
        this.health.become({ kind: 'full' });
        await target.ballast.release().catch(() => undefined);
        if (isOutcome(waiting.event.type)) return this.#writeOne(target, waiting);
      }
      return { refused: fullError(target.segment.dir) };
    }
    this.#poison(target, `write: ${error.message}`);
    return { refused: this.#poisoned(target) };
  }

  async #line(target: WriteTarget, { event, at, mono }: Waiting): Promise<Recorded> {
    const { session, clock } = this.#options;
    const { type, frame, data } = event;
    const line = { at, mono, boot: clock.boot, session, actor: this.#actor, frame, type, data };
    const done = await target.segment.write(line);
    if (event.type === 'operator.changed') this.#actor = event.data.to;
    return done;
  }

  /** A full disk may have room again: then the ballast is laid anew and everything is accepted. */
  async #roomAgain(target: WriteTarget): Promise<boolean> {
    const reserved = await target.ballast.reserve().then(
      () => true,
      () => false,
    );
    if (reserved && this.#target === target) this.health.become(this.#resting);
    return reserved;
  }

  #refuse(waiting: Waiting, error: ExpectedError): void {
    this.#inFlight = this.#inFlight.filter((one) => one !== waiting);
    waiting.reject(error);
  }

  #poison(target: WriteTarget, reason: string): void {
    if (this.#target === target) this.health.become({ kind: 'poisoned', reason });
  }

  #poisoned(target: WriteTarget): ExpectedError {
    const health = this.health.lasting;
    const reason = health.kind === 'poisoned' ? health.reason : 'moved to another folder';
    return poisonedError(target.segment.dir, this.#options.run, reason);
  }
}
