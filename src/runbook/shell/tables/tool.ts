import type { Risk } from '../../model.ts';

/**
 * What is known of one tool. Lists are lines of `phrase, phrase: reason`; a phrase is the words after the tool's name
 * (`rollout undo`; `*` stands for any letters) and options that must be there (`push --force`, `scale --replicas=0`).
 * The longest matching phrase counts; of equal ones the worse.
 */
export interface Tool {
  /** Options that take a separate value, so that the value is not taken for a verb. */
  readonly valued?: string;
  /** Single letters may be joined: `-it`, `-rf`, `-nprod`. Default true; false for tools with `-long` options. */
  readonly joined?: boolean;
  /** A phrase may start at any word: `gcloud compute instances delete`. */
  readonly anywhere?: boolean;
  readonly read?: string;
  readonly change?: string;
  readonly destroy?: string;
  /** Without a known phrase. Default change. */
  readonly otherwise?: Risk;
  /** Without any word or option. Default: as `otherwise`. */
  readonly alone?: Risk;
  /** Options with which the tool only says what it would do. */
  readonly dry?: string;
  /** Acts outside the pinned target. */
  readonly outside?: string;
  /** Never ends by itself: stopping it is its normal end. */
  readonly watches?: string;
  /** Needs a terminal. */
  readonly interactive?: string;
  /** With these it asks nobody after all: `-auto-approve`. */
  readonly answered?: string;
  /** Selects another cluster for later commands. */
  readonly target?: string;
}
