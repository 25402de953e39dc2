import type { SourceHealth } from '../../gates/workload.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ApiProblem } from './api-problem.ts';

/** Without event, bookmark or probe for so long, what is shown is no longer live. */
export const staleMs = 45_000;

type State = SourceHealth['state'];
type Problem = Pick<ApiProblem, 'kind' | 'because' | 'nextStep'>;

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

const mute: Problem = { kind: 'reset', because: 'the watch delivers nothing: asking instead', nextStep: null };

/**
 * Health of one watch: told on every change, and once a second while only its freshness moves on. A stream that opens
 * says nothing of the rows: only what it delivers does, or an answer that they agree with.
 */
export class SourceState {
  readonly #clock: Clock;
  readonly #tell: (health: SourceHealth) => void;
  #isListed = false;
  #problem: Problem | null = null;
  #tries = 0;
  /** Since the last problem. */
  #isOpen = false;
  #isShown = false;
  /** Lists have shown what the stream did not tell, and it has not said anything since. */
  #isMute = false;
  #freshAt: number | null = null;
  #provenAt: number | null = null;
  #signAt: number | null = null;
  #told: SourceHealth | null = null;

  constructor(clock: Clock, tell: (health: SourceHealth) => void) {
    this.#clock = clock;
    this.#tell = tell;
    this.tick();
  }

  /** Something has shown the rows to be the server's since the last problem. */
  get isShown(): boolean {
    return this.#isShown;
  }

  get provenAt(): number | null {
    return this.#provenAt;
  }

  /** Milliseconds since the last sign of life, by the clock that counts more: a machine that slept heard nothing. */
  silence(): number | null {
    if (this.#signAt === null || this.#freshAt === null) return null;
    return Math.max(this.#clock.monotonic() - this.#signAt, this.#clock.now() - this.#freshAt);
  }

  /** An event, a bookmark. */
  heard(): void {
    this.#isMute = false;
    this.#sign();
  }

  /**
   * The rows are what the server said when it was asked for everything.
   * @param askedAt UTC ms
   */
  proved(askedAt: number): void {
    this.#provenAt = askedAt;
    this.#sign();
  }

  /** The server is there, and the stream that is believed has missed nothing that was asked for. */
  answered(): void {
    this.#sign();
  }

  /** The server took the watch. */
  opened(): void {
    this.#isOpen = true;
    this.#settle();
    this.tick();
  }

  /** Something may have been missed: not live again before the server has answered, and nothing is proven. */
  doubt(): void {
    this.#provenAt = null;
    if (this.#problem === null && this.#isListed)
      this.failed({ kind: 'reset', because: 'asking again', nextStep: null });
  }

  /** The stream has not told what the server knows. */
  muted(): void {
    this.#isMute = true;
    this.#provenAt = null;
    this.#tries = 0;
    this.failed(mute);
  }

  failed(problem: Problem): void {
    this.#problem = problem;
    this.#tries += 1;
    this.#isOpen = false;
    this.#isShown = false;
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
    const moved = (one: 'freshAt' | 'provenAt'): number => Math.abs((health[one] ?? 0) - (told?.[one] ?? 0));
    const movedMs = Math.max(moved('freshAt'), moved('provenAt'));
    if (isSame && (movedMs === 0 || movedMs < leastMs)) return;
    this.#told = health;
    this.#tell(health);
  }

  #sign(): void {
    this.#freshAt = this.#clock.now();
    this.#signAt = this.#clock.monotonic();
    this.#isShown = true;
    this.#settle();
    this.tick(1_000);
  }

  #settle(): void {
    if (!this.#isOpen || !this.#isShown) return;
    this.#isListed = true;
    this.#problem = this.#isMute ? mute : null;
    this.#tries = this.#isMute ? 1 : 0;
  }

  #health(): SourceHealth {
    const state = this.#state();
    const because = this.#problem?.because ?? (state === 'stale' ? `no answer ${staleMs / 1000} s` : null);
    return {
      state,
      freshAt: this.#freshAt,
      provenAt: this.#provenAt,
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
