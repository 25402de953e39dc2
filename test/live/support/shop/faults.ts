/** How the requests of one version are answered. */
export interface Behaviour {
  /** Share of the requests that are answered with 500: 0 to 1. */
  readonly errors: number;
  /** Lognormal: median in milliseconds, and the standard deviation of the logarithm. */
  readonly medianMs: number;
  readonly spread: number;
  /** Whether its health endpoint says so. */
  readonly healthy: boolean;
}

/** What is wrong with a version; what is not given stays as it is. */
export interface Fault extends Partial<Behaviour> {
  readonly version: string;
}

// Narrow, so that two healthy tracks differ by chance far less than any limit, in windows of seconds too.
export const well: Behaviour = { errors: 0, medianMs: 60, spread: 0.15, healthy: true };

/** Box and Muller. */
const standardNormal = (): number =>
  Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());

/** The behaviours of all versions; those never heard of are well. */
export class Faults {
  private readonly byVersion = new Map<string, Behaviour>();

  of(version: string): Behaviour {
    return this.byVersion.get(version) ?? well;
  }

  set({ version, ...changes }: Fault): void {
    this.byVersion.set(version, { ...this.of(version), ...changes });
  }

  heal(version: string): void {
    this.byVersion.delete(version);
  }

  /** What the next request of the version is answered with, and after how long. */
  next(version: string): { readonly code: 200 | 500; readonly afterMs: number } {
    const { errors, medianMs, spread } = this.of(version);
    return { code: Math.random() < errors ? 500 : 200, afterMs: medianMs * Math.exp(spread * standardNormal()) };
  }
}
