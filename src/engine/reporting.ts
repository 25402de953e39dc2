import type { WriteHealth } from '../ports/journal.ts';
import type { Decision, Report } from '../session/intents.ts';

export interface ReportingParts {
  readonly decide: (what: Report) => Decision;
  readonly carryOut: (decision: Decision) => Promise<unknown>;
}

export interface Reporting {
  /** Records what became of an attempt. Rejects with what the journal said; an end that was refused is kept. */
  take(what: Report): Promise<void>;
  /** Tells again what was kept, until the journal refuses. */
  again(): Promise<void>;
  /** Attempts whose end is known here and on no disk. */
  unsaved(): readonly number[];
}

/** Whether a command ended must not be forgotten when the disk refuses it: there may be room, or another folder, later. */
export const createReporting = ({ decide, carryOut }: ReportingParts): Reporting => {
  const kept: Report[] = [];
  const record = async (what: Report): Promise<void> => {
    const decision = decide(what);
    if (decision.ok) await carryOut(decision);
  };
  return {
    take: async (what) => {
      try {
        await record(what);
      } catch (error) {
        if (isEnd(what)) kept.push(what);
        throw error;
      }
    },
    again: async () => {
      for (let [what] = kept; what !== undefined; [what] = kept) {
        await record(what);
        kept.shift();
      }
    },
    unsaved: () => kept.map(({ attempt }) => attempt),
  };
};

const isEnd = ({ type }: Report): boolean =>
  type === 'attempt-finished' || type === 'attempt-unknown' || type === 'attempt-not-started';

/** The run's folder takes nothing more, or outcomes only. */
export const refusesToSave = ({ kind }: WriteHealth): boolean => kind === 'poisoned' || kind === 'full';
