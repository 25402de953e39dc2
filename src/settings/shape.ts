/** What holds for all runs of this user. Source: 60-interface, "Settings". */
export interface Settings {
  /** The metrics server of a context: the first whose pattern fits. */
  readonly prometheus: readonly PrometheusSetting[];
  /** Patterns of production contexts, matched without regard to case. */
  readonly production: readonly string[];
  /** Shell command that is run when a person is needed. */
  readonly notify: string | null;
  readonly operator: string | null;
  readonly theme: Theme;
  /** Absolute path of the folder where records are copied to. */
  readonly records: string | null;
  readonly lock: 'advisory' | 'required';
  /** `all` switches off the rule that keeps rollback and reference phases off the path. */
  readonly path: 'auto' | 'all';
  /** Absolute path of an OpenSSH allowed_signers file. */
  readonly approvers: string | null;
  /** Remote-tracking branch whose files `trust --repo` takes as reviewed. */
  readonly trustBranch: string;
}

/** `auto` asks the terminal; `mono` uses no colour. */
export type Theme = 'auto' | 'dark' | 'light' | 'mono';

export interface PrometheusSetting {
  /** Pattern of contexts, matched without regard to case. */
  readonly context: string;
  readonly url: string;
  /** Values are references (`env:TOKEN`), never the secret itself. */
  readonly headers: Readonly<Record<string, string>>;
}

export const defaultSettings: Settings = {
  prometheus: [],
  production: ['(^|[-_./])(prod|prd|production|live)\\d*([-_./]|$)'],
  notify: null,
  operator: null,
  theme: 'auto',
  records: null,
  lock: 'advisory',
  path: 'auto',
  approvers: null,
  trustBranch: 'origin/HEAD',
};
