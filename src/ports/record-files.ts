/** Where records go: the run folder, and the record folder of the settings. */
export interface RecordFiles {
  /** Writes `record.md` and `record.json`; gives the paths, the copies included. */
  write(files: {
    readonly markdown: string;
    readonly json: string;
    readonly interim: boolean;
  }): Promise<readonly string[]>;
}
