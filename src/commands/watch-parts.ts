import { hostname } from 'node:os';
import { systemClock } from '../engine/clock.ts';
import { type WatchEngine, watchEngine } from '../engine/watch-engine.ts';
import { observeJournal } from '../journal/open.ts';
import type { CommandRunner } from '../ports/commands.ts';
import type { MetricsSource } from '../ports/metrics.ts';
import type { SecretsRegistry } from '../ports/secrets.ts';
import type { TargetCheck } from '../ports/target.ts';
import type { EventData, Recorded, TargetIdentity } from '../session/events.ts';
import { mismatchNextStep, mismatchWords } from '../session/target.ts';
import { createCommandRunner } from '../shell/command-runner.ts';
import { createSecretResolver } from '../shell/secret-references.ts';
import { createSecretsRegistry } from '../shell/secrets-registry.ts';
import { watchOutput } from '../shell/watch-output.ts';
import { ExpectedError, exitCodes } from '../text/errors.ts';
import { runnerPath } from './about.ts';
import { lateHttpProbe } from './late-http-probe.ts';
import { openRunMetrics } from './late-metrics.ts';
import { pinnedIn, resumedContext } from './resume-target.ts';
import { definedIn, libraryOf } from './run-parts.ts';
import { openTarget, type RunTargetParts } from './run-target.ts';
import { openRunWatch } from './run-watch.ts';
import { offPathOf, snapshots } from './snapshots.ts';
import { watchNotebook } from './watch-notebook.ts';

interface WatchRequest {
  readonly dir: string;
  readonly events: readonly Recorded[];
  readonly started: EventData['run.started'];
  readonly session: string;
  readonly who: string;
}

export interface WatchParts {
  readonly engine: WatchEngine;
  close(): Promise<void>;
}

/** A cluster that was just asked is asked again after this long, or when a connection was cut. */
const youngMs = 30_000;

/** E602 or E608: nothing of another target is shown as if it were this run's. */
export const wrongTarget = (mismatch: EventData['target.mismatch']): ExpectedError =>
  new ExpectedError(mismatchWords(mismatch).replace(/^E\d+ /, ''), {
    code: mismatch.code,
    exit: exitCodes.refused,
    nextStep: mismatchNextStep,
  });

/**
 * Asks who the target is: all of it now, then the cluster whenever there is doubt and the other tools, whose commands
 * cost something, every 30 s. Throws `ExpectedError` for another target.
 */
const verified = async (
  target: RunTargetParts,
  runner: CommandRunner,
  identity: TargetIdentity,
): Promise<() => Promise<TargetCheck>> => {
  const whole = target.bind(identity, runner);
  const first = await whole.check(0);
  if (first.kind === 'mismatch') throw wrongTarget(first);
  let askedAt = systemClock.monotonic();
  const cluster = target.bind({ ...identity, others: [] }, runner);
  return async () => {
    const due = identity.others.length > 0 && systemClock.monotonic() - askedAt >= youngMs;
    if (!due) return cluster.check(youngMs);
    askedAt = systemClock.monotonic();
    return whole.check(0);
  };
};

/** The server that the run asks; null = none. */
const metricsOf = ({ metrics, cwd }: EventData['run.started'], registry: SecretsRegistry): MetricsSource | null => {
  if (metrics === undefined || metrics === null) return null;
  const resolveSecret = createSecretResolver({ environment: definedIn(process.env), cwd });
  return openRunMetrics(metrics, { resolveSecret, registry, environment: process.env });
};

/** Puts together what looks at a run from beside. Throws `ExpectedError` when its pin was changed, or its target is another one. */
export const openWatch = async ({ dir, events, started, session, who }: WatchRequest): Promise<WatchParts> => {
  const registry = createSecretsRegistry();
  registry.registerInherited(process.env);
  const library = libraryOf(await snapshots(dir, events, offPathOf(events)));
  const target = await openTarget(await resumedContext(dir, events), registry);
  const runner = createCommandRunner({
    runDir: dir,
    runnerPath: runnerPath(),
    environment: process.env,
    startCwd: started.cwd,
    secretsRegistry: registry,
    now: Date.now,
    kubeconfig: target.cluster?.kubeconfig ?? null,
  });
  const stop = new AbortController();
  const closeTarget = async (): Promise<void> => {
    stop.abort();
    await runner.close();
    await target.close();
  };
  try {
    const bound = pinnedIn(events);
    const identity = bound === null ? null : await verified(target, runner, bound.identity);
    const { namespace, workloads } = started.target;
    const beganAt = events[0]?.at ?? Date.now();
    const cluster = await openRunWatch(target.cluster, { namespace, workloads, beganAt });
    const metrics = metricsOf(started, registry);
    const outputs = watchOutput(dir);
    const engine = watchEngine({
      known: events,
      events: observeJournal(dir, { signal: stop.signal }),
      library,
      outputs,
      cluster,
      metrics,
      http: lateHttpProbe,
      runner,
      clock: systemClock,
      flushMs: process.env.SSH_CONNECTION === undefined ? 100 : 500,
      identity,
      notebook: watchNotebook({ dir, session, who, mask: registry.mask }),
      host: hostname(),
      who,
    });
    return {
      engine,
      close: async () => {
        await engine.close();
        await metrics?.close();
        await cluster?.close();
        await closeTarget();
      },
    };
  } catch (error) {
    await closeTarget();
    throw error;
  }
};
