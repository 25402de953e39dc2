import { chordOf } from '../chord.ts';
import type { Press } from '../press.ts';
import type { MetricsDialog } from '../screen-state.ts';
import { shownMetric } from '../views/dialog-metrics.ts';
import type { Acting, Handled } from './acting.ts';
import { close } from './dialog-scroll.ts';

const steps: Readonly<Record<string, number>> = { j: 1, down: 1, k: -1, up: -1, g: -1e9, home: -1e9, G: 1e9, end: 1e9 };

/** Keys of the metrics in full: the one that is shown, and the way back or to the evidence. */
export const metricsKey = (acting: Acting, dialog: MetricsDialog, press: Press): Handled => {
  const chord = chordOf(press);
  if (press.name === 'escape' || press.name === 'enter' || chord === 'q' || chord === 'm') return close(acting);
  if (chord === 'v') {
    const step = acting.look().at?.step.id ?? null;
    return acting.act({ type: 'open', dialog: { kind: 'evidence', step, scroll: 0 } });
  }
  const by = steps[chord];
  const { metrics } = acting.view();
  const here = shownMetric(acting.view(), dialog.selected);
  if (by === undefined || here === null) return;
  const next = metrics[Math.max(0, Math.min(metrics.length - 1, metrics.indexOf(here) + by))];
  if (next !== undefined) acting.act({ type: 'change', dialog: { ...dialog, selected: next.name } });
};
