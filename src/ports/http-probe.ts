export interface HttpAnswer {
  readonly status: number;
  /** Media type without parameters, lower case; empty when it was not said. */
  readonly type: string;
  /** At most 8 MiB. */
  readonly body: string;
  /** UTC ms of the `Date` header; null = none. */
  readonly date: number | null;
  /** Where a 3xx leads; redirects are never followed. */
  readonly location: string | null;
  readonly tookMs: number;
}

/** One GET with a deadline. Rejects with `ExpectedError` whose message is the fault in words. */
export type HttpProbe = (
  url: string,
  options: { readonly timeoutMs: number; readonly signal: AbortSignal },
) => Promise<HttpAnswer>;
