import type { RecordFiles } from '../ports/record-files.ts';
import type { Recorded, RunEvent } from '../session/events.ts';
import { sha256 } from '../session/exec-spec.ts';
import type { RunbookLibrary } from '../session/state.ts';
import type { Notice, WrittenRecord } from './view.ts';

interface RecordWriterParts {
  readonly files: RecordFiles;
  readonly library: RunbookLibrary;
  readonly history: () => readonly Recorded[];
  readonly append: (events: readonly RunEvent[]) => Promise<void>;
  readonly notify: (level: Notice['level'], text: string, nextStep?: string | null) => void;
}
