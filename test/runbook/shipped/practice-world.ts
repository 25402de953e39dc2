import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from '../../../src/runbook/model.ts';
import type { FakeWorld } from './fake-tool.ts';

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
const fakeTool = fileURLToPath(new URL('./fake-tool.ts', import.meta.url));

/** A temporary folder with fake tools first on PATH, in which commands run as a gonogo runbook's do. */
export class PracticeWorld {
  readonly directory = mkdtempSync(join(tmpdir(), 'gonogo-shipped-'));
  #env: Record<string, string>;

  constructor(world: FakeWorld, values: Readonly<Record<string, string>>) {
    const bin = join(this.directory, 'bin');
    mkdirSync(bin);
    for (const tool of tools) {
      const path = join(bin, tool);
      writeFileSync(path, `#!/bin/bash\nexec '${process.execPath}' '${fakeTool}' '${this.directory}' ${tool} "$@"\n`);
      chmodSync(path, 0o755);
    }
    writeFileSync(join(this.directory, 'world.json'), JSON.stringify(world));
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
    if (done.status === 0) this.#env = this.#carry(carried, command, done.stdout);
    const output = done.stdout + done.stderr;
    return { exit: done.status, output, expected: holds(command, done.status, output) };
  }

  #carry(file: string, command: Command, stdout: string): Record<string, string> {
    const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
    const pairs = text
      .split('\0')
      .filter((entry) => entry.includes('='))
      .map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)] as const);
    const captured = command.options.capture;
    return { ...Object.fromEntries(pairs), ...(captured === null ? {} : { [captured]: stdout.replace(/\n$/, '') }) };
  }

  set(values: Readonly<Record<string, string>>): void {
    this.#env = { ...this.#env, ...values };
  }

  value(name: string): string | undefined {
    return this.#env[name];
  }

  change(edit: (world: FakeWorld) => void): void {
    const file = join(this.directory, 'world.json');
    const world = JSON.parse(readFileSync(file, 'utf8')) as FakeWorld;
    edit(world);
    writeFileSync(file, JSON.stringify(world));
  }

  get calls(): readonly Call[] {
    const file = join(this.directory, 'calls.jsonl');
    if (!existsSync(file)) return [];
    return readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Call);
  }

  /** Calls that change something, as command lines without the namespace. */
  get changes(): readonly string[] {
    return this.calls
      .filter(({ tool, args }) => (tool === 'kubectl' ? isChange(args) : tool !== 'gh' && tool !== 'curl'))
      .map(({ tool, args }) => [tool, ...args.filter((arg, i) => arg !== '-n' && args[i - 1] !== '-n')].join(' '));
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}

const isChange = (args: readonly string[]): boolean =>
  ['scale', 'set', 'patch', 'apply', 'delete'].includes(args[0] ?? '') || (args[0] === 'rollout' && args[1] === 'undo');

const holds = (command: Command, exit: number | null, output: string): boolean | null => {
  const { expect } = command.options;
  if (expect === null) return null;
  if (exit !== (expect.exit ?? 0)) return false;
  if (expect.none) return output.trim() === '';
  if (expect.text !== null) return output.includes(expect.text);
  if (expect.pattern !== null) return new RegExp(expect.pattern.source, expect.pattern.flags).test(output);
  return true;
};
