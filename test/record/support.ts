import type { Action, Command, Input, Phase, Runbook, RunbookKind, Step } from '../../src/runbook/model.ts';
import type { EventData, EventType, FrameOpened, Recorded, RunStarted } from '../../src/session/events.ts';
import { type ExecSpec, sha256, specHash } from '../../src/session/exec-spec.ts';
import type { AttemptOutcome } from '../../src/session/outcome.ts';
import { noHash, type RunbookLibrary } from '../../src/session/state.ts';

/** Models and journals written by hand, for records. */

export const commandOf = (script: string, more: Partial<Command> = {}): Command => ({
  script,
  original: script,
  shell: 'bash',
  lines: [[1, 1]],
  attributes: {},
  risk: 'read',
  riskBecause: [],
  programs: [],
  placeholders: [],
  uses: [...script.matchAll(/\$([A-Z_]+)/g)].map((match) => match[1] as string),
  sets: [],
  sample: null,
  blocked: null,
  blockedBecause: null,
  targetStep: false,
  targets: [],
  selects: [],
  outsidePin: false,
  watcher: false,
  exitSaysNothing: false,
  endsInMatch: null,
  ...more,
  options: {
    name: null,
    timeoutMs: null,
    onTimeout: 'warn',
    capture: null,
    expect: null,
    tty: false,
    background: false,
    attempts: 1,
    everyMs: 0,
    retrySafe: false,
    cwd: null,
    manual: false,
    undo: false,
    when: null,
    owe: null,
    ...more.options,
  },
});

export const changing = (script: string, more: Partial<Command> = {}): Command =>
  commandOf(script, { risk: 'change', riskBecause: ['kubectl: changes objects'], ...more });

export const run = (command: Command): Action => ({ kind: 'command', command, line: 1 });

export const stepOf = (title: string, actions: readonly Action[] = [], more: Partial<Step> = {}): Step => ({
  id: '',
  name: null,
  anchor: '',
  title,
  kind: actions[0]?.kind ?? 'manual',
  line: 1,
  optional: false,
  when: null,
  owe: null,
  critical: false,
  prose: '',
  steps: [],
  actions,
  undo: [],
  ...more,
});

export const phaseOf = (title: string, steps: readonly Step[], more: Partial<Phase> = {}): Phase => ({
  number: 0,
  title,
  name: null,
  anchor: '',
  line: 1,
  offPath: null,
  choice: null,
  at: null,
  atMs: null,
  when: null,
  owe: null,
  critical: false,
  prose: '',
  steps,
  phases: [],
  ...more,
});

const numbered = (steps: readonly Step[], prefix: string): readonly Step[] =>
  steps.map((step, i) => ({ ...step, id: `${prefix}.${i + 1}`, steps: numbered(step.steps, `${prefix}.${i + 1}`) }));

export const inputOf = (name: string, more: Partial<Input> = {}): Input => ({
  name,
  variable: name.replaceAll('-', '_').toUpperCase(),
  type: 'string',
  prompt: name,
  example: null,
  default: null,
  pattern: null,
  choices: [],
  from: null,
  askedAtStep: false,
  line: 1,
  ...more,
});

export const runbookOf = (
  title: string,
  kind: RunbookKind,
  phases: readonly Phase[],
  more: Partial<Runbook> = {},
): Runbook => ({
  title,
  kind,
  plain: false,
  summary: null,
  inputs: [],
  env: [],
  target: null,
  lockScope: null,
  metrics: [],
  panels: [],
  links: [],
  contacts: [],
  rollback: null,
  statusUpdates: null,
  windows: [],
  shell: 'bash',
  phases: phases.map((phase, i) => ({ ...phase, number: i + 1, steps: numbered(phase.steps, String(i + 1)) })),
  ...more,
});

export const reference = (path: string, runbook: Runbook): FrameOpened['runbook'] => ({
  path,
  title: runbook.title,
  kind: runbook.kind,
  sha256: sha256(path),
});

export const libraryOf = (...entries: readonly (readonly [path: string, runbook: Runbook])[]): RunbookLibrary =>
  Object.fromEntries(entries.map(([path, runbook]) => [sha256(path), runbook]));

export const startOf = (more: Partial<RunStarted> = {}): RunStarted => ({
  run: '0197c2ea-5c1e-7b3a-9a51-6f0d2b7c4e11',
  tool: '0.1.0',
  mode: 'screen',
  operator: 'alice',
  host: 'bastion-1',
  user: 'alice',
  utcOffset: 60,
  ticket: 'INC-4711',
  plannedAt: null,
  target: {
    context: 'prod-eu',
    namespace: 'production',
    workloads: ['deployment/checkout'],
    production: true,
    pinned: false,
  },
  settings: {},
  git: { commit: '4f0c2d9a7b1e3c5d6f708192a3b4c5d6e7f80912', dirty: false },
  targetVariables: [],
  restricted: [],
  cwd: '/home/alice/checkout',
  ...more,
});

export const outcomeOf = (text: string, more: Partial<AttemptOutcome> = {}): AttemptOutcome => ({
  exit: 0,
  signal: null,
  startedAt: 0,
  endedAt: 0,
  captures: {},
  withheld: [],
  carried: null,
  expectation: null,
  survivors: [],
  explanation: null,
  notes: [],
  interactive: false,
  stoppedBy: null,
  ...more,
  output: {
    bytes: Buffer.byteLength(text),
    lines: text === '' ? 0 : text.replace(/\n$/, '').split('\n').length,
    sha256: sha256(text),
    omitted: 0,
    binary: false,
    tail: text,
    ...more.output,
  },
});

const start = Date.UTC(2026, 10, 20, 3, 9, 12);

/** Writes events one after the other; `after` moves the clock by seconds first. */
export class JournalWriter {
  readonly events: Recorded[] = [];
  readonly #session: string;
  #now = start;
  #head = noHash;
  #attempt = 0;
  actor = 'alice';
  frame = 0;

  constructor(session = 'session-1') {
    this.#session = session;
  }

  get now(): number {
    return this.#now;
  }

  get head(): string {
    return this.#head;
  }

  wait(seconds: number): this {
    this.#now += seconds * 1000;
    return this;
  }

  add<T extends EventType>(type: T, data: EventData[T]): this {
    const seq = this.events.length;
    const body = {
      seq,
      at: this.#now,
      mono: this.#now - start,
      boot: 'boot',
      session: this.#session,
      actor: this.actor,
      frame: this.frame,
      type,
      data,
    };
    this.#head = sha256(this.#head + JSON.stringify(body));
    this.events.push({ ...body, h: this.#head } as unknown as Recorded);
    return this;
  }

  open(
    path: string,
    runbook: Runbook,
    inputs: Readonly<Record<string, string>>,
    more: Partial<FrameOpened> = {},
  ): this {
    return this.add('frame.opened', {
      purpose: 'main',
      runbook: reference(path, runbook),
      inputs,
      parent: null,
      source: null,
      reachable: [],
      ...more,
    });
  }

  tick(...steps: readonly string[]): this {
    for (const step of steps) this.wait(7).add('step.passed', { step, how: 'tick', reason: null });
    return this;
  }

  /** Confirms, starts and ends a command of a step; the step stays open. */
  ran(step: string, command: Command, text: string, seconds: number, options: RanOptions = {}): this {
    const {
      action = 0,
      outcome = {},
      how = command.risk === 'read' ? 'enter' : 'yes',
      script = null,
      values = {},
    } = options;
    this.#attempt += 1;
    const attempt = this.#attempt;
    const spec = specOf(command, script, values);
    this.wait(3).add('step.started', { step });
    this.add('command.confirmed', {
      step,
      action,
      attempt,
      hash: specHash(spec),
      spec,
      how,
      typed: options.typed ?? null,
      edited: script !== null,
      part: 'action',
      risk: command.risk,
      stdin: null,
    });
    const startedAt = this.#now + 40;
    this.add('command.started', { attempt, pid: 4000 + attempt, startedAt });
    if (options.unfinished === true) return this;
    this.wait(seconds);
    const { capture } = command.options;
    const captures = capture === null ? {} : { [capture]: text.trim() };
    this.add('command.finished', {
      attempt,
      outcome: { ...outcomeOf(text, { captures, ...outcome }), startedAt, endedAt: startedAt + seconds * 1000 },
      recovered: options.recovered ?? false,
    });
    return this;
  }

  passed(step: string, how: EventData['step.passed']['how'] = 'enter', reason: string | null = null): this {
    return this.wait(how === 'itself' ? 0 : 4).add('step.passed', { step, how, reason });
  }
}

interface RanOptions {
  readonly action?: number;
  readonly outcome?: Partial<AttemptOutcome>;
  readonly how?: EventData['command.confirmed']['how'];
  readonly typed?: string;
  readonly script?: string;
  readonly values?: Readonly<Record<string, string | null>>;
  readonly unfinished?: boolean;
  readonly recovered?: boolean;
}

const specOf = (
  command: Command,
  script: string | null,
  values: Readonly<Record<string, string | null>>,
): ExecSpec => ({
  v: 1,
  shell: command.shell,
  prelude: 'strict',
  script: script ?? command.script,
  env: Object.entries(values).map(([name, value]) => ({ name, sha256: value === null ? null : sha256(value) })),
  cwd: null,
  timeoutMs: null,
  onTimeout: 'warn',
  attempts: 1,
  everyMs: 0,
  risk: command.risk,
  target: { context: 'prod-eu', namespace: 'production' },
  runbook: sha256('runbooks/hotfix.md'),
  stdin: null,
  tty: false,
  background: command.options.background,
  capture: command.options.capture,
  expect: command.options.expect,
  endsInMatch: command.endsInMatch,
  watcher: command.watcher,
});
