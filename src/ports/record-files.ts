export interface WrittenFiles {
  /** Of all that was written, the copies first. */
  readonly paths: readonly string[];
  /** The record folder did not take the copies, and why; null when it did or none is set. */
  readonly copyFailed: { readonly folder: string; readonly because: string } | null;
}

/** Where records go: the run folder, and the record folder of the settings. */
export interface RecordFiles {
  /** Writes `record.md` and `record.json`. Rejects when the run folder does not take them; a failed copy is told. */
  write(files: { readonly markdown: string; readonly json: string; readonly interim: boolean }): Promise<WrittenFiles>;
}
