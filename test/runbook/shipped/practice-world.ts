import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from '../../../src/runbook/model.ts';

/** What the fake tools know, by the keys that `fake-tool.bash` explains. */
export type FakeWorld = Record<string, string>;

export interface Call {
  readonly tool: string;
  readonly args: readonly string[];
  /** Ready pods of all Deployments after the call. */
  readonly ready: number;
}

export interface Outcome {
  readonly exit: number | null;
  readonly output: string;
  /** The stated expectation holds; null when there is none. */
  readonly expected: boolean | null;
}

const tools = ['kubectl', 'gh', 'curl', 'docker', 'argocd', 'flux', 'git', 'ldcli'];
const fakeTool = fileURLToPath(new URL('./fake-tool.bash', import.meta.url));

/** A temporary folder with fake tools first on PATH, in which commands run as a gonogo runbook's do. */
export class PracticeWorld {
  readonly directory = mkdtempSync(join(tmpdir(), 'gonogo-shipped-'));
  #env: Record<string, string>;

  constructor(world: FakeWorld, values: Readonly<Record<string, string>>) {
    const bin = join(this.directory, 'bin');
    mkdirSync(bin);
    for (const tool of tools) {
      const path = join(bin, tool);
      writeFileSync(path, `#!/bin/bash\nset -- '${this.directory}' ${tool} "$@"\nsource '${fakeTool}'\n`);
      chmodSync(path, 0o755);
    }
    this.#write(world);
    this.#env = { PATH: `${bin}:/usr/bin:/bin`, ...values };
  }

  /** Runs a command with the strict prelude; its variables reach the next one only if it succeeded. */
  run(command: Command): Outcome {
    const carried = join(this.directory, 'env');
    const script = `set -euo pipefail\nset -a\n${command.script}\nenv -0 > '${carried}'\n`;
    rmSync(carried, { force: true });
    const done = spawnSync('/bin/bash', ['--noprofile', '--norc', '-c', script], {
      env: this.#env,
      encoding: 'utf8',
      cwd: this.directory,
      timeout: 20_000,
    });
    if (done.status === 0) this.#env = carriedOver(readFileSync(carried, 'utf8'), command, done.stdout);
    const output = done.stdout + done.stderr;
    return { exit: done.status, output, expected: holds(command, done.status, output) };
  }

  /** Asks a gate's command: nothing of it reaches the next one. */
  probe(script: string): { readonly exit: number | null; readonly output: string } {
    const done = spawnSync('/bin/bash', ['--noprofile', '--norc', '-euo', 'pipefail', '-c', script], {
      env: this.#env,
      encoding: 'utf8',
      cwd: this.directory,
      timeout: 20_000,
    });
    return { exit: done.status, output: done.stdout + done.stderr };
  }

  set(values: Readonly<Record<string, string>>): void {
    this.#env = { ...this.#env, ...values };
  }

  /** Of a variable as the next command would see it. */
  value(name: string): string | undefined {
    return this.#env[name];
  }

  get world(): FakeWorld {
    const lines = readFileSync(join(this.directory, 'world'), 'utf8').split('\n');
    return Object.fromEntries(lines.filter((line) => line !== '').map(splitAtEquals));
  }

  change(values: FakeWorld): void {
    this.#write({ ...this.world, ...values });
  }

  #write(world: FakeWorld): void {
    const lines = Object.entries(world).map(([key, value]) => `${key}=${value}\n`);
    writeFileSync(join(this.directory, 'world'), lines.join(''));
  }

  get calls(): readonly Call[] {
    const file = join(this.directory, 'calls');
    if (!existsSync(file)) return [];
    const records = readFileSync(file, 'utf8').split('\x1e').slice(0, -1);
    return records.map((record) => {
      const [tool = '', ...rest] = record.split('\x1f');
      return { tool, args: rest.slice(0, -1), ready: Number(rest.at(-1)) };
    });
  }

  /** Calls that change something, as command lines without the namespace. */
  get changes(): readonly string[] {
    return this.calls
      .filter(({ tool, args }) => changesSomething(tool, args))
      .map(({ tool, args }) => [tool, ...args.filter((arg, i) => arg !== '-n' && args[i - 1] !== '-n')].join(' '));
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}

const splitAtEquals = (entry: string): readonly [string, string] => {
  const at = entry.indexOf('=');
  return [entry.slice(0, at), entry.slice(at + 1)];
};

/** The environment after a command that succeeded, with what it captured. */
const carriedOver = (environment: string, command: Command, stdout: string): Record<string, string> => {
  const pairs = environment.split('\0').filter((entry) => entry.includes('='));
  const { capture } = command.options;
  return {
    ...Object.fromEntries(pairs.map(splitAtEquals)),
    ...(capture === null ? {} : { [capture]: stdout.replace(/\n$/, '') }),
  };
};

const looks = /^(?:docker manifest|argocd app wait|gh (?:api|issue view|pr|run)|curl )/;

const changesSomething = (tool: string, args: readonly string[]): boolean => {
  if (tool !== 'kubectl') return !looks.test([tool, ...args].join(' '));
  if (args.some((arg) => arg.startsWith('--dry-run'))) return false;
  return ['scale', 'set', 'patch', 'apply', 'delete'].includes(args[0] ?? '') || args[1] === 'undo';
};

const holds = (command: Command, exit: number | null, output: string): boolean | null => {
  const { expect } = command.options;
  if (expect === null) return null;
  if (exit !== (expect.exit ?? 0)) return false;
  if (expect.none) return output.trim() === '';
  if (expect.text !== null) return output.includes(expect.text);
  if (expect.pattern !== null) return new RegExp(expect.pattern.source, expect.pattern.flags).test(output);
  return true;
};
