import type { Command, Input } from '../runbook/model.ts';
import type { EventData, PreflightCheck, RunTarget } from '../session/events.ts';
import type { SafeText } from '../text/safe-text.ts';
import type { Engine, SessionEnd } from './view.ts';

/**
 * What a run needs from whoever shows it: the screen and the plain output offer the same.
 * Every question resolves to null when the operator goes back (Esc, end of input).
 */
export interface Face {
  /** Shown at once, while a runbook is read and checked. `onQuit`: the operator does not want to wait. */
  opening(what: SafeText, onQuit: () => void): void;
  /** The start screen. */
  choose(start: StartScreen): Promise<StartChoice | null>;
  /** One form for all inputs without a value; rules are shown beside each field. */
  askInputs(form: InputForm): Promise<FilledForm | null>;
  /** Shows the checks when one of them is not ok. Reasons by id of those overridden. */
  preflight(page: PreflightPage): Promise<{ readonly reasons: Readonly<Record<string, string>> } | null>;
  /** "While you were away": shown until a key. */
  away(page: AwayPage): Promise<void>;
  /** Another process has the run. */
  occupied(page: OccupiedPage): Promise<'take-over' | 'observe' | null>;
  /** Walks the run until it is over or left; shows the finish. */
  run(engine: Engine, options: FaceOptions): Promise<SessionEnd>;
  /** Gives the terminal back. */
  close(): Promise<void>;
}

export interface FaceOptions {
  /** The command of a step with the operator's own text in it: risk, variables and problems looked at again. */
  readonly analyse: (script: string, command: Command) => Command;
  readonly validate: (input: Input, value: string) => ValueVerdict;
  /** Checks an armoured ssh signature over the challenge. */
  readonly verifyApproval: (challenge: string, signature: string) => Promise<ApprovalVerdict>;
  /** Shown under the record at the finish: what to type next. */
  readonly runId: string;
}

export type ValueVerdict =
  | {
      readonly ok: true;
      readonly value: string;
      /** It must be kept like a secret: the input is one, or the value holds one (W506). */
      readonly secret: boolean;
      readonly warning: SafeText | null;
    }
  | { readonly ok: false; readonly message: SafeText; readonly nextStep: SafeText };

export type ApprovalVerdict =
  | {
      readonly ok: true;
      readonly approval: Pick<EventData['approval.given'], 'by' | 'how' | 'verified' | 'fingerprint' | 'signature'>;
    }
  | { readonly ok: false; readonly message: SafeText; readonly nextStep: SafeText };

export interface StartScreen {
  readonly unfinished: readonly { readonly id: string; readonly title: SafeText; readonly detail: SafeText }[];
  /** Unfinished runs whose next phase has a due time. */
  readonly due: readonly { readonly id: string; readonly title: SafeText; readonly detail: SafeText }[];
  readonly runbooks: readonly {
    readonly path: string;
    readonly title: SafeText;
    readonly folder: SafeText;
    readonly detail: SafeText;
  }[];
}

export type StartChoice =
  | { readonly kind: 'resume'; readonly id: string }
  | { readonly kind: 'run'; readonly path: string };

export interface InputForm {
  readonly title: SafeText;
  readonly summary: SafeText | null;
  readonly fields: readonly FormField[];
  readonly validate: (input: Input, value: string) => ValueVerdict;
}

export interface FormField {
  readonly input: Input;
  /** Already given (option, environment) or the default; empty when there is none. */
  readonly value: string;
  /** Value of the last run of this runbook when it differs; shown beside the field, never filled in. */
  readonly last: SafeText | null;
}

export interface FilledForm {
  readonly values: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, string>>;
}

export interface PreflightPage {
  readonly title: SafeText;
  readonly target: RunTarget;
  readonly checks: readonly PreflightCheck[];
  /** Line 1 of the run: what is deployed where. */
  readonly headline: SafeText;
}

export interface AwayPage {
  /** Milliseconds away. */
  readonly awayMs: number;
  readonly lines: readonly { readonly level: 'info' | 'attention'; readonly text: SafeText }[];
}

export interface OccupiedPage {
  readonly title: SafeText;
  /** E705 in words: pid, terminal, for how long no key was pressed. */
  readonly message: SafeText;
  /** False when it belongs to somebody else. */
  readonly canTakeOver: boolean;
}
