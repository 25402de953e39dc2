import type { RunEvent } from '../session/events.ts';
import type { Intent } from '../session/intents.ts';
import type { EngineView } from './view.ts';

const judging: ReadonlySet<Intent['type']> = new Set(['decide', 'approve', 'accept', 'rollback', 'finish', 'end']);
const mostLines = 20;

/** What the panels showed when somebody decided, frozen for the record; none when there are no panels. */
export const evidenceFor = (intent: Intent, { panels, now, session }: EngineView): readonly RunEvent[] => {
  if (panels.length === 0 || !judging.has(intent.type)) return [];
  const shown = panels.map(({ title, lines, at, because }) => ({
    title,
    text:
      because === null ? lines.slice(0, mostLines).join('\n') : `${because}\n${lines.slice(0, mostLines).join('\n')}`,
    ageMs: at === null ? -1 : now - at,
  }));
  const step = 'step' in intent ? intent.step : null;
  return [{ type: 'evidence.captured', frame: Math.max(0, session.frame), data: { step, panels: shown } }];
};
