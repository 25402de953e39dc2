import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { runnersIn, until } from '../../test/faults/support/processes.ts';
import type { Terminal } from '../../test/support/terminal.ts';
import type { Workspace } from '../../test/support/workspace.ts';
import { giveWay, giveWayProcess } from './give-way.ts';
import type { Cluster } from './thousands.ts';
import { closeWorkspace, openWorkspace } from './workspace.ts';

/** Key to frame, ms each. */
export type Latencies = readonly number[];

export interface StormFigures {
  readonly latencies: Latencies;
  readonly changesPerSecond: number;
  /** Of a core, the screen's process and the command's runner. */
  readonly screenCpu: number;
  readonly runnerCpu: number;
  readonly bytesPerSecond: number;
}

const stormPods = 5_000;
/** An answer that takes longer is none. */
const answerLimitMs = 60_000;
const listingLimitMs = 120_000;
const size = { columns: 160, rows: 48 };

/** Each selects the same pods; as a text of its own it is listed anew. */
const selectors = ['app=checkout', 'app in (checkout)', 'app=checkout,app', 'app,app=checkout'];

const listings = selectors.map(
  (selector, i) => `## List ${i + 1}

- [ ] Listing ${i + 1}

  \`\`\`gate
  name: list-${i + 1}
  pods: '${selector} ready'
  \`\`\`
`,
);

const head = `---
gonogo: 1
title: Many pods
target:
  namespace: default
  workloads: [deployment/checkout]
---

# Many pods
`;

const look = `## Look

- [ ] Stream

  \`\`\`sh {timeout=30m}
  while :; do seq 1 1000; sleep 0.1; done
  \`\`\`

- [ ] Rest
`;

/** Between two keys a person takes some time, never the same: that also keeps clear of the rhythm of the frames. */
const nextKey = (leastMs: number): Promise<void> => pause(leastMs * (1 + Math.random()));
/** Held down, and one after the other: what the keys draw counts for the terminal too. */
const heldMs = 40;
const typedMs = 130;

/** What the cursor is on: the title of the middle column. */
const titleOf = (terminal: Terminal): string => /┐┌ (.+?) ─/.exec(terminal.lines()[4] ?? '')?.[1] ?? '';
/** `step 2 of 6`. */
const placeOf = (terminal: Terminal): string => /step \d+ of \d+/.exec(terminal.lines()[1] ?? '')?.[0] ?? '';

/** Moves the cursor down and up while it should; each key until what it is on is on the screen. */
const pressKeys = async (terminal: Terminal, goesOn: () => boolean, leastMs = heldMs): Promise<Latencies> => {
  const latencies: number[] = [];
  for (let i = 0; goesOn() || i % 2 === 1; i += 1) {
    const [title, place] = [titleOf(terminal), placeOf(terminal)];
    const from = performance.now();
    terminal.sends(i % 2 === 0 ? 'j' : 'k');
    await terminal.until(
      () => titleOf(terminal) !== title || placeOf(terminal) !== place,
      `moved from ${title}`,
      answerLimitMs,
    );
    // When the run goes on by itself the cursor goes with it: that was no answer.
    if (placeOf(terminal) === place) latencies.push(performance.now() - from);
    await nextKey(leastMs);
  }
  return latencies;
};

/** Gate by gate the pods are listed anew, beside what is watched already. */
const whileListing = async (workspace: Workspace, context: string): Promise<Latencies> => {
  const terminal = workspace.terminal(['run', 'lists.md', '--context', context], size);
  await terminal.sees('Listing 1', listingLimitMs);
  const latencies = await pressKeys(terminal, () => !terminal.text().includes(`✓ Listing ${selectors.length}`));
  terminal.close();
  return latencies;
};

/** Seconds of processor time that a process has used. */
const cpuSeconds = (pid: number): number => {
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
};

const startStorm = async (cluster: Cluster, ready: 'True' | 'False') => {
  const program = join(import.meta.dirname, 'storm-process.ts');
  const args = [program, cluster.kubeconfig, cluster.context, String(stormPods), ready];
  const child: ChildProcess = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  giveWayProcess(child.pid);
  if (child.stdout === null) throw new Error('no output');
  const lines = createInterface({ input: child.stdout });
  const said: string[] = [];
  lines.on('line', (line) => said.push(line));
  const state = { isOver: false };
  child.once('exit', () => {
    state.isOver = true;
  });
  await once(lines, 'line');
  const ended = state.isOver ? Promise.resolve() : once(child, 'close');
  return {
    isOver: () => state.isOver,
    /** Milliseconds of the changes. */
    end: async (): Promise<number> => {
      await ended;
      const ms = Number(said[1]);
      if (!(ms > 0)) throw new Error('the pods could not be changed');
      return ms;
    },
  };
};

const runnerOf = (workspace: Workspace): Promise<number> =>
  until('the runner of the command', () => {
    const run = workspace.runs().at(-1);
    return run === undefined ? null : runnersIn(join(workspace.runsFolder, run))[0];
  });

/** 5,000 pods change as fast as the server takes it, while a command writes 10,000 lines a second. */
const whileStorming = async (
  cluster: Cluster,
  workspace: Workspace,
  terminal: Terminal,
  ready: 'True' | 'False',
): Promise<StormFigures> => {
  const runner = await runnerOf(workspace);
  const storm = await startStorm(cluster, ready);
  const before = [cpuSeconds(terminal.pid), cpuSeconds(runner)] as const;
  const from = { at: performance.now(), bytes: terminal.raw.length };
  const latencies = await pressKeys(terminal, () => !storm.isOver(), typedMs);
  const seconds = (performance.now() - from.at) / 1_000;
  const ms = await storm.end();
  return {
    latencies,
    changesPerSecond: stormPods / (ms / 1_000),
    screenCpu: (cpuSeconds(terminal.pid) - before[0]) / seconds,
    runnerCpu: (cpuSeconds(runner) - before[1]) / seconds,
    bytesPerSecond: (terminal.raw.length - from.bytes) / seconds,
  };
};

const times = (count: number): (() => boolean) => {
  let left = count;
  return () => left-- > 0;
};

/** There and back again. */
const both = (one: StormFigures, other: StormFigures): StormFigures => ({
  latencies: [...one.latencies, ...other.latencies],
  changesPerSecond: (one.changesPerSecond + other.changesPerSecond) / 2,
  screenCpu: (one.screenCpu + other.screenCpu) / 2,
  runnerCpu: (one.runnerCpu + other.runnerCpu) / 2,
  bytesPerSecond: (one.bytesPerSecond + other.bytesPerSecond) / 2,
});

export interface OperatorFigures {
  readonly listing: Latencies;
  readonly quiet: Latencies;
  readonly storm: StormFigures;
}

/** The built program in a real terminal, on a runbook whose target is the Deployment. */
export const measureOperator = async (cluster: Cluster): Promise<OperatorFigures> => {
  const workspace = openWorkspace(cluster, {
    'lists.md': [head, ...listings, look].join('\n'),
    'look.md': [head, look].join('\n'),
  });
  try {
    giveWay(cluster);
    const listing = await whileListing(workspace, cluster.context);
    const terminal = workspace.terminal(['run', 'look.md', '--context', cluster.context], size);
    await terminal.sees('Enter runs:', listingLimitMs);
    await terminal.sees(/(\d+) of \1 ready/, listingLimitMs);
    const quiet = await pressKeys(terminal, times(100));
    await terminal.presses('Enter');
    const storm = both(
      await whileStorming(cluster, workspace, terminal, 'False'),
      await whileStorming(cluster, workspace, terminal, 'True'),
    );
    return { listing, quiet, storm };
  } finally {
    closeWorkspace(workspace);
  }
};
