import { rmSync } from 'node:fs';
import type { PinnedContext } from '../cluster/pin/pinned-context.ts';
import { systemClock } from '../engine/clock.ts';
import { createEngine } from '../engine/engine.ts';
import type { LockKeeper } from '../engine/lock-keeper.ts';
import { createStoreGuard } from '../engine/store-guard.ts';
import type { Engine } from '../engine/view.ts';
import { eventsOf } from '../journal/open.ts';
import type { ClusterWatch } from '../ports/cluster.ts';
import type { CommandRunner } from '../ports/commands.ts';
import type { Journal } from '../ports/journal.ts';
import type { MetricsSource } from '../ports/metrics.ts';
import type { MetricsServer, Recorded, RunEvent } from '../session/events.ts';
import type { RunbookLibrary } from '../session/state.ts';
import type { Settings } from '../settings/settings.ts';
import { createCommandRunner } from '../shell/command-runner.ts';
import { createSecretResolver } from '../shell/secret-references.ts';
import { createSecretsRegistry } from '../shell/secrets-registry.ts';
import { runnerPath } from './about.ts';
import type { HeldIn } from './conceal.ts';
import { lateHttpProbe } from './late-http-probe.ts';
import { openRunMetrics } from './late-metrics.ts';
import type { OpenedRunbook } from './open-runbook.ts';
import { recordFilesIn } from './record-files.ts';
import { type LockPlace, openRunLock } from './run-lock.ts';
import { openTarget, pinnedEvent, type RunTargetParts } from './run-target.ts';
import { openRunWatch, type WatchPlace } from './run-watch.ts';
import { keepIn } from './stored-workloads.ts';

/** The pieces of one run in this process. */
export interface RunParts {
  readonly engine: Engine & {
    readonly resume: () => Promise<void>;
    readonly record: (events: readonly RunEvent[], anywhere?: boolean) => Promise<void>;
    readonly backfilled: () => Promise<readonly RunEvent[]>;
    readonly loadLate: () => Promise<void>;
  };
  readonly journal: Journal;
  readonly runner: CommandRunner;
  readonly target: RunTargetParts;
  readonly lock: LockKeeper;
  /** Null without a cluster. */
  readonly watch: ClusterWatch | null;
  /** Null when no metrics server is asked. */
  readonly metrics: MetricsSource | null;
  readonly heldIn: HeldIn;
  /** Each secret becomes `[secret NAME]`. */
  readonly mask: (text: string) => string;
  /** Ends everything and removes the folder: a run that never began leaves nothing. */
  discard(): Promise<void>;
}

export interface PartsRequest {
  readonly journal: Journal;
  readonly events: readonly Recorded[];
  readonly runbooks: readonly Pick<OpenedRunbook, 'sha256' | 'runbook'>[];
  readonly settings: Settings;
  readonly cwd: string;
  /** The context that the run is bound to; null = no cluster. */
  readonly context: PinnedContext | null;
  readonly lock: LockPlace;
  readonly watch: WatchPlace;
  /** Null when no metrics server is asked. */
  readonly metrics: MetricsServer | null;
}

export const libraryOf = (runbooks: PartsRequest['runbooks']): RunbookLibrary =>
  Object.fromEntries(runbooks.map(({ sha256, runbook }) => [sha256, runbook]));

/** The variables that have a value. */
export const definedIn = (environment: NodeJS.ProcessEnv): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(environment).filter((entry): entry is [string, string] => entry[1] !== undefined));

/** Puts the adapters together. Output over ssh is announced less often, so that a slow line keeps up. */
export const openParts = async (request: PartsRequest): Promise<RunParts> => {
  const { journal, events, runbooks, settings, cwd, context } = request;
  const registry = createSecretsRegistry();
  registry.registerInherited(process.env);
  const target = await openTarget(context, registry);
  const watch = await openRunWatch(target.cluster, request.watch);
  const lock = await openRunLock(request.lock, target.cluster?.connection ?? null, registry.mask);
  const runner = createCommandRunner({
    runDir: journal.dir,
    runnerPath: runnerPath(),
    environment: process.env,
    startCwd: cwd,
    secretsRegistry: registry,
    now: Date.now,
    kubeconfig: target.cluster?.kubeconfig ?? null,
  });
  const resolveSecret = createSecretResolver({ environment: definedIn(process.env), cwd });
  const needs = { resolveSecret, registry, environment: process.env };
  const metrics = request.metrics === null ? null : openRunMetrics(request.metrics, needs);
  const engine = createEngine({
    journal,
    events,
    library: libraryOf(runbooks),
    runner: lock.guardStarts(runner),
    clock: systemClock,
    registry,
    resolveSecret,
    cluster: watch,
    reread: () => eventsOf(journal.dir),
    metrics,
    http: lateHttpProbe,
    recordFiles: recordFilesIn(journal.dir, settings.records),
    flushMs: process.env.SSH_CONNECTION === undefined ? 100 : 500,
    guards: [target.guard, lock.guard, ...(watch === null ? [] : [createStoreGuard(watch, keepIn(journal.dir))])],
  });
  doubtAfterGaps(engine, target);
  bindOnContact(engine, target);
  lock.attach({ session: () => engine.view().session, subscribe: engine.subscribe, record: engine.record });
  const close = async (): Promise<void> => {
    await lock.close();
    await engine.close();
    await metrics?.close();
    await watch?.close();
    await target.close();
  };
  return {
    engine: { ...engine, close },
    journal,
    runner,
    target,
    lock,
    watch,
    metrics,
    heldIn: registry.heldIn,
    mask: registry.mask,
    discard: async () => {
      await close();
      rmSync(journal.dir, { recursive: true, force: true });
    },
  };
};

/** A cluster that could not be asked at the start is bound as soon as it is seen: later another one may answer there. */
const bindOnContact = (
  engine: Engine & Pick<RunParts['engine'], 'record'>,
  { pin, cluster }: Pick<RunTargetParts, 'pin' | 'cluster'>,
): void => {
  let asked = false;
  const bind = async (): Promise<void> => {
    const bound = pin();
    if (bound === null || (await bound.check(0)).kind !== 'same' || bound.identity.clusterUid === null) return;
    if (engine.view().session.pin?.clusterUid !== null) return;
    const frame = Math.max(0, engine.view().session.frame);
    await engine.record([{ type: 'target.pinned', frame, data: pinnedEvent(bound.identity, cluster) }]);
  };
  engine.subscribe(() => {
    const { session, cluster: facts, observing } = engine.view();
    if (asked || observing !== null || session.pin?.clusterUid !== null || facts?.source.state !== 'live') return;
    asked = true;
    // A disk that refuses tells so itself; the next change asks again.
    bind().catch(() => undefined);
  });
};

/** A machine that slept may wake up in another network. */
const doubtAfterGaps = (engine: Engine, target: RunTargetParts): void => {
  let known = engine.view().session.gaps.length;
  engine.subscribe(() => {
    const { length } = engine.view().session.gaps;
    if (length > known) target.pin()?.doubt();
    known = length;
  });
};
