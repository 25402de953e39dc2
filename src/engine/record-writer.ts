import type { RecordFiles } from '../ports/record-files.ts';
import type { Recorded, RunEvent } from '../session/events.ts';
import { sha256 } from '../session/exec-spec.ts';
import type { RunbookLibrary } from '../session/state.ts';
import type { Notice, WrittenRecord } from './view.ts';

export interface RecordWriterParts {
  readonly files: RecordFiles;
  readonly library: RunbookLibrary;
  readonly history: () => readonly Recorded[];
  readonly append: (events: readonly RunEvent[]) => Promise<void>;
  readonly notify: (level: Notice['level'], text: string, nextStep?: string | null) => void;
}

export interface RecordWriter {
  write(interim: boolean): Promise<void>;
  last(): WrittenRecord | null;
}

/**
 * Builds the record from the events so far and writes it; a record that cannot be written is said, never fatal.
 * `record/` is loaded when the first record is due: it is not needed to show a screen.
 */
export const createRecordWriter = ({ files, library, history, append, notify }: RecordWriterParts): RecordWriter => {
  let last: WrittenRecord | null = null;
  const write = async (interim: boolean): Promise<void> => {
    const [{ buildRecord }, { renderMarkdown }, { renderJson }] = await Promise.all([
      import('../record/build.ts'),
      import('../record/markdown.ts'),
      import('../record/json.ts'),
    ]);
    const events = history();
    const record = buildRecord(events, library);
    const markdown = renderMarkdown(record);
    const json = renderJson(record);
    const { head } = record.journal;
    const { paths, copyFailed } = await files.write({ markdown, json, interim });
    last = { markdown, paths, interim, head };
    const path = paths[0] ?? '';
    await append([
      {
        type: 'record.exported',
        frame: Math.max(0, events.at(-1)?.frame ?? 0),
        data: { format: 'markdown+json', path, head, sha256: sha256(markdown), interim, kept: [] },
      },
    ]);
    if (copyFailed !== null)
      notify(
        'error',
        `the record is written in the run folder (${path}), its copy in ${copyFailed.folder} is not: ${copyFailed.because}`,
        'Make the folder writable, then copy it there, or gonogo export writes it elsewhere',
      );
  };
  return {
    last: () => last,
    write: (interim) =>
      write(interim).catch((error: unknown) =>
        notify(
          'error',
          `the record could not be written: ${error instanceof Error ? error.message : String(error)}`,
          'gonogo export writes it elsewhere',
        ),
      ),
  };
};
