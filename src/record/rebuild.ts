import type { Recorded } from '../session/events.ts';
import type { RunbookLibrary } from '../session/state.ts';
import { buildRecord } from './build.ts';
import { limits } from './fit.ts';
import { renderJson } from './json.ts';
import { renderMarkdown } from './markdown.ts';
import type { DeploymentRecord } from './record.ts';

/** A run as the journal has it. */
export interface RunAtHand {
  readonly events: readonly Recorded[];
  readonly library: RunbookLibrary;
}

export interface Rebuilt {
  readonly head: string;
  readonly text: string;
  readonly record: DeploymentRecord;
}

/** Every text that a run gives for a head: JSON, or Markdown for each size it can be cut to. */
export const rebuiltTexts = (run: RunAtHand, head: string, format: 'md' | 'json'): readonly Rebuilt[] => {
  const end = run.events.findIndex((event) => event.h === head);
  if (end === -1) return [];
  const exports = run.events.filter((event) => event.type === 'record.exported' && event.data.head === head);
  const choices = [[], ...exports.map((event) => (event.type === 'record.exported' ? event.data.kept : []))];
  const kept = [...new Map(choices.map((choice) => [JSON.stringify(choice), choice])).values()];
  return kept.flatMap((choice) => {
    const record = buildRecord(run.events.slice(0, end + 1), run.library, { kept: choice });
    if (format === 'json') return [{ head, record, text: renderJson(record) }];
    const targets = [null, ...(Object.keys(limits) as (keyof typeof limits)[])];
    return targets.map((fit) => ({ head, record, text: renderMarkdown(record, { fit }) }));
  });
};

/** Heads that records of this run were written for, the newest first. */
export const exportedHeads = (run: RunAtHand): readonly string[] => [
  ...new Set(
    run.events
      .toReversed()
      .flatMap((event) => (event.type === 'record.exported' ? [event.data.head] : []))
      .concat(run.events.at(-1)?.h ?? []),
  ),
];

export interface Difference {
  /** 1-based. */
  readonly line: number;
  /** Null: the text ends before. */
  readonly found: string | null;
  readonly expected: string | null;
}

/** First line in which the texts differ; null when they are the same. */
export const firstDifference = (found: string, expected: string): Difference | null => {
  if (found === expected) return null;
  const a = found.split('\n');
  const b = expected.split('\n');
  const index = a.findIndex((line, i) => line !== b[i]);
  const at = index === -1 ? a.length : index;
  return { line: at + 1, found: a[at] ?? null, expected: b[at] ?? null };
};
