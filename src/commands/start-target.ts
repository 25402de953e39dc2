import type { Face } from '../engine/face.ts';
import { writeDurably } from '../journal/durable-file.ts';
import type { PreflightCheck, RunEvent, RunTarget } from '../session/events.ts';
import { isProduction } from '../settings/settings.ts';
import { pinPath } from '../shell/attempt-kubeconfig.ts';
import { ExpectedError, exitCodes } from '../text/errors.ts';
import { type ClusterChoice, chooseCluster } from './choose-cluster.ts';
import { preflightTarget } from './preflight-target.ts';
import type { RunOptions } from './run-options.ts';
import type { RunParts } from './run-parts.ts';
import { pinnedEvent } from './run-target.ts';
import { firstFacts } from './run-watch.ts';
import type { GivenInput } from './start-inputs.ts';
import type { StartRequest } from './start-run.ts';
import { runTarget } from './target.ts';

export interface NamedTarget {
  /** By name, before the cluster was asked. */
  readonly target: RunTarget;
  readonly choice: ClusterChoice | 'none';
}

/** Where the run acts: asked for when nothing names the context. Null when the operator goes back. */
export const namedTarget = async (
  request: StartRequest,
  face: Face,
  given: Readonly<Record<string, GivenInput>>,
): Promise<NamedTarget | null> => {
  const { main, options, mode, restricted, settings } = request;
  const inProduction = (name: string): boolean => isProduction(name, settings);
  const named = runTarget(main.runbook, options, inProduction, given);
  refuseAuto(options, named);
  // Nothing that a runbook names is contacted before it is trusted.
  if (restricted.has(main.sha256)) return { target: named, choice: 'none' };
  const choice = await chooseCluster({
    runbook: main.runbook,
    named: named.context,
    face,
    canAsk: mode === 'screen',
    isProduction: inProduction,
  });
  if (choice === null || choice === 'none') return choice === null ? null : { target: named, choice };
  const { name, namespace } = choice.context;
  const whole = { ...options, context: name };
  const target = runTarget(main.runbook, whole, inProduction, given);
  refuseAuto(options, target);
  const inNamespace = target.namespace ?? namespace;
  const context = { ...choice.context, namespace: inNamespace };
  return { target: { ...target, namespace: inNamespace, pinned: true }, choice: { ...choice, context } };
};

const refuseAuto = ({ auto }: RunOptions, { production }: RunTarget): void => {
  if (auto !== true || !production) return;
  throw new ExpectedError('--auto is refused in production', {
    exit: exitCodes.refused,
    nextStep: 'Run it with a person at the keyboard',
  });
};

export interface FoundStart {
  readonly checks: readonly PreflightCheck[];
  /** Binds the run to what was found: nothing is bound when the operator goes back. */
  bind(): Promise<readonly RunEvent[]>;
}

/** Asks cluster and tools who they are, and what we may do there. */
export const findStart = async (
  { main }: StartRequest,
  { target, choice }: NamedTarget,
  parts: RunParts,
): Promise<FoundStart> => {
  const { cluster } = parts.target;
  const [found, facts] = await Promise.all([
    parts.target.find(target.namespace, main.runbook.target?.pins ?? [], parts.runner),
    firstFacts(parts.watch),
  ]);
  const checks = await preflightTarget({
    target,
    found,
    cluster,
    exposed: choice === 'none' ? [] : choice.exposed,
    permissions: main.runbook.target?.permissions ?? [],
    facts,
  });
  return {
    checks,
    bind: async () => {
      if (cluster === null && found.identity.others.length === 0) return [];
      if (cluster !== null) await writeDurably(pinPath(parts.journal.dir), cluster.kubeconfig);
      parts.target.bind(found.identity, parts.runner);
      return [{ type: 'target.pinned', frame: 0, data: pinnedEvent(found.identity, cluster) }];
    },
  };
};
