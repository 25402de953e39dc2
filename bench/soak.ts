import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { readKubeconfig } from '../src/cluster/pin/kubeconfig.ts';
import { openCluster } from '../src/cluster/pin/open-cluster.ts';
import { pinnedContext } from '../src/cluster/pin/pinned-context.ts';
import { systemClock } from '../src/engine/clock.ts';
import { confirmsChange, walksUntil } from '../test/live/stories/support/walk.ts';
import { type LiveCluster, startCluster } from '../test/live/support/cluster.ts';
import { deployment } from '../test/live/support/manifests.ts';
import { podsOf } from '../test/live/support/pods.ts';
import { waitFor } from '../test/live/support/wait.ts';
import type { Terminal } from '../test/support/terminal.ts';
import type { Workspace } from '../test/support/workspace.ts';
import { missingServer } from './cluster/thousands.ts';
import { closeWorkspace, openWorkspace } from './cluster/workspace.ts';

interface Measured {
  readonly name: string;
  readonly figures: Readonly<Record<string, string>>;
}

const minutes = Number(process.env.GONOGO_SOAK_MINUTES ?? 15);
/** By then everything that is loaded late has been loaded. */
const warmMinutes = Math.min(3, minutes / 2);
const patchEveryMs = 1_000;
const sampleEveryMs = 5_000;
const size = { columns: 160, rows: 48 };

const head = `---
gonogo: 1
title: Soak
target: { namespace: default, workloads: [deployment/checkout] }
rollback:
  when:
    - pods: failing
---
`;

const runbooks = {
  'gate.md': `${head}
- [ ] Hold

  \`\`\`gate
  pods: app=checkout ready
  for: 90m
  within: 180m
  \`\`\`
`,
  'left.md': `${head}
- [ ] Scale

  \`\`\`sh {risk=change}
  kubectl scale deployment/checkout --replicas=3
  \`\`\`

- [ ] Rest
`,
};

interface Sample {
  /** Since the start. */
  readonly minute: number;
  readonly rss: number;
  readonly descriptors: number;
}

const sampleOf = (pid: number, minute: number): Sample => ({
  minute,
  rss: Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024,
  descriptors: readdirSync(`/proc/${pid}/fd`).length,
});

const atGate = async (workspace: Workspace, context: string): Promise<Terminal> => {
  const terminal = workspace.terminal(['run', 'gate.md', '--context', context], size);
  await walksUntil(terminal, /held \d+:\d\d of/);
  return terminal;
};

/** A run that was left after its change, and the watch beside it. */
const watched = async (workspace: Workspace, context: string): Promise<Terminal> => {
  const run = workspace.terminal(['run', 'left.md', '--context', context], size);
  await walksUntil(run, /Enter asks before it runs/);
  await confirmsChange(run);
  await run.sees(/exit 0/, 30_000);
  await run.presses('q');
  await run.sees('From now on nobody watches');
  await run.presses('y');
  await run.exits(30_000);
  const watch = workspace.terminal(['watch', workspace.runs()[0] ?? ''], size);
  await watch.sees('Rollback criteria', 30_000);
  return watch;
};

/** Changes one pod every second until it is told to end, in a way that the gate holds; gives the number of changes. */
const changesOnePod = (cluster: LiveCluster, pod: string): (() => Promise<number>) => {
  const context = pinnedContext(readKubeconfig([cluster.kubeconfig]), cluster.context);
  const { connection } = openCluster(context, { environment: {}, clock: systemClock, onSecret: () => {} });
  const stop = new AbortController();
  let changes = 0;
  const change = async (): Promise<void> => {
    const metadata = { annotations: { 'gonogo.bench/change': String(changes) } };
    const path = `/api/v1/namespaces/default/pods/${pod}`;
    await connection.send('PATCH', path, { metadata }, 'application/strategic-merge-patch+json');
    changes += 1;
  };
  const all = (async () => {
    while (!stop.signal.aborted) {
      const from = performance.now();
      await change();
      await pause(Math.max(0, patchEveryMs - (performance.now() - from)));
    }
    await connection.close();
  })();
  return async () => {
    stop.abort();
    await all;
    return changes;
  };
};

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

const rowOf = (what: string, samples: readonly Sample[], changes: number): Measured => {
  const minuteBefore = (minute: number): readonly Sample[] =>
    samples.filter((sample) => sample.minute > minute - 1 && sample.minute <= minute);
  const [warm, last] = [minuteBefore(warmMinutes), minuteBefore(minutes)];
  const rss = (some: readonly Sample[]): number => median(some.map((sample) => sample.rss)) / 1e6;
  const descriptors = (some: readonly Sample[]): string => String(median(some.map((sample) => sample.descriptors)));
  return {
    name: `${what}, ${minutes} min, a pod changes every second`,
    figures: {
      [`whole process, minute ${warmMinutes}`]: `${rss(warm).toFixed(0)} MB`,
      [`minute ${minutes}`]: `${rss(last).toFixed(0)} MB`,
      most: `${(Math.max(...samples.map((sample) => sample.rss)) / 1e6).toFixed(0)} MB`,
      'open files': `${descriptors(warm)}, ${descriptors(last)}`,
      changes: String(changes),
      budget: 'flat',
    },
  };
};

const soak = async (cluster: LiveCluster, workspaces: readonly Workspace[]): Promise<readonly Measured[]> => {
  const [one, other] = workspaces as [Workspace, Workspace];
  const programs = [
    { what: '`run` at a gate', shows: /held \d+:\d\d of/, terminal: await atGate(one, cluster.context) },
    {
      what: '`watch` of a run',
      shows: /This watch[\s\S]*watches since/,
      terminal: await watched(other, cluster.context),
    },
  ].map((program) => ({ ...program, samples: [] as Sample[] }));
  const [pod] = await podsOf(cluster, 'checkout');
  const end = changesOnePod(cluster, pod?.metadata.name ?? '');
  const from = performance.now();
  for (let minute = 0; minute < minutes; minute = (performance.now() - from) / 60_000) {
    for (const { terminal, samples } of programs) {
      samples.push(sampleOf(terminal.pid, minute));
      // What the terminal keeps for tests would grow here.
      terminal.raw = '';
    }
    await pause(sampleEveryMs);
  }
  const changes = await end();
  for (const { what, shows, terminal } of programs)
    if (!shows.test(terminal.text())) throw new Error(`${what} shows something else:\n${terminal.text()}`);
  return programs.map(({ what, samples }) => rowOf(what, samples, changes));
};

/** Memory and descriptors of the program in front of a real API server, over minutes in which nothing may grow. */
export const measure = async (): Promise<readonly Measured[]> => {
  const missing = missingServer();
  if (missing !== null) {
    console.error(`\n*** SOAK: NOT RUN: ${missing} was not built; test/live/tools/build.sh builds the servers ***\n`);
    return [{ name: 'soak', figures: { 'NOT RUN': 'the real servers are not built here' } }];
  }
  const cluster = await startCluster({ stages: 'healthy' });
  const workspaces: Workspace[] = [];
  try {
    await cluster.apply(deployment({ name: 'checkout', image: 'registry.example/checkout:v2.3.0', replicas: 3 }));
    await waitFor('three pods', async () => {
      const pods = await podsOf(cluster, 'checkout');
      return pods.length === 3 && pods.every(({ status }) => status.phase === 'Running');
    });
    for (let i = 0; i < 2; i += 1) workspaces.push(openWorkspace(cluster, runbooks));
    return await soak(cluster, workspaces);
  } finally {
    workspaces.forEach(closeWorkspace);
    await cluster.stop();
  }
};
