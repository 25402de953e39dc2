import type { Command, Input } from '../runbook/model.ts';
import type { Acknowledgeable } from '../session/acknowledge-view.ts';
import type { Intent, Refusal } from '../session/intents.ts';
import type { PendingCommand } from '../session/main-action.ts';
import type { ReasonKind } from '../session/ui-words.ts';
import type { SafeText } from '../text/safe-text.ts';
import type { LogSource } from './log-sources.ts';
import type { TextField } from './text-field.ts';

/** What the operator looks at: everything of the run screen that is not in the session. Plain data. */
export interface ScreenState {
  /** The step looked at; null follows the run. */
  readonly selected: string | null;
  /** First row shown of the step. */
  readonly scroll: number;
  /** Below 120 columns: the checklist has the body instead of the step. */
  readonly list: boolean;
  /** Item under the cursor in a card of manual steps. */
  readonly item: string | null;
  /** Items of a card whose last one was ticked: it stays until Enter leaves it. */
  readonly card: readonly string[] | null;
  /** The topmost is last. */
  readonly dialogs: readonly Dialog[];
  /** A word from the screen itself; one from the engine is in its view. */
  readonly notice: { readonly text: SafeText; readonly at: number } | null;
}

export type ReasonFor = { readonly kind: ReasonKind; readonly step: string | null; readonly phase: number | null };

export type Dialog =
  /** `command` and `script` are set when the operator changed it; `stdin` is the message that is sent. */
  | {
      readonly kind: 'confirm';
      readonly pending: PendingCommand;
      readonly edited: Command | null;
      readonly stdin: string | null;
      readonly scroll: number;
      readonly reached: boolean;
      readonly typed: TextField;
    }
  /** `decide` is set when a choice of a step leads to it. */
  | { readonly kind: 'rollback'; readonly decide: DecideRef | null; readonly scroll: number; readonly reached: boolean }
  | { readonly kind: 'leave' }
  | { readonly kind: 'interrupt'; readonly attempt: number }
  | { readonly kind: 'left-out'; readonly step: string; readonly canOwe: boolean }
  /** `field` is null while a reason is picked from the list. */
  | { readonly kind: 'reason'; readonly why: ReasonFor; readonly field: TextField | null }
  /** Something refused that may be gone past: with a reason `intent` is sent again. `field` as with a reason. */
  | {
      readonly kind: 'override';
      readonly refusal: Refusal & Required<Pick<Refusal, 'override'>>;
      readonly intent: Intent;
      readonly field: TextField | null;
      /** Given already, while the word that is asked for is typed in `field`; null before. */
      readonly reason: string | null;
    }
  | { readonly kind: 'end-by-choice'; readonly decide: DecideRef }
  | { readonly kind: 'note'; readonly step: string | null; readonly field: TextField }
  | { readonly kind: 'status'; readonly field: TextField }
  | { readonly kind: 'ask'; readonly step: string; readonly action: number | null; readonly form: FormState }
  | {
      readonly kind: 'approve';
      readonly step: string;
      readonly action: number;
      readonly role: string;
      readonly challenge: string;
      readonly reasonRequired: boolean;
      readonly part: ApprovePart;
    }
  | {
      readonly kind: 'resolve';
      readonly attempt: number;
      readonly as: 'succeeded' | 'failed' | 'not-applied' | null;
      readonly field: TextField;
    }
  | { readonly kind: 'edit'; readonly pending: PendingCommand; readonly field: TextField }
  | Pager
  | ClusterDialog
  | MetricsDialog
  | { readonly kind: 'acknowledge' }
  /** Words that a decision at a gate or a breach needs; `reason` is given already while a word is typed. */
  | { readonly kind: 'attest'; readonly about: Attest; readonly field: TextField; readonly reason: string | null }
  | { readonly kind: 'help'; readonly scroll: number }
  | { readonly kind: 'evidence'; readonly step: string | null; readonly scroll: number }
  | { readonly kind: 'links' };

export interface DecideRef {
  readonly step: string;
  readonly action: number;
  readonly label: string;
}

export type ApprovePart =
  | { readonly kind: 'how' }
  | {
      readonly kind: 'signature';
      readonly field: TextField;
      readonly problem: SafeText | null;
      readonly checking: boolean;
    }
  | { readonly kind: 'name'; readonly field: TextField }
  /** Asked after the person is known, when the runbook requires it. */
  | {
      readonly kind: 'reason';
      readonly approval: Extract<Intent, { type: 'approve' }>['approval'];
      readonly field: TextField;
    }
  | { readonly kind: 'refuse'; readonly field: TextField };

/** What has to be said before something is gone past, judged by eye or acknowledged. */
export type Attest =
  | {
      readonly kind: 'override';
      readonly step: string;
      readonly action: number;
      readonly because: string;
      readonly least: number;
      readonly typed: string | null;
    }
  | { readonly kind: 'by-eye'; readonly step: string; readonly action: number; readonly because: string }
  | Acknowledgeable;

/** The cluster in full, with a cursor on one pod. */
export interface ClusterDialog {
  readonly kind: 'cluster';
  /** Uid of a pod; null = the first. */
  readonly selected: string | null;
  readonly scroll: number;
  /** Last log lines of failing pods by uid; empty while they are asked for. */
  readonly tails: Readonly<Record<string, readonly string[]>>;
}

/** The metrics in full, one of them as a chart. */
export interface MetricsDialog {
  readonly kind: 'metrics';
  /** By name; null = the worst. */
  readonly selected: string | null;
}

/** Text that is scrolled and searched. */
export type Pager = OutputDialog | DescribeDialog | LogsDialog;

interface PagerState {
  /** Null while it is read. */
  readonly lines: readonly string[] | null;
  readonly scroll: number;
  readonly query: string;
  /** Set while the query is typed. */
  readonly field: TextField | null;
}

export interface DescribeDialog extends PagerState {
  readonly kind: 'describe';
  /** `pod/checkout-7d9f-abc`. */
  readonly reference: string;
}

export interface LogsDialog extends PagerState {
  readonly kind: 'logs';
  /** Of the stream that fills it. */
  readonly stream: number;
  readonly sources: readonly LogSource[];
  readonly previous: boolean;
  /** The end stays in sight; else what is shown stands still. */
  readonly follows: boolean;
  /** Lines that came while it stood still. */
  readonly unseen: number;
  /** Why streams ended by themselves. */
  readonly ended: readonly string[];
}

export interface OutputDialog extends PagerState {
  readonly kind: 'output';
  readonly attempt: number;
}

/** A form of inputs: one field has the cursor. */
export interface FormState {
  readonly fields: readonly FormFieldState[];
  readonly at: number;
}

export interface FormFieldState {
  readonly input: Input;
  readonly field: TextField;
  readonly last: SafeText | null;
  readonly problem: SafeText | null;
  readonly warning: SafeText | null;
}

export const initialScreen: ScreenState = {
  selected: null,
  scroll: 0,
  list: false,
  item: null,
  card: null,
  dialogs: [],
  notice: null,
};

export type ScreenAction =
  | { readonly type: 'look'; readonly step: string | null }
  | { readonly type: 'item'; readonly step: string }
  | { readonly type: 'scroll'; readonly by: number; readonly most: number }
  | { readonly type: 'list'; readonly shown: boolean }
  | { readonly type: 'keep-card'; readonly items: readonly string[] | null }
  | { readonly type: 'open'; readonly dialog: Dialog }
  /** Replaces the topmost dialog. */
  | { readonly type: 'change'; readonly dialog: Dialog }
  | { readonly type: 'close' }
  /** The last log lines of a pod; empty = they are asked for. */
  | { readonly type: 'tail'; readonly pod: string; readonly lines: readonly string[] }
  | { readonly type: 'close-all' }
  /** What was asked before a gap is no longer an answer to it. */
  | { readonly type: 'void-confirmations' }
  | { readonly type: 'say'; readonly text: SafeText; readonly at: number }
  | { readonly type: 'hush' };

/** Its `y` starts or ends something. */
export const isConfirmation = ({ kind }: Dialog): boolean =>
  kind === 'confirm' || kind === 'rollback' || kind === 'end-by-choice';

/** Text to read: none of its keys starts anything. */
export const isPager = ({ kind }: Dialog): boolean => kind === 'output' || kind === 'describe' || kind === 'logs';

export const topDialog = (state: ScreenState): Dialog | null => state.dialogs.at(-1) ?? null;

export const reduceScreen = (state: ScreenState, action: ScreenAction): ScreenState => {
  switch (action.type) {
    case 'look':
      return { ...state, selected: action.step, scroll: 0 };
    case 'item':
      return { ...state, item: action.step, scroll: 0 };
    case 'scroll':
      return { ...state, scroll: clamp(state.scroll + action.by, action.most) };
    case 'list':
      return { ...state, list: action.shown };
    case 'keep-card':
      return { ...state, card: action.items, scroll: 0 };
    case 'open':
      return { ...state, dialogs: [...state.dialogs, action.dialog], notice: null };
    case 'change':
      return state.dialogs.length === 0 ? state : { ...state, dialogs: [...state.dialogs.slice(0, -1), action.dialog] };
    case 'close':
      return { ...state, dialogs: state.dialogs.slice(0, -1), notice: null };
    case 'tail':
      return {
        ...state,
        dialogs: state.dialogs.map((dialog) =>
          dialog.kind === 'cluster' ? { ...dialog, tails: { ...dialog.tails, [action.pod]: action.lines } } : dialog,
        ),
      };
    case 'close-all':
      return { ...state, dialogs: [], notice: null };
    case 'void-confirmations':
      return { ...state, dialogs: state.dialogs.filter((dialog) => !isConfirmation(dialog)) };
    case 'say':
      return { ...state, notice: { text: action.text, at: action.at } };
    case 'hush':
      return state.notice === null ? state : { ...state, notice: null };
  }
};

/** A first row between 0 and `most`. */
export const clamp = (scroll: number, most: number): number => Math.max(0, Math.min(scroll, Math.max(0, most)));

/** Esc: one level back, always: dialog, kept notice, list, other step. Null when there is nowhere to go back to. */
export const backOnce = (state: ScreenState): ScreenState | null => {
  if (state.dialogs.length > 0) return reduceScreen(state, { type: 'close' });
  if (state.list) return { ...state, list: false };
  if (state.selected !== null) return { ...state, selected: null, scroll: 0 };
  return state.notice === null ? null : { ...state, notice: null };
};
