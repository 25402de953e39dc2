import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Journal, WriteHealth } from '../ports/journal.ts';
import { JournalWriter, type WriteTarget } from './append.ts';
import { ballastOf } from './ballast.ts';
import { createFallbackFolder } from './fallback.ts';
import { type OpenJournalFile, openJournalFile } from './file-layer.ts';
import { ownHolder, writeHolder } from './holder.ts';
import type { RunLock } from './lock.ts';
import { type Clock, systemClock } from './machine.ts';
import { runFiles, syncFolder } from './runs-directory.ts';
import { type ChainPosition, Segment } from './segment.ts';
import { watchTakeOver } from './take-over.ts';

/** Who writes, and what may be replaced in tests. */
export interface JournalOptions {
  /** Id of this gonogo process. */
  readonly session: string;
  readonly actor: string;
  readonly clock?: Clock;
  readonly openFile?: OpenJournalFile;
  /** Folders to go on in when the run's own cannot be written. */
  readonly roots?: readonly string[];
}

export interface HeldRun {
  readonly dir: string;
  readonly run: string;
  readonly lock: RunLock;
  /** File to write, its folder, and where its chain stands. */
  readonly segmentDir: string;
  readonly position: ChainPosition;
  readonly create: boolean;
}

export const openTarget = async (
  dir: string,
  position: ChainPosition,
  create: boolean,
  openFile: OpenJournalFile = openJournalFile,
): Promise<WriteTarget> => {
  const file = await openFile(join(dir, runFiles.journal), create);
  try {
    if (create) await syncFolder(dir);
  } catch (error) {
    // Node ends the whole process for a file that nobody closed.
    await file.close();
    throw error;
  }
  return { segment: new Segment(dir, file, position), ballast: ballastOf(dir) };
};

const keyNoteMs = 1000;

/** The journal of a run whose lock this process holds. */
export const holdJournal = async (held: HeldRun, options: JournalOptions): Promise<Journal> => {
  const clock = options.clock ?? systemClock();
  const target = await openTarget(held.segmentDir, held.position, held.create, options.openFile);
  const health: WriteHealth = held.segmentDir === held.dir ? { kind: 'ok' } : { kind: 'moved', dir: held.segmentDir };
  const writer = new JournalWriter({ ...options, run: held.run, clock, target, health });
  if (!existsSync(join(held.segmentDir, runFiles.ballast))) {
    await target.ballast.reserve().catch(() => writer.health.become({ kind: 'full' }));
  }
  // Files the journal has left: a slow disk may still be at work on one of them.
  const replaced: Segment[] = [];
  const takeOver = watchTakeOver(held.dir);
  const holder = ownHolder(clock.now());
  let noted = clock.now();
  await writeHolder(held.dir, holder).catch(() => undefined);

  return {
    dir: held.dir,
    run: held.run,
    takeOverAsked: takeOver.asked,
    get head() {
      return writer.segment.position.head;
    },
    get next() {
      return writer.segment.position.next;
    },
    get health() {
      return writer.health.now;
    },
    append: (event) => writer.append(event),
    onHealth: (listener) => writer.health.listen(listener),
    noteKey: () => {
      const now = clock.now();
      if (Math.abs(now - noted) < keyNoteMs) return;
      noted = now;
      void writeHolder(held.dir, { ...holder, lastKey: now }).catch(() => undefined);
    },
    moveToFallback: () => moveOn(writer, held, options, replaced),
    close: async () => {
      takeOver.stop();
      await writer.close();
      for (const segment of [...replaced, writer.segment]) await segment.close().catch(() => undefined);
      held.lock.release();
    },
  };
};

/** The first fallback folder where the next line can be written; null when there is none. */
const moveOn = async (
  writer: JournalWriter,
  held: HeldRun,
  options: JournalOptions,
  replaced: Segment[],
): ReturnType<Journal['moveToFallback']> => {
  const from = writer.segment;
  for (const root of options.roots ?? []) {
    try {
      const target = await reservedTarget(root, held, from.position, options);
      replaced.push(writer.segment);
      const event = {
        type: 'journal.continued',
        frame: 0,
        data: { from: from.dir, head: from.position.head },
      } as const;
      return { dir: target.segment.dir, event: await writer.moveTo(target, event) };
    } catch {
      // Not writable either: the next one is tried.
    }
  }
  return null;
};

/** A new file with its ballast below a fallback root. */
const reservedTarget = async (
  root: string,
  held: HeldRun,
  { head, next }: ChainPosition,
  options: JournalOptions,
): Promise<WriteTarget> => {
  // A file that is there already is an earlier part of this journal.
  const position = { head, next, bytes: 0 };
  const target = await openTarget(createFallbackFolder(root, held.run), position, true, options.openFile);
  try {
    await target.ballast.reserve();
    return target;
  } catch (error) {
    await target.segment.close();
    throw error;
  }
};
