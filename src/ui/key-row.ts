import type { EngineView } from '../engine/view.ts';
import type { MainAction, StepAt } from '../session/main-action.ts';

/** What decides whether a key does something now. */
export interface KeyContext {
  readonly view: EngineView;
  /** The step that is looked at. */
  readonly at: StepAt | null;
  readonly main: MainAction;
  /** An attempt whose output can be read. */
  readonly attempt: number | null;
  readonly wide: boolean;
}

export type KeyId =
  | 'enter'
  | 'tick'
  | 'down'
  | 'up'
  | 'page-down'
  | 'page-up'
  | 'first'
  | 'last'
  | 'current'
  | 'back'
  | 'fail'
  | 'skip'
  | 'not-applicable'
  | 'again'
  | 'undo'
  | 'reopen'
  | 'edit'
  | 'choice'
  | 'output'
  | 'logs'
  | 'cluster'
  | 'metrics'
  | 'describe'
  | 'acknowledge'
  | 'evidence'
  | 'links'
  | 'copy'
  | 'list'
  | 'note'
  | 'status'
  | 'hold'
  | 'rollback'
  | 'end'
  | 'interrupt'
  | 'help'
  | 'leave';

export interface KeyRow {
  readonly id: KeyId;
  /** Chords as `chordOf` gives them. */
  readonly press: readonly string[];
  /** As the help and the key line print it. */
  readonly label: string;
  /** On the key line; null = only in the help. */
  readonly hint: string | null;
  readonly description: string;
  readonly group: 'This step' | 'Looking around' | 'The whole run';
  /** `confirms`: guarded against bursts, pastes, repeats and changed screens. */
  readonly danger: 'none' | 'confirms';
  readonly available: (context: KeyContext) => boolean;
}
