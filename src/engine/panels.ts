import type { Clock } from '../ports/clock.ts';
import type { CommandRunner } from '../ports/commands.ts';
import type { Panel } from '../runbook/model.ts';
import { frameValues } from '../session/spec.ts';
import { safeLine, safeText } from '../text/safe-text.ts';
import type { Store } from './store.ts';
import type { EngineView, PanelView } from './view.ts';

interface PanelParts {
  readonly runner: CommandRunner;
  readonly clock: Clock;
  readonly store: Store<EngineView>;
}

const limitMs = 10_000;
const maxLines = 40;
const staleMs = 45_000;

/** Asks the command panels of the first frame, when it is trusted, again and again; one question at a time each. */
export const watchPanels = ({ runner, clock, store }: PanelParts): (() => void) => {
  const asked = new Map<number, { at: number; busy: boolean }>();
  const put = (index: number, change: (panel: PanelView) => PanelView): void =>
    store.set((view) => {
      const panel = view.panels[index];
      return panel === undefined ? view : { ...view, panels: view.panels.with(index, change(panel)) };
    }, false);

  const ask = async (panel: Panel, index: number): Promise<void> => {
    const { session } = store.get();
    const frame = session.frames[0];
    if (frame === undefined) return;
    const { exit, output, timedOut } = await runner.probe(panel.command, frameValues(session, frame), limitMs);
    const lines = output.trimEnd().split('\n').slice(0, maxLines).map(safeLine);
    const because = timedOut ? 'no answer in 10 s' : exit === 0 ? null : `exit ${exit ?? 'unknown'}`;
    put(index, (old) =>
      because === null
        ? { ...old, state: 'live', lines, at: clock.now(), because: null }
        : { ...old, state: 'error', lines: old.lines.length > 0 ? old.lines : lines, because: safeText(because) },
    );
  };

  const step = (): void => {
    const { session, panels, observing } = store.get();
    const frame = session.frames[0];
    const wanted = frame?.runbook.panels ?? [];
    // Nothing of a runbook that is not trusted is run.
    if (frame?.restricted || wanted.length === 0 || session.finished !== null) return;
    if (observing !== null && observing.watch === undefined) return;
    if (panels.length === 0) {
      store.set(
        (view) => ({
          ...view,
          panels: wanted.map((panel) => ({
            title: safeLine(panel.title),
            state: 'loading',
            lines: [],
            at: null,
            because: null,
          })),
        }),
        false,
      );
    }
    for (const [index, panel] of wanted.entries()) {
      const last = asked.get(index);
      if (last?.busy || (last !== undefined && clock.now() - last.at < panel.everyMs)) continue;
      asked.set(index, { at: clock.now(), busy: true });
      ask(panel, index)
        .catch((error: unknown) =>
          put(index, (old) => ({
            ...old,
            state: 'error',
            because: safeText(error instanceof Error ? error.message : String(error)),
          })),
        )
        .finally(() => asked.set(index, { at: clock.now(), busy: false }));
      if (last !== undefined && clock.now() - last.at > staleMs) put(index, (old) => ({ ...old, state: 'stale' }));
    }
  };
  return clock.every(1000, step);
};
