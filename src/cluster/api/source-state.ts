import type { SourceHealth } from '../../gates/workload.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ApiProblem } from './api-problem.ts';

/** Without event, bookmark or probe for so long, what is shown is no longer live. */
export const staleMs = 45_000;

type State = SourceHealth['state'];

/** Told at once and until it is over: waiting heals none of them by itself. */
const lasting: Readonly<Partial<Record<ApiProblem['kind'], State>>> = {
  forbidden: 'denied',
  unauthorized: 'login-expired',
  'not-found': 'not-found',
  tls: 'error',
  'not-kubernetes': 'error',
  'too-large': 'error',
  invalid: 'error',
};

/** Health of one watch: told on every change, and once a second while only its freshness moves on. */
export class SourceState {
  readonly #clock: Clock;
  readonly #tell: (health: SourceHealth) => void;
  #isListed = false;
  #problem: Pick<ApiProblem, 'kind' | 'because' | 'nextStep'> | null = null;
  #tries = 0;
  #freshAt: number | null = null;
  #signAt: number | null = null;
  #told: SourceHealth | null = null;

  constructor(clock: Clock, tell: (health: SourceHealth) => void) {
    this.#clock = clock;
    this.#tell = tell;
    this.tick();
  }

  /** Milliseconds since the last sign of life, by the clock that counts more: a machine that slept heard nothing. */
  silence(): number | null {
    if (this.#signAt === null || this.#freshAt === null) return null;
    return Math.max(this.#clock.monotonic() - this.#signAt, this.#clock.now() - this.#freshAt);
  }

  /** An event, a bookmark, a page, a probe that succeeded. */
  sign(): void {
    this.#freshAt = this.#clock.now();
    this.#signAt = this.#clock.monotonic();
    this.tick(1_000);
  }

  /** Everything that exists is known, and changes arrive. */
  live(): void {
    this.#isListed = true;
    this.#problem = null;
    this.#tries = 0;
    this.sign();
  }

  /** Something may have been missed: not live again before the server has answered. */
  doubt(): void {
    if (this.#problem === null && this.#isListed)
      this.failed({ kind: 'reset', because: 'asking again', nextStep: null });
  }

  failed(problem: Pick<ApiProblem, 'kind' | 'because' | 'nextStep'>): void {
    this.#problem = problem;
    this.#tries += 1;
    this.tick();
  }

  /** Tells what changed with time alone; of freshness, when it moved on by `leastMs` or more. */
  tick(leastMs = 0): void {
    const health = this.#health();
    const told = this.#told;
    const isSame =
      told !== null &&
      told.state === health.state &&
      told.tries === health.tries &&
      told.because === health.because &&
      told.nextStep === health.nextStep;
    const movedMs = Math.abs((health.freshAt ?? 0) - (told?.freshAt ?? 0));
    if (isSame && (movedMs === 0 || movedMs < leastMs)) return;
    this.#told = health;
    this.#tell(health);
  }

  #health(): SourceHealth {
    const state = this.#state();
    const because = this.#problem?.because ?? (state === 'stale' ? `no answer ${staleMs / 1000} s` : null);
    return {
      state,
      freshAt: this.#freshAt,
      tries: this.#tries,
      because,
      nextStep: this.#problem?.nextStep ?? null,
    };
  }

  #state(): State {
    const problem = this.#problem;
    const silence = this.silence();
    const forGood = problem === null ? undefined : lasting[problem.kind];
    if (forGood !== undefined) return forGood;
    if (silence === null) return problem === null ? 'loading' : 'error';
    if (silence >= staleMs) return 'stale';
    if (problem !== null) return 'reconnecting';
    return this.#isListed ? 'live' : 'loading';
  }
}
