import type { Sample } from '../../src/gates/sample.ts';
import { runningGates } from '../../src/session/gate-state.ts';
import { decideGates, type GateAnswer } from '../../src/session/gate-tick.ts';
import type { GateAction } from '../../src/session/main-action.ts';
import { Operator, type Setting } from './support.ts';

/** An operator whose gates are asked by hand, and whose clock moves as the test says. */
export class GateOperator extends Operator {
  constructor(text: string, setting: Setting = {}) {
    super(text, setting);
    this.ticks();
  }

  ticks(answers: readonly GateAnswer[] = []): void {
    const decision = decideGates(this.state, answers, this.now);
    if (!decision.ok) throw new Error(decision.refusal.message);
    this.effects.push(...decision.effects);
    this.record(decision.events);
  }

  /** One answer of a check of the gate at a step. */
  sees(step: string, make: (at: number) => Sample, check = 0): void {
    const gate = runningGates(this.state).find((own) => own.step === step);
    if (gate === undefined) throw new Error(`no gate runs at ${step}`);
    const { action, frame, state } = gate;
    this.ticks([{ frame: frame.number, step, action, try: state.try, check, sample: make(this.now) }]);
  }

  passes(ms: number): void {
    this.now += ms;
    this.ticks();
  }

  get gate(): GateAction {
    const { main } = this;
    if (main.kind !== 'gate') throw new Error(`no gate: ${main.kind}`);
    return main;
  }
}
