import { upperTail } from '../../src/gates/statistics.ts';

/** Requests of one version of a service. */
export interface Service {
  readonly perMinute: number;
  /** Standard deviation of the logarithm of the latencies, which are lognormal around 100 ms. */
  readonly spread: number;
  /** Share of failed requests. */
  readonly errors: number;
  /** What the latency of the slowest 3 % is multiplied by: p99 rises, p95 does not. */
  readonly tail: number;
}

/** What one window of requests shows. */
export interface Shown {
  readonly requests: number;
  readonly failed: number;
  /** Seconds; null when there were no requests. */
  readonly quantile: (quantile: number) => number | null;
}

/** Fixed seeds give the same requests on every machine (mulberry32). */
export const randomOf = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

const manyEvents = 60;

/** A Poisson draw: exact for few events, by the normal approximation for many. */
const poisson = (random: () => number, mean: number, none: number): number => {
  if (mean > manyEvents) {
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal));
  }
  let left = random();
  let share = none;
  let count = 0;
  while (left > share && count < 1000) {
    left -= share;
    count += 1;
    share *= mean / count;
  }
  return count;
};

const medianSeconds = 0.1;
const slowest = 0.03;
/** Only quantiles above this one are asked for: all faster requests are one bucket. */
const lowest = 0.15;
/** Buckets 2 % apart: finer than any difference that is judged. */
const bucketWidth = 0.02;
const highestZ = 4.5;

interface Buckets {
  /** Upper bounds, seconds, ascending; the first bucket begins at 0. */
  readonly bounds: readonly number[];
  readonly shares: readonly number[];
}

const zAbove = (share: number): number => {
  let [low, high] = [0, 8];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (upperTail(middle) > share) low = middle;
    else high = middle;
  }
  return low;
};

const bucketsOf = ({ spread, tail }: Service): Buckets => {
  const step = bucketWidth / spread;
  const slow = zAbove(slowest);
  const edges = [zAbove(lowest)];
  for (let z = (edges[0] as number) + step; z < highestZ; z += step) edges.push(z);
  const before = edges.findIndex((z) => z > slow);
  edges.splice(before, 0, slow);
  const secondsAt = (z: number): number => medianSeconds * Math.exp(z * spread) * (z > slow ? tail : 1);
  const bounds = edges.map(secondsAt);
  const shares = edges.map((z, index) => (index === 0 ? 1 : upperTail(edges[index - 1] as number)) - upperTail(z));
  shares.push(upperTail(edges.at(-1) as number));
  bounds.push((bounds.at(-1) as number) * Math.exp(bucketWidth));
  return { bounds, shares };
};

/** Requests as they come in, in slots; what is asked for is seen over a window of the last slots. */
export const requestsOf = (service: Service, slotSeconds: number, windowSlots: number, random: () => number) => {
  const { bounds, shares } = bucketsOf(service);
  const perSlot = (service.perMinute / 60) * slotSeconds;
  const means = Float64Array.from(shares, (share) => share * perSlot);
  const nones = means.map((mean) => Math.exp(-mean));
  const ring = Array.from({ length: windowSlots }, () => new Int32Array(shares.length + 1));
  const window = new Int32Array(shares.length + 1);
  const errors = shares.length;
  const failing = service.errors * perSlot;
  const noFailure = Math.exp(-failing);
  let next = 0;
  return {
    /** One more slot of requests. */
    advance: (): void => {
      const slot = ring[next % windowSlots] as Int32Array;
      next += 1;
      for (let i = 0; i <= errors; i++) {
        const isError = i === errors;
        const mean = isError ? failing : (means[i] as number);
        const drawn = poisson(random, mean, isError ? noFailure : (nones[i] as number));
        window[i] = (window[i] as number) + drawn - (slot[i] as number);
        slot[i] = drawn;
      }
    },
    shown: (): Shown => {
      let requests = 0;
      for (let i = 0; i < errors; i++) requests += window[i] as number;
      return {
        requests,
        failed: Math.min(requests, window[errors] as number),
        quantile: (q) => quantileOf(window, bounds, q, requests),
      };
    },
  };
};

/** As `histogram_quantile` tells it: in proportion within its bucket. */
const quantileOf = (counts: Int32Array, bounds: readonly number[], quantile: number, all: number): number | null => {
  if (all === 0) return null;
  const rank = quantile * all;
  let before = 0;
  for (const [index, bound] of bounds.entries()) {
    const here = counts[index] as number;
    if (before + here >= rank && here > 0) {
      const lower = index === 0 ? 0 : (bounds[index - 1] as number);
      return lower + (bound - lower) * ((rank - before) / here);
    }
    before += here;
  }
  return bounds.at(-1) ?? null;
};
