import { loadRunbook } from '../../src/runbook/load.ts';
import { decide } from '../../src/session/decide.ts';
import type { EventData, RunEvent, TargetIdentity } from '../../src/session/events.ts';
import { sha256 } from '../../src/session/exec-spec.ts';
import type { Decision, Effect, Intent, Report } from '../../src/session/intents.ts';
import type { MainAction, PendingCommand } from '../../src/session/main-action.ts';
import type { AttemptOutcome } from '../../src/session/outcome.ts';
import { project } from '../../src/session/project.ts';
import { decideReport } from '../../src/session/report.ts';
import { mainAction, mainActionFor } from '../../src/session/select.ts';
import { initialState, type SessionState } from '../../src/session/state.ts';
import { outcomeOf } from '../record/support.ts';

export const outcome = (change: Partial<AttemptOutcome> = {}): AttemptOutcome =>
  outcomeOf('ok', { startedAt: 1_000, endedAt: 2_000, ...change });

export interface RunFile {
  readonly path: string;
  readonly text: string;
}

export interface Setting {
  readonly inputs?: Readonly<Record<string, string>>;
  readonly production?: boolean;
  readonly workloads?: readonly string[];
  /** What handoffs and rollbacks lead to, by reference. */
  readonly others?: readonly (RunFile & {
    readonly purpose: 'rollback' | 'handoff';
    readonly with?: Readonly<Record<string, string>>;
  })[];
  readonly restricted?: boolean;
  readonly pinned?: TargetIdentity;
}

const load = ({ path, text }: RunFile) => {
  const { runbook, diagnostics } = loadRunbook(new TextEncoder().encode(text), { path, offPath: 'auto' });
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  if (runbook === null || errors.length > 0)
    throw new Error(
      errors.map(({ code, line, message }) => `${path}:${line} ${code} ${message}`).join('\n') || 'no model',
    );
  return { runbook, sha256: sha256(text) };
};

/** A run of a runbook written in a test, with commands that end as the test says. */
export class Operator {
  state: SessionState;
  now = 1_760_000_000_000;
  readonly events: RunEvent[] = [];
  /** What the engine was told to do. */
  readonly effects: Effect[] = [];
  lastRefusal: string | null = null;

  constructor(text: string, setting: Setting = {}) {
    const main = load({ path: 'deploy.md', text });
    const others = (setting.others ?? []).map((other) => ({ ...other, ...load(other) }));
    const library = Object.fromEntries([main, ...others].map((file) => [file.sha256, file.runbook]));
    this.state = initialState(library);
    const started: EventData['run.started'] = {
      run: 'run-1',
      tool: 'test',
      mode: 'screen',
      operator: 'alice',
      host: 'h',
      user: 'alice',
      utcOffset: 0,
      ticket: null,
      cwd: '/',
      plannedAt: null,
      target: {
        context: setting.pinned?.context ?? null,
        namespace: 'shop',
        workloads: setting.workloads ?? [],
        production: setting.production ?? false,
        pinned: setting.pinned !== undefined,
      },
      restricted: setting.restricted === true ? [main.sha256] : [],
      settings: {},
      git: null,
      targetVariables: [],
    };
    const reference = (path: string, file: ReturnType<typeof load>) => ({
      path,
      title: file.runbook.title,
      kind: file.runbook.kind,
      sha256: file.sha256,
    });
    this.record([
      { type: 'run.started', frame: 0, data: started },
      ...(setting.pinned === undefined
        ? []
        : [
            {
              type: 'target.pinned',
              frame: 0,
              data: { identity: setting.pinned, kubeconfigSha256: null },
            } as const,
          ]),
      {
        type: 'frame.opened',
        frame: 0,
        data: {
          purpose: 'main',
          runbook: reference('deploy.md', main),
          inputs: setting.inputs ?? {},
          parent: null,
          source: null,
          reachable: others.map((other) => ({
            from: main.sha256,
            reference: other.path,
            purpose: other.purpose,
            runbook: reference(other.path, other),
            with: other.with ?? {},
          })),
        },
      },
    ]);
  }

  record(events: readonly RunEvent[]): void {
    this.events.push(...events);
    this.state = project(this.state, events, this.now);
  }

  private take(decision: Decision): boolean {
    this.lastRefusal = decision.ok ? null : decision.refusal.message;
    if (decision.ok) {
      this.record(decision.events);
      this.effects.push(...decision.effects);
    }
    return decision.ok;
  }

  does(intent: Intent): boolean {
    return this.take(decide(this.state, intent, this.now));
  }

  reports(report: Report): boolean {
    return this.take(decideReport(this.state, report, this.now));
  }

  get main(): MainAction {
    return mainAction(this.state, this.now);
  }

  mainFor(step: string): MainAction {
    return mainActionFor(this.state, step, this.now);
  }

  get pending(): PendingCommand {
    const { main } = this;
    if (main.kind === 'run' || main.kind === 'confirm') return main.pending;
    if (main.kind === 'message' && main.pending !== null) return main.pending;
    throw new Error(`no command is pending: ${main.kind}`);
  }

  confirms(how: 'enter' | 'yes' | 'typed' | 'auto', typed: string | null = null): boolean {
    const { pending, main } = this;
    const stdin = main.kind === 'message' ? main.text : null;
    return this.does({
      type: 'run',
      step: pending.at.step.id,
      action: pending.action,
      part: pending.part,
      hash: pending.hash,
      how,
      typed,
      script: null,
      edited: null,
      stdin,
    });
  }

  /** Confirms what is pending and lets it end. */
  runs(
    how: 'enter' | 'yes' | 'typed' | 'auto' = this.pending.level.kind === 'enter' ? 'enter' : 'yes',
    change: Partial<AttemptOutcome> = {},
  ): void {
    if (!this.confirms(how, how === 'typed' && this.pending.level.kind === 'type' ? this.pending.level.word : null))
      throw new Error(this.lastRefusal ?? 'refused');
    this.ends(change);
  }

  ends(change: Partial<AttemptOutcome> = {}): void {
    const attempt = this.state.nextAttempt - 1;
    this.reports({ type: 'attempt-started', attempt, pid: 1, startedAt: this.now });
    this.reports({ type: 'attempt-finished', attempt, outcome: outcome(change), recovered: false });
  }

  status(step: string): string {
    return this.state.frames[this.state.frame]?.steps[step]?.status ?? 'open';
  }

  types(): readonly string[] {
    return this.events.map(({ type }) => type);
  }
}
