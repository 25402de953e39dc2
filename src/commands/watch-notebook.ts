import type { WatchNotebook } from '../engine/watch-notes.ts';
import { createWatchFile, type WatchFile } from '../journal/watch-file.ts';
import { parseWatchLine, type WatchFact, watchLineText } from '../session/watch-line.ts';

interface NotebookOptions {
  readonly dir: string;
  readonly session: string;
  readonly who: string;
  /** Each secret becomes `[secret NAME]`. */
  readonly mask: (text: string) => string;
}

/** Breaches, and for how long somebody watched, are written into a file that is nearly full, too. */
const matters = (line: string): boolean => {
  const type = parseWatchLine(line)?.type;
  return type === 'criterion.breached' || type === 'watch.lasted' || type === 'watch.ended';
};

const maskedFact = (fact: WatchFact, mask: NotebookOptions['mask']): WatchFact => {
  switch (fact.type) {
    case 'criterion.breached':
    case 'criterion.recovered':
      return { ...fact, data: { ...fact.data, value: mask(fact.data.value) } };
    case 'criterion.blind':
      return { ...fact, data: { ...fact.data, because: mask(fact.data.because) } };
    default:
      return fact;
  }
};

/** Writes the lines of one watch; its file is created with the first one. */
export const watchNotebook = ({ dir, session, who, mask }: NotebookOptions): WatchNotebook => {
  let file: Promise<WatchFile> | null = null;
  return {
    note: async (fact, at) => {
      file ??= createWatchFile(dir, session, matters).catch((error: unknown) => {
        file = null;
        throw error;
      });
      return (await file).append(watchLineText({ ...maskedFact(fact, mask), session, who, at }));
    },
    close: async () => {
      await (await file?.catch(() => null))?.close();
    },
  };
};
