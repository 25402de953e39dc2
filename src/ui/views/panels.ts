import type { EngineView } from '../../engine/view.ts';
import type { ClusterFacts } from '../../gates/workload.ts';
import { changesByOthers } from '../../session/foreign.ts';
import type { StepAt } from '../../session/main-action.ts';
import { silenceOf } from '../../session/metric-live.ts';
import { clock } from '../../text/duration.ts';
import { safe } from '../../text/safe-text.ts';
import { blank, type Row, row, type Section } from '../rows.ts';
import type { Theme } from '../theme.ts';
import { clusterLines, clusterSections } from './cluster-panel.ts';
import { byEyeRows, criteriaSection } from './criteria.ts';
import { metricLine, metricSection } from './metric-panel.ts';

/** What is watched at another target than the run's says nothing of the run. */
const clusterOf = ({ cluster, session }: EngineView): EngineView['cluster'] =>
  session.mismatch === null ? cluster : null;

const metricsOf = ({ metrics, session }: EngineView): EngineView['metrics'] =>
  session.mismatch === null ? metrics : [];

/** Whether there is anything to show beside the step. */
export const hasPanels = (view: EngineView): boolean =>
  clusterOf(view) !== null || view.panels.length > 0 || metricsOf(view).length > 0;

/** Names of the metrics that stand in the table of this step's gate. */
const tabled = (at: StepAt | null): ReadonlySet<string> =>
  new Set(
    at?.step.actions.flatMap((action) =>
      action.kind === 'gate' ? action.gate.checks.map(({ source }) => source) : [],
    ),
  );

export interface SidePlace {
  /** The step that is looked at: what it shows is not shown again. */
  readonly at: StepAt | null;
  readonly theme: Theme;
  readonly width: number;
  readonly height: number;
}

const rowsOf = (sections: readonly Section[]): number => sections.reduce((sum, { rows }) => sum + rows.length + 1, 0);

/** The column beside the step: the cluster first, then the rollback criteria, events, metrics, and command panels below. */
export const sideSections = (view: EngineView, { at, theme, width, height }: SidePlace): readonly Section[] => {
  const { now, panels } = view;
  const cluster = clusterOf(view);
  const least = panels.length === 0 ? 0 : Math.min(panels.length * 4, Math.floor(height / 2));
  const all = cluster === null ? height - least : Math.floor((height - least) / 3);
  const shown = { ...view, metrics: metricsOf(view) };
  const numbers = metricSection(shown, { shown: tabled(at), width, height: Math.max(4, all - 1), theme });
  const metrics = numbers === null ? [] : [numbers];
  const below = least + rowsOf(metrics);
  const above = cluster === null ? [] : watchedSections(view, cluster, { width, theme, now }, height - below);
  const both = [...above, ...metrics];
  if (panels.length === 0) return both;
  return [...both, ...panelSections(view, width, Math.max(least, height - rowsOf(both)))];
};

const watchedSections = (
  view: EngineView,
  cluster: ClusterFacts,
  place: { readonly width: number; readonly theme: Theme; readonly now: number },
  height: number,
): readonly Section[] => {
  const criteria = criteriaSection(view, place.width, Math.floor(height / 3));
  const judged = criteria === null ? [] : [criteria];
  const changes = changesByOthers(view.session, cluster.foreignChanges);
  const [first, ...events] = clusterSections({ cluster, changes, ...place }, height - rowsOf(judged));
  return [...(first === undefined ? [] : [first]), ...judged, ...events];
};

/** The same as a few lines, where there is one column only. */
export const sideLines = (
  view: EngineView,
  at: StepAt | null,
  theme: Theme,
  width: number,
  rows: number,
): readonly Row[] => {
  const { now } = view;
  const cluster = clusterOf(view);
  const known = cluster === null ? [] : clusterLines({ cluster, now, width, theme });
  // Line 3 tells of a server that is silent; here stands what is left to judge by.
  const byEye = silenceOf(metricsOf(view), now) === null ? [] : byEyeRows(view, width, rows < 30 ? 2 : 4);
  const metrics = byEye.length > 0 ? byEye : metricLine({ ...view, metrics: metricsOf(view) }, tabled(at), width);
  if (rows < 24) return [...known, ...metrics].slice(0, 1);
  const panels = panelSections(view, width, 6)
    .flatMap(({ title, rows: own }) => [row(title, { bold: true }), ...own.slice(0, 3)])
    .slice(0, known.length > 0 ? 3 : 6);
  return [...known, ...metrics, ...panels];
};

/** Panels of kind command: the newest output with its age, and why when it is not live. */
export const panelSections = (view: EngineView, width: number, height: number): readonly Section[] => {
  const room = Math.max(2, Math.floor((height - 1) / Math.max(1, view.panels.length)) - 1);
  return view.panels.map(({ title, state, lines, at, because }) => {
    const age = at === null ? '' : ` ${clock(view.now - at)} old`;
    const word = state === 'live' ? `live${age}` : state === 'loading' ? 'asking' : `BLIND${age}`;
    const trouble: readonly Row[] =
      because === null ? [] : [row(safe`BLIND: ${because}`, { tone: 'blind', bold: true })];
    const shown = lines.slice(0, Math.max(1, room - trouble.length)).map((line): Row => row(line));
    return {
      title: safe`${title} · ${word}`,
      rows: [...trouble, ...shown, ...(shown.length < room - 1 && width > 0 ? [blank] : [])],
    };
  });
};
