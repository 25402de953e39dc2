import type { Clock } from '../../ports/clock.ts';
import { ExpectedError } from '../../text/errors.ts';
import { ApiProblem } from './api-problem.ts';
import type { Authentication, Endpoint } from './connection.ts';

/** A login helper that has just failed is not asked again by the next of many watches. */
const restMs = 25_000;

/** The credential of one connection: renewed once for everybody whose request it was refused to. */
export class Login {
  readonly #endpoint: Endpoint;
  readonly #clock: Clock;
  #generation = 0;
  #renewing: Promise<boolean> | null = null;
  #failedAt: number | null = null;

  constructor(endpoint: Endpoint, clock: Clock) {
    this.#endpoint = endpoint;
    this.#clock = clock;
  }

  /** Rises with every new credential. */
  get generation(): number {
    return this.#generation;
  }

  /** Rejects with `unauthorized` when there is no credential to be had. */
  async authentication(): Promise<Authentication> {
    try {
      return await this.#endpoint.credentials.now();
    } catch (error) {
      if (!(error instanceof ExpectedError)) throw error;
      throw this.expired(error.message, error.nextStep);
    }
  }

  /** After a 401 to a request of that generation: is it worth asking again? */
  async renew(generation: number): Promise<boolean> {
    if (generation !== this.#generation) return true;
    if (this.#failedAt !== null && this.#clock.monotonic() - this.#failedAt < restMs) return false;
    this.#renewing ??= this.#renewOnce();
    return await this.#renewing;
  }

  /** The new credential was refused, too. */
  noteRefused(): void {
    this.#failedAt = this.#clock.monotonic();
  }

  noteAccepted(): void {
    this.#failedAt = null;
  }

  expired(because = 'LOGIN EXPIRED', nextStep: string | null = null): ApiProblem {
    const { loginCommand } = this.#endpoint;
    const step = nextStep ?? (loginCommand === null ? 'log in again' : `run ${loginCommand}`);
    return new ApiProblem({ kind: 'unauthorized', status: 401, because, nextStep: step });
  }

  async #renewOnce(): Promise<boolean> {
    try {
      const isNew = await this.#endpoint.credentials.renew();
      if (isNew) this.#generation += 1;
      else this.noteRefused();
      return isNew;
    } catch (error) {
      this.noteRefused();
      if (!(error instanceof ExpectedError)) throw error;
      throw this.expired(error.message, error.nextStep);
    } finally {
      this.#renewing = null;
    }
  }
}
