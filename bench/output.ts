import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { specHash } from '../src/session/exec-spec.ts';
import { createCommandRunner } from '../src/shell/command-runner.ts';
import { createSecretsRegistry } from '../src/shell/secrets-registry.ts';
import { specOf } from '../test/support/exec-spec.ts';

const blockBytes = 64 << 20;
const full = process.env.GONOGO_BENCH_FULL === '1';
const blocks = full ? 160 : 16;
const rounds = full ? 1 : 3;

/** Log lines of 80 to 100 bytes. */
const writeBlock = async (path: string): Promise<void> => {
  const file = await open(path, 'w');
  let written = 0;
  while (written < blockBytes) {
    const lines: string[] = [];
    for (let i = 0; i < 20_000; i++) {
      lines.push(
        `2026-05-01T12:00:${i % 60} INFO checkout-${(i * 7919).toString(36)} path=/api/v1/items/${i} ${i % 977} ms`,
      );
    }
    const bytes = Buffer.from(`${lines.join('\n')}\n`).subarray(0, blockBytes - written);
    await file.write(bytes);
    written += bytes.length;
  }
  await file.close();
};

const producer = (block: string): string => `for i in $(seq ${blocks}); do cat ${block}; done`;

const peakMemory = (pid: number): number => {
  try {
    return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
};

/** Seconds of `producer | cat > file`. */
const byCat = (block: string, file: string): number => {
  const from = performance.now();
  spawnSync('bash', ['-c', `(${producer(block)}) | cat > ${file}`], { stdio: 'ignore' });
  return (performance.now() - from) / 1000;
};

interface Measured {
  readonly seconds: number;
  readonly memory: number;
  readonly lastLine: string;
  readonly bytes: number;
}

const byRunner = async (folder: string, attempt: number, block: string, secrets: number): Promise<Measured> => {
  const registry = createSecretsRegistry();
  for (let i = 0; i < secrets; i++)
    registry.register(`SECRET_${i}`, `k3y-${(i * 7919 + 104_729).toString(36)}-${i}-Qx7Lw`);
  const built = new URL('../dist/runner-process.js', import.meta.url).pathname;
  const source = new URL('../src/shell/runner-process.ts', import.meta.url).pathname;
  const commands = createCommandRunner({
    runDir: folder,
    runnerPath: existsSync(built) ? built : source,
    environment: { PATH: process.env.PATH },
    startCwd: folder,
    secretsRegistry: registry,
    now: Date.now,
  });
  const made = specOf(`${producer(block)}; echo the-last-line`);
  const from = performance.now();
  const running = await commands.start({
    attempt,
    spec: made,
    hash: specHash(made),
    values: {},
    secretNames: [],
    stdin: null,
  });
  const started = JSON.parse(readFileSync(join(folder, 'attempts', String(attempt), 'started.json'), 'utf8'));
  let memory = 0;
  running.onOutput(() => {
    memory = Math.max(memory, peakMemory(started.runner.pid));
  });
  const end = await running.ended;
  const seconds = (performance.now() - from) / 1000;
  await commands.close();
  if (end.kind !== 'finished') throw new Error(`the command did not finish: ${end.kind}`);
  const { output } = end.outcome;
  return { seconds, memory, lastLine: output.tail.split('\n').at(-1) ?? '', bytes: output.bytes };
};

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] as number;

/** A command's output through the runner, against the same producer piped to `cat > file` on the same disk. */
export const measure = async (): Promise<{ name: string; figures: Record<string, string> }[]> => {
  const folder = await mkdtemp(join(tmpdir(), 'gonogo-bench-'));
  const block = join(folder, 'block');
  const file = join(folder, 'file');
  try {
    await writeBlock(block);
    const total = blockBytes * blocks;
    const cat: number[] = [];
    const plain: Measured[] = [];
    const masked: Measured[] = [];
    for (let round = 0; round < rounds; round++) {
      cat.push(byCat(block, file));
      await rm(file);
      plain.push(await byRunner(folder, round * 2 + 1, block, 0));
      masked.push(await byRunner(folder, round * 2 + 2, block, 10));
    }
    const base = median(cat);
    const row = (name: string, runs: readonly Measured[]) => {
      const seconds = median(runs.map((r) => r.seconds));
      const lost = runs.some((r) => !r.lastLine.endsWith('the-last-line') || r.bytes !== total + 14);
      return {
        name,
        figures: {
          size: `${(total / 2 ** 30).toFixed(0)} GiB`,
          time: `${seconds.toFixed(2)} s`,
          'cat > file': `${base.toFixed(2)} s`,
          speed: `${((100 * base) / seconds).toFixed(0)} % of cat > file`,
          'peak memory': `${(Math.max(...runs.map((r) => r.memory)) / 2 ** 20).toFixed(0)} MiB`,
          tail: lost ? 'LOST' : 'complete',
          // One gigabyte stays in the page cache, where cat only copies memory; the budget is that of the full size.
          budget: `${full ? '' : 'with GONOGO_BENCH_FULL=1 (10 GiB): '}>= 70 %, <= 250 MB, no lost tail`,
        },
      };
    };
    return [row('output, no secrets', plain), row('output, 10 secrets', masked)];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};
