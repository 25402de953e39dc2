import type { EventType, RecordedOf } from '../../../../src/session/events.ts';
import { journalOf } from '../../../support/story.ts';
import type { Workspace } from '../../../support/workspace.ts';

/** What the journal of the only run says so far, of one sort. */
export const eventsOf = <T extends EventType>(workspace: Workspace, type: T): readonly RecordedOf<T>[] =>
  journalOf(workspace)
    .split('\n')
    // The last line may be half written.
    .slice(0, -1)
    .map((line) => JSON.parse(line))
    .map((event) => ({ ...event, at: Date.parse(event.at) }) as RecordedOf<EventType>)
    .filter((event): event is RecordedOf<T> => event.type === type);
