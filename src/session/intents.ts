import type { Command } from '../runbook/model.ts';
import type { EventData, RunEvent } from './events.ts';
import type { ExecSpec } from './exec-spec.ts';
import type { AttemptOutcome } from './outcome.ts';

/** What an operator asks for. Every one is either carried out or refused with words for the operator. */
export type Intent =
  /** Tick a manual item, or pass a step whose output was shown ("as expected"). */
  | { readonly type: 'pass'; readonly step: string }
  /** Run the command of a step. `hash` is that of the spec that was shown. */
  | {
      readonly type: 'run';
      readonly step: string;
      readonly action: number;
      readonly part: EventData['command.confirmed']['part'];
      /** As in the pending command. */
      readonly forStatus?: true;
      readonly hash: string;
      readonly how: EventData['command.confirmed']['how'];
      readonly typed: string | null;
      /** The script as changed by the operator; null = as in the runbook. */
      readonly script: string | null;
      /** The changed command as analysed again (`editedCommand`); null without a change. */
      readonly edited: Command | null;
      /** The message that was shown and is sent; null otherwise. */
      readonly stdin: string | null;
    }
  | { readonly type: 'accept'; readonly step: string; readonly reason: string }
  | { readonly type: 'fail'; readonly step: string; readonly reason: string | null }
  | { readonly type: 'skip'; readonly step: string; readonly reason: string }
  /** A whole phase when `phase` is set: its `when` is false. */
  | {
      readonly type: 'not-applicable';
      readonly step: string;
      readonly phase: number | null;
      readonly reason: string | null;
    }
  | { readonly type: 'owe'; readonly step: string; readonly reason: string | null }
  | { readonly type: 'again'; readonly step: string }
  /** Undo the last tick. */
  | { readonly type: 'undo' }
  /** Reopen this step and every one after it. */
  | { readonly type: 'back'; readonly step: string }
  | {
      readonly type: 'decide';
      readonly step: string;
      readonly action: number;
      readonly label: string;
      readonly reason: string | null;
    }
  /** Choose one of alternative phases. */
  | { readonly type: 'choose-phase'; readonly phase: number }
  | {
      readonly type: 'answer';
      readonly step: string;
      readonly action: number | null;
      readonly values: Readonly<Record<string, string>>;
      readonly secrets: readonly string[];
    }
  | {
      readonly type: 'approve';
      readonly step: string;
      readonly action: number;
      readonly approval: Pick<
        EventData['approval.given'],
        'by' | 'how' | 'verified' | 'fingerprint' | 'reason' | 'signature'
      >;
    }
  | {
      readonly type: 'refuse-approval';
      readonly step: string;
      readonly action: number;
      readonly by: string | null;
      readonly reason: string;
    }
  /** Gates with commands begin when their hash was seen; the others begin by themselves. */
  | { readonly type: 'start-gate'; readonly step: string; readonly action: number; readonly hash: string | null }
  /** Go on although the gate failed or cannot tell. `typed`: the failed check's name, where it is asked for. */
  | {
      readonly type: 'override-gate';
      readonly step: string;
      readonly action: number;
      readonly reason: string;
      readonly typed: string | null;
    }
  /** The operator looked instead of a dead source, and saw this. */
  | { readonly type: 'by-eye'; readonly step: string; readonly action: number; readonly seen: string }
  /** A new try; the FAIL stays on record. */
  | { readonly type: 'hold-gate'; readonly step: string; readonly action: number }
  | { readonly type: 'acknowledge-breach'; readonly criterion: number; readonly reason: string }
  | { readonly type: 'acknowledge-source'; readonly source: string; readonly reason: string }
  /** The message was copied and posted by hand. */
  | { readonly type: 'posted'; readonly step: string; readonly action: number; readonly text: string }
  | { readonly type: 'status'; readonly text: string }
  | { readonly type: 'handoff'; readonly step: string; readonly action: number }
  | { readonly type: 'rollback' }
  | { readonly type: 'stop-command'; readonly attempt: number; readonly signal: 'TERM' | 'KILL' }
  | {
      readonly type: 'resolve';
      readonly attempt: number;
      readonly as: 'succeeded' | 'failed' | 'not-applied';
      readonly evidence: string;
    }
  | { readonly type: 'hold'; readonly reason: string }
  | { readonly type: 'lift-hold'; readonly reason: string | null }
  | { readonly type: 'note'; readonly step: string | null; readonly text: string }
  /** Goes past a refusal that allows it; the refused intent has to come again after it. */
  | {
      readonly type: 'override';
      readonly what: string;
      readonly reason: string;
      /** What was typed, where the refusal asks for a word. */
      readonly typed?: string;
    }
  /** After the last step. */
  | { readonly type: 'finish' }
  /** `Q`: end the run before its last step. */
  | { readonly type: 'end'; readonly reason: string }
  | { readonly type: 'leave'; readonly why: EventData['run.left']['why'] };

/** What the engine reports; its results come back as events. */
export type Report =
  | {
      readonly type: 'attempt-started';
      readonly attempt: number;
      readonly pid: number | null;
      readonly startedAt: number;
    }
  | {
      readonly type: 'attempt-finished';
      readonly attempt: number;
      readonly outcome: AttemptOutcome;
      readonly recovered: boolean;
    }
  | {
      readonly type: 'attempt-unknown';
      readonly attempt: number;
      readonly startedAt: number | null;
      readonly survivors: readonly { readonly pid: number; readonly command: string }[];
    }
  /** What still lives of a command without a result, looked at again. */
  | {
      readonly type: 'attempt-survivors';
      readonly attempt: number;
      readonly survivors: readonly { readonly pid: number; readonly command: string }[];
    }
  | { readonly type: 'attempt-not-started'; readonly attempt: number; readonly because: string }
  /** A background command has run for 2 s. */
  | {
      readonly type: 'attempt-steady';
      readonly attempt: number;
      readonly bytes: number;
      readonly lines: number;
      readonly tail: string;
    };

/** What the engine has to do once the events are durable. */
export type Effect =
  | {
      readonly type: 'start';
      readonly attempt: number;
      readonly spec: ExecSpec;
      readonly hash: string /** message text for `send` */;
      readonly stdin: string | null;
    }
  | { readonly type: 'stop'; readonly attempt: number; readonly signal: 'TERM' | 'KILL' }
  /** TERM, then KILL after 10 s, to what is left of a command whose runner is gone. */
  | { readonly type: 'stop-survivors'; readonly attempt: number }
  /** TERM, then KILL after 10 s: background commands at the end of their phase. */
  | { readonly type: 'end-background'; readonly attempt: number }
  | {
      readonly type: 'tell';
      readonly level: 'info' | 'error';
      readonly text: string;
      readonly nextStep: string | null;
    }
  /** `attempt`: the command it is about. */
  | { readonly type: 'ring'; readonly why: 'needs-you' | 'done' | 'breach'; readonly attempt?: number }
  | { readonly type: 'write-record'; readonly interim: boolean }
  | { readonly type: 'end-session'; readonly why: 'finished' | 'left' };

export type Decision =
  | { readonly ok: true; readonly events: readonly RunEvent[]; readonly effects: readonly Effect[] }
  | { readonly ok: false; readonly refusal: Refusal };

/** Why an intent does nothing, for the line that says what Enter does. */
export interface Refusal {
  readonly message: string;
  readonly nextStep: string | null;
  /** Set when the operator may go on all the same, with a reason: `override`, then the same intent again. */
  readonly override?: Override;
}

export interface Override {
  /** Recorded as `override.given`; names one thing, so that a reason is not taken for another. */
  readonly what: string;
  /** The question the reason answers: `Change without knowing the cluster?` */
  readonly prompt: string;
  /** A word that has to be typed besides: whose lock is taken over. */
  readonly typed?: { readonly word: string; readonly of: string };
}
