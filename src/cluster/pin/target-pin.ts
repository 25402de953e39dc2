import type { TargetCheck, TargetPin } from '../../ports/target.ts';
import type { TargetIdentity } from '../../session/events.ts';
import { ExpectedError } from '../../text/errors.ts';
import type { ApiConnection } from '../api/connection.ts';
import { readClusterUid } from './identity.ts';
import { type AskIdentity, askOther } from './other-pins.ts';

export interface TargetPinOptions {
  readonly identity: TargetIdentity;
  /** Null without a cluster: only other targets are pinned. */
  readonly connection: ApiConnection | null;
  readonly ask: AskIdentity;
  /** Monotonic ms. */
  readonly monotonic: () => number;
}

/**
 * Asks again, and compares. A mismatch is for good: nothing makes another target the right one. The cluster cannot
 * change under an answer that is young; other tools are asked every time, since any command may choose them anew
 * (`export AWS_PROFILE=…`).
 */
export const createTargetPin = ({ identity: found, connection, ask, monotonic }: TargetPinOptions): TargetPin => {
  let identity = found;
  let sameAt: number | null = null;
  let mismatch: TargetCheck | null = null;
  let doubts = 0;
  let asking: { readonly doubts: number; readonly answer: Promise<TargetCheck> } | null = null;

  const askCluster = async (api: ApiConnection): Promise<TargetCheck> => {
    const doubted = doubts;
    const begun = monotonic();
    const answer = await askUid(api);
    // A cluster that could not be asked at the start is bound as soon as it says who it is.
    if (typeof answer === 'string' && identity.clusterUid === null) identity = { ...identity, clusterUid: answer };
    const check = compared(answer, identity.clusterUid);
    // What was doubted while it was asked is asked again.
    sameAt = check.kind === 'same' && doubted === doubts ? begun : null;
    return check;
  };
  const clusterCheck = async (maxAgeMs: number): Promise<TargetCheck> => {
    if (connection === null) return same;
    if (sameAt !== null && maxAgeMs > 0 && monotonic() - sameAt <= maxAgeMs) return same;
    if (asking === null || asking.doubts !== doubts) asking = { doubts, answer: askCluster(connection) };
    const { answer } = asking;
    return answer.finally(() => {
      if (asking?.answer === answer) asking = null;
    });
  };

  return {
    get identity() {
      return identity;
    },
    check: async (maxAgeMs) => {
      if (mismatch !== null) return mismatch;
      const checks = await Promise.all([
        clusterCheck(maxAgeMs),
        ...identity.others.map((other) => checkOther(other, ask)),
      ]);
      const worst =
        checks.find(({ kind }) => kind === 'mismatch') ?? checks.find(({ kind }) => kind === 'unreachable') ?? same;
      if (worst.kind === 'mismatch') mismatch = worst;
      return worst;
    },
    doubt: () => {
      doubts += 1;
      sameAt = null;
    },
    close: async () => connection?.close(),
  };
};

const same: TargetCheck = { kind: 'same' };

/** Null: it does not say. */
const askUid = async (connection: ApiConnection): Promise<string | null | TargetCheck> => {
  try {
    // A login helper may take longer than a request.
    await connection.endpoint.credentials.now();
    return await readClusterUid(connection);
  } catch (error) {
    return unreachable(error);
  }
};

const compared = (answer: Awaited<ReturnType<typeof askUid>>, expected: string | null): TargetCheck => {
  if (typeof answer === 'object' && answer !== null) return answer;
  if (expected === null || answer === expected) return same;
  if (answer !== null) return { kind: 'mismatch', code: 'E602', expected, found: answer };
  return {
    kind: 'unreachable',
    because: 'the cluster no longer says who it is: no permission (get namespaces kube-system)',
    nextStep: 'Log in as the user who started the run',
  };
};

const unreachable = (error: unknown): TargetCheck =>
  error instanceof ExpectedError
    ? {
        kind: 'unreachable',
        because: `${error.code === null ? '' : `${error.code} `}${error.message}`,
        nextStep: error.nextStep,
      }
    : { kind: 'unreachable', because: error instanceof Error ? error.message : String(error), nextStep: null };

const checkOther = async (
  { kind, identity }: TargetIdentity['others'][number],
  ask: AskIdentity,
): Promise<TargetCheck> => {
  const found = await askOther(kind, ask);
  if (found.identity === null)
    return { kind: 'unreachable', because: found.because, nextStep: `See what ${kind} says in another terminal` };
  if (found.identity === identity) return same;
  return { kind: 'mismatch', code: 'E608', expected: `${kind} ${identity}`, found: `${kind} ${found.identity}` };
};
