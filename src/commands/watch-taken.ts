import { readWatchFiles } from '../journal/watch-file.ts';
import type { EventData } from '../session/events.ts';
import type { SessionState } from '../session/state.ts';
import { parseWatchLine } from '../session/watch-line.ts';

interface Dated {
  readonly report: EventData['watch.reported'];
  readonly at: number;
}

/** A line that says no time, or an earlier one than the line before it, stands where it stands in its file. */
const dated = (session: string, lines: readonly string[]): readonly Dated[] => {
  let latest = 0;
  return lines.map((line) => {
    latest = Math.max(latest, parseWatchLine(line)?.at ?? 0);
    return { report: { session, line }, at: latest };
  });
};

/**
 * Lines that watches have written beside the run and its journal does not have yet, in the order of their times. What
 * was taken over is known from the journal, so that a resume that was killed half-way takes none of them twice.
 */
export const newWatchLines = async (
  dir: string,
  { watches }: Pick<SessionState, 'watches'>,
): Promise<readonly EventData['watch.reported'][]> => {
  const files = await readWatchFiles(dir);
  return files
    .flatMap(({ session, lines }) => {
      const taken = watches.find((watch) => watch.session === session)?.lines ?? 0;
      return dated(session, lines).slice(taken);
    })
    .toSorted((a, b) => a.at - b.at)
    .map(({ report }) => report);
};
