/** A problem of a script, before it is known in which file and kind of runbook it stands. */
export interface Finding {
  /** Number of the entry in the list of bad inputs: 401. */
  readonly number: number;
  /** An error keeps the command from running; a warning does not. */
  readonly severity: 'error' | 'warning';
  /** UTF-16 offset into the script that was given. */
  readonly offset: number;
  readonly message: string;
  readonly hint: string | null;
}
