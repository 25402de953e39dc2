import { ExpectedError, exitCodes } from '../../text/errors.ts';

export type ApiProblemKind =
  | 'refused'
  | 'unreachable'
  | 'dns'
  | 'tls'
  | 'timeout'
  /** Reset, or ended before its end. */
  | 'reset'
  /** 401 after one new credential, or no credential to be had. */
  | 'unauthorized'
  | 'forbidden'
  | 'not-found'
  | 'conflict'
  /** 410: the version asked for is no longer kept. */
  | 'gone'
  | 'throttled'
  /** 5xx. */
  | 'server'
  /** 400, 422 and everything else that the server refuses. */
  | 'invalid'
  /** An answer of something else: a login page, a redirect, cut JSON. */
  | 'not-kubernetes'
  | 'too-large'
  /** We ended it ourselves. */
  | 'aborted';

export interface ApiProblemFacts {
  readonly kind: ApiProblemKind;
  /** `connection refused (127.0.0.1:6443)`, `certificate of "api" expired 2026-01-02`, `no answer 5 s`. Not yet safe. */
  readonly because: string;
  /** HTTP status; null without an answer. */
  readonly status?: number | null;
  /** The API's own message and reason (`Expired`, `AlreadyExists`), of its Status. */
  readonly apiMessage?: string | null;
  readonly apiReason?: string | null;
  /** Of a 429 or 503 with `Retry-After`. */
  readonly retryAfterMs?: number | null;
  readonly nextStep?: string | null;
  readonly cause?: unknown;
}

/** Why a request to an API server has no result, in one form for every cause. Its message is `because`. */
export class ApiProblem extends ExpectedError {
  readonly kind: ApiProblemKind;
  readonly because: string;
  readonly status: number | null;
  readonly apiMessage: string | null;
  readonly apiReason: string | null;
  readonly retryAfterMs: number | null;

  constructor(facts: ApiProblemFacts) {
    super(facts.because, {
      exit: exitCodes.refused,
      ...(facts.nextStep == null ? {} : { nextStep: facts.nextStep }),
      ...(facts.cause === undefined ? {} : { cause: facts.cause }),
    });
    this.kind = facts.kind;
    this.because = facts.because;
    this.status = facts.status ?? null;
    this.apiMessage = facts.apiMessage ?? null;
    this.apiReason = facts.apiReason ?? null;
    this.retryAfterMs = facts.retryAfterMs ?? null;
  }
}

export const isApiProblem = (error: unknown, kind?: ApiProblemKind): error is ApiProblem =>
  error instanceof ApiProblem && (kind === undefined || error.kind === kind);
