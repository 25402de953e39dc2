import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { readRun } from '../../../src/journal/open.ts';
import type { Recorded, RecordedOf } from '../../../src/session/events.ts';
import { repository, Workspace } from '../../support/workspace.ts';
import { allGone } from './processes.ts';

/** `GONOGO_PROGRAM` tests another build than the one in `dist`. */
export const program = ((): string => {
  const built = process.env.GONOGO_PROGRAM ?? join(repository, 'dist', 'cli.js');
  return existsSync(built) ? built : join(repository, 'src', 'cli.ts');
})();

/** What a change of a practice runbook leaves behind: one line when it begins, one when it has ended. */
const change = `#!/bin/sh
echo "$1 \${GONOGO_ATTEMPT##*/} began" >> "$LEDGER"
sleep "$2"
echo "$1 \${GONOGO_ATTEMPT##*/} ended" >> "$LEDGER"
echo "applied $1"
`;

const names = ['one', 'two', 'three', 'four', 'five', 'six'] as const;

export interface PracticeOptions {
  /** Changing commands, one a step; at most six. */
  readonly commands: number;
  /** How long each of them takes. */
  readonly seconds: number;
  /** More Markdown behind the steps. */
  readonly more?: string;
}

/** Markdown of a step with one command. */
export const step = (title: string, script: string, attributes: string): string =>
  `- [ ] ${title}\n${fence(script, attributes)}`;

/** A command of the step above it. */
export const fence = (script: string, attributes: string): string =>
  `  \`\`\`sh {${attributes}}\n  ${script}\n  \`\`\`\n`;

export interface LedgerLine {
  readonly name: string;
  readonly attempt: number;
  readonly what: 'began' | 'ended';
}

/** A workspace with a trusted runbook of changing commands, and what they left behind. */
export class Practice {
  readonly workspace = new Workspace();
  readonly runbook: string;
  readonly ledgerPath: string;

  constructor({ commands, seconds, more = '' }: PracticeOptions) {
    const { workspace } = this;
    this.ledgerPath = join(workspace.folder, 'ledger');
    workspace.write('change', change, 0o755);
    const steps = names
      .slice(0, commands)
      .map((name) => step(name, `./change ${name} ${seconds}`, `expect="applied ${name}"`));
    this.runbook = this.holds(steps.join('') + more);
  }

  /** Gives the runbook other steps and allows it again. */
  holds(steps: string): string {
    const text = `---\ngonogo: 1\nenv: [LEDGER]\n---\n# Deploy\n\n## Change\n\n${steps}`;
    const path = this.workspace.write('deploy.md', text);
    const trusted = this.gonogo(['trust', '--yes', path]);
    if (trusted.code !== 0) throw new Error(`the practice runbook is not trusted: ${trusted.err}`);
    return path;
  }

  get env(): Record<string, string> {
    return { ...this.workspace.env, LEDGER: this.ledgerPath };
  }

  /** The newest run; null before there is one. */
  get runDir(): string | null {
    const id = this.workspace.runs().at(-1);
    return id === undefined ? null : join(this.workspace.runsFolder, id);
  }

  get run(): string {
    return this.workspace.runs().at(-1) ?? '';
  }

  /** Entries of the newest run as they are on the disk now; throws when its chain is broken. */
  events(roots: readonly string[] = []): readonly Recorded[] {
    const dir = this.runDir;
    if (dir === null || !existsSync(join(dir, 'journal.jsonl'))) return [];
    const { events, damage } = readRun(dir, roots);
    if (damage !== null) throw damage;
    return events;
  }

  eventsOf<T extends Recorded['type']>(type: T, roots: readonly string[] = []): readonly RecordedOf<T>[] {
    return this.events(roots).filter((event): event is RecordedOf<T> => event.type === type);
  }

  ledger(): readonly LedgerLine[] {
    if (!existsSync(this.ledgerPath)) return [];
    return readFileSync(this.ledgerPath, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => {
        const [name = '', attempt = '', what = ''] = line.split(' ');
        return { name, attempt: Number(attempt), what: what as LedgerLine['what'] };
      });
  }

  /** Runs a gonogo command on this workspace to its end. */
  gonogo(args: readonly string[]): { readonly code: number | null; readonly out: string; readonly err: string } {
    const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
      cwd: this.workspace.work,
      env: this.env,
      encoding: 'utf8',
      timeout: 60_000,
    });
    return { code: status, out: stdout, err: stderr };
  }

  get locksFolder(): string {
    return join(this.workspace.runsFolder, '..', 'locks');
  }

  /** Who has the deploy lock of the runbook: `alice@host/run-id`; null = nobody. */
  lockHolder(): string | null {
    const path = join(this.locksFolder, 'deploy-md.db');
    if (!existsSync(path)) return null;
    const database = new DatabaseSync(path);
    try {
      const row = database.prepare('SELECT entry FROM lock').get() as { readonly entry: string } | undefined;
      return row === undefined ? null : (JSON.parse(row.entry) as { readonly holder: string | null }).holder;
    } finally {
      database.close();
    }
  }

  /** Forgets the runs, their lock, and what their commands left behind. */
  clear(): void {
    rmSync(this.workspace.runsFolder, { recursive: true, force: true });
    rmSync(this.locksFolder, { recursive: true, force: true });
    rmSync(this.ledgerPath, { force: true });
  }

  /** Ends what is left of it; gives the processes that had to be killed. */
  async close(): Promise<readonly number[]> {
    const left = await this.allEnded();
    this.workspace.close();
    return left;
  }

  /** The same without removing the folders. */
  allEnded(): Promise<readonly number[]> {
    return allGone(this.workspace.folder);
  }

  /** `one began`, `one ended` … in the order of the ledger. */
  told(): readonly string[] {
    return this.ledger().map(({ name, what }) => `${name} ${what}`);
  }
}
