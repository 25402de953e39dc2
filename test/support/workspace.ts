import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { ApiAnswers } from './api-double.ts';
import { type ClusterDouble, startClusterDouble, writeKubeconfig } from './cluster-double.ts';
import { Terminal, type TerminalOptions } from './terminal.ts';

export const repository = resolve(import.meta.dirname, '../..');
const built = join(repository, 'dist', 'cli.js');
/** The bundle as it is installed; in a checkout that was not built, the source it is made of. */
export const program = existsSync(built) ? built : join(repository, 'src', 'cli.ts');

/** A home of its own for each test: settings, trust, runs and runbooks touch nothing of the person who runs the tests. */
export class Workspace {
  readonly folder = mkdtempSync(join(tmpdir(), 'gonogo-test-'));
  readonly home = join(this.folder, 'home');
  readonly work = join(this.folder, 'work');
  readonly runsFolder = join(this.home, '.local/state/gonogo/runs');
  private readonly terminals: Terminal[] = [];
  private readonly clusters: ClusterDouble[] = [];

  constructor() {
    mkdirSync(this.home, { mode: 0o700 });
    mkdirSync(this.work, { mode: 0o700 });
  }

  get env(): Record<string, string> {
    return {
      HOME: this.home,
      PATH: `${join(this.folder, 'bin')}:${process.env.PATH ?? ''}`,
      LANG: 'C.UTF-8',
      TERM: 'xterm-256color',
      USER: 'alice',
      TZ: 'UTC',
      // A home is new for each test; without this every start would compile the program again.
      NODE_COMPILE_CACHE: join(tmpdir(), 'node-compile-cache'),
    };
  }

  write(path: string, text: string, mode = 0o644): string {
    const whole = join(this.work, path);
    mkdirSync(dirname(whole), { recursive: true });
    writeFileSync(whole, text, { mode });
    return whole;
  }

  /** A file that a command wrote. */
  read(path: string): string {
    return readFileSync(join(this.work, path), 'utf8');
  }

  has(path: string): boolean {
    return existsSync(join(this.work, path));
  }

  /** A program that comes first on PATH. */
  tool(name: string, script: string): void {
    mkdirSync(join(this.folder, 'bin'), { recursive: true });
    writeFileSync(join(this.folder, 'bin', name), script, { mode: 0o755 });
  }

  /** An API server of its own, and a kubeconfig in the home folder that leads there by these contexts. */
  async cluster(contexts: readonly string[] = ['prod-eu'], answers: Partial<ApiAnswers> = {}): Promise<ClusterDouble> {
    const cluster = await startClusterDouble(answers);
    this.clusters.push(cluster);
    const servers = Object.fromEntries(contexts.map((name) => [name, cluster.url]));
    writeKubeconfig(join(this.home, '.kube', 'config'), servers);
    return cluster;
  }

  /** What a shell command prints, run where the runbooks are. */
  shell(command: string): string {
    return execFileSync('bash', ['-c', command], { cwd: this.work, env: this.env, encoding: 'utf8' });
  }

  /** Runs the built program to its end without a terminal. */
  gonogo(
    args: readonly string[],
    input = '',
    env: Readonly<Record<string, string>> = {},
  ): { readonly code: number | null; readonly out: string; readonly err: string } {
    const result = spawnSync(process.execPath, [program, ...args], {
      cwd: this.work,
      env: { ...this.env, ...env },
      input,
      encoding: 'utf8',
      timeout: 60_000,
    });
    return { code: result.status, out: result.stdout, err: result.stderr };
  }

  /** A line of shell in which `gonogo` is the built program. */
  sh(
    script: string,
    env: Readonly<Record<string, string>> = {},
  ): { readonly code: number | null; readonly out: string; readonly err: string } {
    const result = spawnSync('bash', ['-c', `gonogo() { "$NODE" "$PROGRAM" "$@"; }\n${script}`], {
      cwd: this.work,
      env: { ...this.env, NODE: process.execPath, PROGRAM: program, ...env },
      encoding: 'utf8',
      timeout: 60_000,
    });
    return { code: result.status, out: result.stdout, err: result.stderr };
  }

  /** The same, going on beside the test. */
  spawn(args: readonly string[], env: Readonly<Record<string, string>> = {}): ReturnType<typeof spawn> {
    return spawn(process.execPath, [program, ...args], {
      cwd: this.work,
      env: { ...this.env, ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
  }

  terminal(
    args: readonly string[],
    size: Pick<TerminalOptions, 'columns' | 'rows'> = {},
    env: Readonly<Record<string, string>> = {},
  ): Terminal {
    return this.terminalOf(program, args, size, env);
  }

  /** The same of another installation. */
  terminalOf(
    cli: string,
    args: readonly string[],
    size: Pick<TerminalOptions, 'columns' | 'rows'> = {},
    env: Readonly<Record<string, string>> = {},
  ): Terminal {
    const terminal = new Terminal(process.execPath, [cli, ...args], {
      ...size,
      cwd: this.work,
      env: { ...this.env, ...env },
    });
    this.terminals.push(terminal);
    return terminal;
  }

  /** Ids of the runs, the oldest first. */
  runs(): readonly string[] {
    try {
      return readdirSync(this.runsFolder).sort();
    } catch {
      return [];
    }
  }

  close(): void {
    for (const terminal of this.terminals) terminal.close();
    for (const cluster of this.clusters) void cluster.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
