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
  /** Loads what writes records, to have it when the program's own files are replaced during the run. */
  load(): Promise<void>;
  write(interim: boolean): Promise<void>;
  last(): WrittenRecord | null;
}

/**
 * Builds the record from the events so far and writes it; a record that cannot be written is said, never fatal.
 * `record/` is loaded by `load`, or else when the first record is due: it is not needed to show a screen.
 */
export const createRecordWriter = ({ files, library, history, append, notify }: RecordWriterParts): RecordWriter => {
  let last: WrittenRecord | null = null;
  const { load, loaded } = recordModules();
  const write = async (interim: boolean): Promise<void> => {
    const [{ buildRecord }, { renderMarkdown }, { renderJson }, { metricLines }] = await loaded();
    const events = history();
    const record = buildRecord(events, library);
    const markdown = renderMarkdown(record);
    const json = renderJson(record);
    const { head } = record.journal;
    const { paths, copyFailed } = await files.write({ markdown, json, interim });
    last = { markdown, paths, interim, head, metrics: metricLines(record) };
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
    load,
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

const recordModules = () => {
  const importAll = () =>
    Promise.all([
      import('../record/build.ts'),
      import('../record/markdown.ts'),
      import('../record/json.ts'),
      import('../record/markdown-metrics.ts'),
    ]);
  let modules: ReturnType<typeof importAll> | null = null;
  const loaded = (): ReturnType<typeof importAll> => {
    modules ??= importAll();
    // A failure is not kept: the next one who needs them tries again.
    modules.catch(() => {
      modules = null;
    });
    return modules;
  };
  return { loaded, load: async (): Promise<void> => void (await loaded()) };
};
