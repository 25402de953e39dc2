import type { Journal } from '../ports/journal.ts';
import type { SecretsRegistry } from '../ports/secrets.ts';
import type { Recorded, RunEvent } from '../session/events.ts';
import { maskEvent } from './mask-event.ts';
import { refusesToSave } from './reporting.ts';

interface RecorderParts {
  readonly journal: Journal;
  readonly registry: SecretsRegistry;
  /** Called with what is durable, in order. */
  readonly publish: (recorded: readonly Recorded[]) => void;
}

/** Writes events down before anybody sees them. */
export interface Recorder {
  /** `anywhere`: when the run's own folder refuses, in the first fallback folder that can be written. */
  append(events: readonly RunEvent[], anywhere?: boolean): Promise<void>;
  /** The journal in the first folder that can be written; false when there is none. */
  moveOn(): Promise<boolean>;
}

export const createRecorder = ({ journal, registry, publish }: RecorderParts): Recorder => {
  const moveOn = async (): Promise<boolean> => {
    const moved = await journal.moveToFallback();
    if (moved !== null) publish([moved.event]);
    return moved !== null;
  };
  // The views see the events of one decision together: between two of them a step could look open that has passed.
  const append = async (events: readonly RunEvent[], anywhere = false): Promise<void> => {
    const recorded: Recorded[] = [];
    const write = async (event: RunEvent): Promise<Recorded> => {
      const masked = registry.all.length === 0 ? event : maskEvent(event, registry.mask);
      try {
        return await journal.append(masked);
      } catch (error) {
        if (!anywhere || !refusesToSave(journal.health)) throw error;
        publish(recorded.splice(0));
        if (!(await moveOn())) throw error;
        return journal.append(masked);
      }
    };
    try {
      for (const event of events) recorded.push(await write(event));
    } finally {
      publish(recorded);
    }
  };
  return { append, moveOn };
};
