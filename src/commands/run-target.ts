import type { FoundTarget } from '../cluster/pin/find-target.ts';
import type { RunCluster } from '../cluster/pin/open-cluster.ts';
import type { PinnedContext } from '../cluster/pin/pinned-context.ts';
import { systemClock } from '../engine/clock.ts';
import type { Guard } from '../engine/guard.ts';
import { createTargetGuard } from '../engine/target-guard.ts';
import type { CommandRunner } from '../ports/commands.ts';
import type { SecretsRegistry } from '../ports/secrets.ts';
import type { TargetCheck, TargetPin } from '../ports/target.ts';
import type { EventData, PinKind, TargetIdentity } from '../session/events.ts';
import { sha256 } from '../session/exec-spec.ts';

/** The target of one run in this process: found at its start, known again when it goes on. */
export interface RunTargetParts {
  /** Null without a cluster. Others watch and lock through its connection. */
  readonly cluster: RunCluster | null;
  readonly guard: Guard;
  /** Asks who cluster and tools are. */
  find(namespace: string | null, kinds: readonly PinKind[], runner: CommandRunner): Promise<FoundTarget>;
  /** From now on every change asks whether it is still this one. */
  bind(identity: TargetIdentity, runner: CommandRunner): TargetPin;
  /** Null before it is bound, and for a run without a target. */
  pin(): TargetPin | null;
  close(): Promise<void>;
}

/** Shorter ones would mask words of any text. */
const shortestSecret = 8;
const identityTimeoutMs = 20_000;

export const openTarget = async (context: PinnedContext | null, registry: SecretsRegistry): Promise<RunTargetParts> => {
  let pin: TargetPin | null = null;
  const cluster = context === null ? null : await openedCluster(context, registry, () => pin?.doubt());
  const same: TargetCheck = { kind: 'same' };
  const askWith = (runner: CommandRunner) => (script: string) => runner.probe(script, {}, identityTimeoutMs);
  const [{ findTarget }, { createTargetPin }] = await Promise.all([
    import('../cluster/pin/find-target.ts'),
    import('../cluster/pin/target-pin.ts'),
  ]);
  return {
    cluster,
    guard: createTargetGuard({
      check: async (maxAgeMs) => (pin === null ? same : pin.check(maxAgeMs)),
      bound: () => (pin === null ? null : pinnedEvent(pin.identity, cluster)),
    }),
    find: (namespace, kinds, runner) => findTarget(cluster, namespace, kinds, askWith(runner)),
    bind: (identity, runner) => {
      pin = createTargetPin({
        identity,
        connection: cluster?.connection ?? null,
        ask: askWith(runner),
        monotonic: systemClock.monotonic,
      });
      return pin;
    },
    pin: () => pin,
    close: async () => cluster?.connection.close(),
  };
};

const openedCluster = async (
  context: PinnedContext,
  registry: SecretsRegistry,
  onDoubt: () => void,
): Promise<RunCluster> => {
  const { openCluster } = await import('../cluster/pin/open-cluster.ts');
  return openCluster(context, {
    environment: process.env,
    clock: systemClock,
    onDoubt,
    onSecret: (value) => {
      if (value.length >= shortestSecret) registry.register('cluster-login', value);
    },
  });
};

export const pinnedEvent = (identity: TargetIdentity, cluster: RunCluster | null): EventData['target.pinned'] => ({
  identity,
  kubeconfigSha256: cluster === null ? null : sha256(cluster.kubeconfig),
});
