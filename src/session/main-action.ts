import type { Approve, Command, DecideChoice, Gate, Input, Message, Phase, Step } from '../runbook/model.ts';
import type { ExecSpec } from './exec-spec.ts';
import type { ActionState, AttemptState, StepState } from './state.ts';

/** What Enter will do now. One of these, always; screens, plain output and `--auto` all go by it. */
export type MainAction =
  | { readonly kind: 'run'; readonly pending: PendingCommand }
  /** Opens the dialog in which `y` runs, or a word must be typed. */
  | { readonly kind: 'confirm'; readonly pending: PendingCommand }
  | {
      readonly kind: 'pass';
      readonly at: StepAt /** manual item, or output that was shown */;
      readonly what: 'tick' | 'as-expected' | 'parent';
    }
  /** Consecutive manual items: Space ticks the one under the cursor, Enter leaves when none is open. */
  | { readonly kind: 'card'; readonly items: readonly StepAt[] }
  | { readonly kind: 'accept'; readonly at: StepAt; readonly because: string }
  | { readonly kind: 'choose-phase'; readonly phases: readonly Phase[] }
  | { readonly kind: 'decide'; readonly at: StepAt; readonly action: number; readonly choices: readonly DecideChoice[] }
  /** An `ask` action, or (action null) inputs a command needs first. */
  | { readonly kind: 'ask'; readonly at: StepAt; readonly action: number | null; readonly inputs: readonly Input[] }
  | {
      readonly kind: 'approve';
      readonly at: StepAt;
      readonly action: number;
      readonly approve: Approve /** text that is signed */;
      readonly challenge: string;
    }
  /** Without `send`: copy and tick. With it: a change command that gets `text` on stdin. */
  | {
      readonly kind: 'message';
      readonly at: StepAt;
      readonly action: number;
      readonly message: Message;
      readonly text: string;
      readonly pending: PendingCommand | null;
    }
  | { readonly kind: 'handoff'; readonly at: StepAt; readonly action: number; readonly title: string }
  | { readonly kind: 'wait'; readonly at: StepAt; readonly attempt: AttemptState }
  | { readonly kind: 'resolve'; readonly at: StepAt; readonly attempt: AttemptState }
  | {
      readonly kind: 'nothing';
      readonly at: StepAt | null;
      readonly because: string;
      readonly nextStep: string;
      /** It ends by itself: nobody is needed, somebody who walks line by line waits. */
      readonly goesOn?: true;
      /** Its condition does not hold: `x` leaves out the step, or the whole phase with this number. */
      readonly notApplicable?: { readonly phase: number | null };
    }
  | GateAction
  | { readonly kind: 'finish'; readonly owed: readonly StepAt[] }
  | { readonly kind: 'over' };

/** A gate at its step. Only `start` (with commands in it) is for Enter; a failed one is for the choices. */
export interface GateAction {
  readonly kind: 'gate';
  readonly at: StepAt;
  readonly action: number;
  readonly gate: Gate;
  /** `blind`: it cannot tell; it goes on asking and may still pass. */
  readonly stage: 'start' | 'judging' | 'blind' | 'failed';
  /** Why it failed, is blind, or what it waits for. */
  readonly because: string;
  /** Its commands, which `start` shows; `hash` is what Enter confirms. */
  readonly commands: readonly string[];
  readonly hash: string | null;
  /** Besides `R`; the keys are `1`, `2` … in this order. */
  readonly choices: readonly GateChoice[];
}

export type GateChoice =
  | { readonly kind: 'back'; readonly label: string; readonly detail: string; readonly step: string }
  | { readonly kind: 'hold'; readonly label: string; readonly detail: string }
  /** A reason of at least `least` characters; `typed`: this must be typed as well. */
  | {
      readonly kind: 'override';
      readonly label: string;
      readonly detail: string;
      readonly least: number;
      readonly typed: string | null;
    }
  | { readonly kind: 'by-eye'; readonly label: string; readonly detail: string }
  | { readonly kind: 'acknowledge'; readonly label: string; readonly detail: string; readonly source: string };

/** A step with its place and state. */
export interface StepAt {
  readonly frame: number;
  readonly phase: Phase;
  readonly step: Step;
  readonly state: StepState;
  /** Depth of nesting below the phase: 0 = a step of its own. */
  readonly depth: number;
}

/** A command that would run next: exactly what the confirmation shows and the runner gets. */
export interface PendingCommand {
  readonly at: StepAt;
  readonly action: number;
  readonly part: 'action' | 'send';
  /** It sends a status update instead of doing its step. */
  readonly forStatus?: true;
  readonly command: Command;
  readonly state: ActionState | null;
  readonly spec: ExecSpec;
  readonly hash: string;
  /** Values of the variables it uses, for display; secrets are `null`. */
  readonly values: readonly { readonly name: string; readonly value: string | null }[];
  readonly level: ConfirmLevel;
  /** Problems to show before it runs: blocked, approval missing … null = can run. */
  readonly blocked: { readonly code: string | null; readonly because: string; readonly nextStep: string } | null;
  readonly undo: readonly Command[];
}

export type ConfirmLevel =
  | { readonly kind: 'enter' }
  | { readonly kind: 'yes' }
  /** `of`: what the word is: `workload`, `namespace`, `runbook file`. */
  | { readonly kind: 'type'; readonly word: string; readonly of: 'workload' | 'namespace' | 'runbook file' };
