import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { afterAll, afterEach } from 'vitest';
import type { AttemptEnd, CommandRunner, RunningAttempt } from '../../../src/ports/commands.ts';
import type { SecretsRegistry } from '../../../src/ports/secrets.ts';
import { type ExecSpec, sha256, specHash } from '../../../src/session/exec-spec.ts';
import type { AttemptOutcome } from '../../../src/session/outcome.ts';
import { createCommandRunner } from '../../../src/shell/command-runner.ts';
import { createSecretsRegistry } from '../../../src/shell/secrets-registry.ts';
import type { SpoolSizes } from '../../../src/shell/spool.ts';
import { specOf } from '../../support/exec-spec.ts';

export { specOf };

let builtAt: string | null = null;

/** The runner's program as one file: it starts four times faster than its sources. */
export const builtRunner = (): string => {
  if (builtAt === null) {
    builtAt = join(mkdtempSync(join(tmpdir(), 'gonogo-runner-')), 'runner-process.mjs');
    const entry = new URL('../../../src/shell/runner-process.ts', import.meta.url).pathname;
    const shared = { bundle: true, platform: 'node', format: 'esm', logLevel: 'error' } as const;
    buildSync({ ...shared, entryPoints: [entry], outfile: builtAt });
  }
  return builtAt;
};

afterAll(() => {
  if (builtAt !== null) rmSync(join(builtAt, '..'), { recursive: true, force: true });
});

/** Processes whose environment or arguments hold the text: all that a test has left behind. */
export const processesWith = (text: string): readonly number[] =>
  readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name) || Number(name) === process.pid) return [];
    try {
      const all = readFileSync(`/proc/${name}/environ`, 'latin1') + readFileSync(`/proc/${name}/cmdline`, 'latin1');
      return all.includes(text) ? [Number(name)] : [];
    } catch {
      return [];
    }
  });

export const until = async <T>(
  what: string,
  condition: () => T | null | undefined | false | Promise<T | null | undefined | false>,
): Promise<T> => {
  const limit = performance.now() + 20_000;
  for (;;) {
    const value = await condition();
    if (value !== null && value !== undefined && value !== false) return value;
    if (performance.now() > limit) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
};

export interface Setup {
  readonly environment?: Readonly<Record<string, string>>;
  readonly spool?: SpoolSizes;
  readonly kubeconfig?: string;
}

export interface RequestOptions {
  readonly values?: Readonly<Record<string, string>>;
  readonly secrets?: Readonly<Record<string, string>>;
  readonly stdin?: string;
}

export interface Bench {
  /** Unique to this run: the folder's name is part of every marker. */
  readonly runDir: string;
  readonly home: string;
  readonly secrets: SecretsRegistry;
  readonly commands: CommandRunner;
  /** Another gonogo on the same run, after the first one is gone. */
  again(): CommandRunner;
  start(script: string, changes?: Partial<ExecSpec>, options?: RequestOptions): Promise<RunningAttempt>;
  /** Runs to the end. */
  end(script: string, changes?: Partial<ExecSpec>, options?: RequestOptions): Promise<AttemptEnd>;
  /** Runs to the end and expects an outcome. */
  run(script: string, changes?: Partial<ExecSpec>, options?: RequestOptions): Promise<AttemptOutcome>;
  text(attempt: number): Promise<string>;
  file(name: string): string;
  /** Number of the latest attempt. */
  readonly latest: number;
}

const open: { readonly runDir: string; readonly home: string; readonly runners: CommandRunner[] }[] = [];

afterEach(async () => {
  for (const { runDir, home, runners } of open.splice(0)) {
    for (const runner of runners) await runner.close();
    await until('the processes of the test to end', () => {
      const left = processesWith(runDir.split('/').at(-1) as string);
      for (const pid of left) {
        try {
          process.kill(pid, 'SIGKILL');
        } catch {
          // It ended by itself in between.
        }
      }
      return left.length === 0;
    });
    for (const folder of [runDir, home]) rmSync(folder, { recursive: true, force: true });
  }
});

export const withSecrets = (spec: ExecSpec, options: RequestOptions): ExecSpec => ({
  ...spec,
  env: [
    ...Object.entries(options.values ?? {}).map(([name, value]) => ({ name, sha256: sha256(value) })),
    ...Object.keys(options.secrets ?? {}).map((name) => ({ name, sha256: null })),
  ],
  stdin: options.stdin === undefined ? null : sha256(options.stdin),
});

/** A run directory of its own and a command runner on it; both are cleared away after the test with every process. */
export const createBench = (setup: Setup = {}): Bench => {
  // Each attempt waits for the disk a dozen times: in memory that costs nothing, and the order of writes is the same.
  const runDir = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'gonogo-run-'));
  const home = mkdtempSync(join(tmpdir(), 'gonogo-home-'));
  const secrets = createSecretsRegistry();
  const runners: CommandRunner[] = [];
  const create = (registry: SecretsRegistry): CommandRunner => {
    const runner = createCommandRunner({
      runDir,
      runnerPath: builtRunner(),
      environment: { PATH: process.env.PATH, HOME: home, LANG: 'C.UTF-8', ...setup.environment },
      startCwd: home,
      secretsRegistry: registry,
      now: Date.now,
      ...(setup.spool === undefined ? {} : { spool: setup.spool }),
      ...(setup.kubeconfig === undefined ? {} : { kubeconfig: setup.kubeconfig }),
    });
    runners.push(runner);
    return runner;
  };
  open.push({ runDir, home, runners });
  const commands = create(secrets);
  let latest = 0;
  const start: Bench['start'] = (script, changes = {}, options = {}) => {
    latest += 1;
    const spec = withSecrets(specOf(script, changes), options);
    return commands.start({
      attempt: latest,
      spec,
      hash: specHash(spec),
      values: { ...options.values, ...options.secrets },
      secretNames: Object.keys(options.secrets ?? {}),
      stdin: options.stdin ?? null,
    });
  };
  const end: Bench['end'] = async (...args) => (await start(...args)).ended;
  return {
    runDir,
    home,
    secrets,
    commands,
    again: () => create(createSecretsRegistry()),
    start,
    end,
    async run(...args) {
      const ended = await end(...args);
      if (ended.kind !== 'finished') throw new Error(`expected an outcome, got ${JSON.stringify(ended)}`);
      return ended.outcome;
    },
    text: async (attempt) => (await commands.output(attempt))?.text ?? '',
    file: (name) => readFileSync(join(runDir, name), 'utf8'),
    get latest() {
      return latest;
    },
  };
};
