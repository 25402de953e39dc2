import { createLockKeeper, type LockKeeper } from '../../src/engine/lock-keeper.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { DeployLock } from '../../src/ports/deploy-lock.ts';
import { decide } from '../../src/session/decide.ts';
import type { EventType, RunEvent } from '../../src/session/events.ts';
import type { Intent, Refusal } from '../../src/session/intents.ts';
import { Operator, type Setting } from '../session/support.ts';
import { LockDouble } from './lock-double.ts';

export const runbook = (windows = ''): string => `---
gonogo: 1
title: Deploy
${windows}---

## Deploy

- [ ] Look at it

  \`\`\`sh
  kubectl get pods
  \`\`\`

- [ ] Change it

  \`\`\`sh
  kubectl apply -f x.yaml
  \`\`\`

  \`\`\`sh {undo}
  kubectl delete -f x.yaml
  \`\`\`

- [ ] Change it more

  \`\`\`sh
  kubectl apply -f y.yaml
  \`\`\`

## T+2h: look again

- [ ] Look again

  \`\`\`sh
  kubectl get pods
  \`\`\`
`;

/** A run with a lock, walked as the engine does: guard first, then the session's own events. */
export class LockedOperator extends Operator {
  readonly lock = new LockDouble();
  /** What the run really has: the double, unless another one is given. */
  readonly deployLock: DeployLock;
  readonly keeper: LockKeeper;
  readonly late: (() => void)[] = [];
  lastGuardRefusal: Refusal | null = null;
  readonly #listeners = new Set<() => void>();

  constructor(text: string, setting: Setting = {}, lock: DeployLock | null = null) {
    super(text, setting);
    this.deployLock = lock ?? this.lock;
    const clock: Clock = {
      now: () => this.now,
      monotonic: () => 0,
      every: () => () => undefined,
      after: (_ms, call) => {
        this.late.push(call);
        return () => undefined;
      },
    };
    this.keeper = createLockKeeper({
      lock: this.deployLock,
      clock,
      mask: (words) => words.replaceAll('hunter2', '[secret x]'),
      isHere: (run) => run === '0199',
    });
    this.keeper.attach({
      session: () => this.state,
      subscribe: (listener) => {
        this.#listeners.add(listener);
        return () => this.#listeners.delete(listener);
      },
      record: async (events) => {
        const found = events();
        if (found.length > 0) this.tells(found);
      },
    });
  }

  tells(events: readonly RunEvent[]): void {
    this.record(events);
    for (const listener of this.#listeners) listener();
  }

  /** Whether it was carried out. */
  async asks(intent: Intent): Promise<boolean> {
    const decision = decide(this.state, intent, this.now);
    if (!decision.ok) throw new Error(decision.refusal.message);
    const guarded = await this.keeper.guard(intent, this.state, decision);
    this.lastGuardRefusal = guarded.ok ? null : guarded.refusal;
    this.tells(guarded.events ?? []);
    if (guarded.ok) this.tells(decision.events);
    return guarded.ok;
  }

  /** Confirms the command that is pending. */
  runsIt(): Promise<boolean> {
    const { pending } = this;
    return this.asks({
      type: 'run',
      step: pending.at.step.id,
      action: pending.action,
      part: pending.part,
      hash: pending.hash,
      how: pending.level.kind === 'enter' ? 'enter' : 'yes',
      typed: null,
      script: null,
      edited: null,
      stdin: null,
    });
  }

  /** Up to its first change. */
  looked(): this {
    this.runs('enter');
    const { main } = this;
    if (main.kind === 'pass') this.does({ type: 'pass', step: main.at.step.id });
    return this;
  }

  /** The command that was confirmed last ends. */
  ended(): void {
    this.ends();
    const { main } = this;
    if (main.kind === 'pass') this.does({ type: 'pass', step: main.at.step.id });
    this.tells([]);
  }

  goesPast(reason: string, typed?: string): Promise<boolean> {
    const { what } = this.lastGuardRefusal?.override ?? { what: '' };
    return this.asks({ type: 'override', what, reason, ...(typed === undefined ? {} : { typed }) });
  }

  /** Types of the events about the lock, in order. */
  get lockEvents(): readonly EventType[] {
    return this.events.map(({ type }) => type).filter((type) => type.startsWith('lock.'));
  }
}
