import type { EngineView } from '../../engine/view.ts';
import { changesByOthers } from '../../session/foreign.ts';
import { clock } from '../../text/duration.ts';
import { safe } from '../../text/safe-text.ts';
import { blank, type Row, row, type Section } from '../rows.ts';
import type { Theme } from '../theme.ts';
import { clusterLines, clusterSections } from './cluster-panel.ts';
import { criteriaSection } from './criteria.ts';

/** What is watched at another target than the run's says nothing of the run. */
const clusterOf = ({ cluster, session }: EngineView): EngineView['cluster'] =>
  session.mismatch === null ? cluster : null;

/** Whether there is anything to show beside the step. */
export const hasPanels = (view: EngineView): boolean => clusterOf(view) !== null || view.panels.length > 0;

/** The column beside the step: the cluster first, then the rollback criteria, command panels below them. */
export const sideSections = (view: EngineView, theme: Theme, width: number, height: number): readonly Section[] => {
  const { now, panels } = view;
  const cluster = clusterOf(view);
  if (cluster === null) return panelSections(view, width, height);
  const least = panels.length === 0 ? 0 : Math.min(panels.length * 4, Math.floor(height / 2));
  const criteria = criteriaSection(view, width, Math.floor((height - least) / 3));
  const judged = criteria === null ? [] : [criteria];
  const room = height - least - (criteria === null ? 0 : criteria.rows.length + 1);
  const changes = changesByOthers(view.session, cluster.foreignChanges);
  const [first, ...events] = clusterSections({ cluster, changes, now, width, theme }, room);
  const above = [...(first === undefined ? [] : [first]), ...judged, ...events];
  if (panels.length === 0) return above;
  const used = above.reduce((sum, { rows }) => sum + rows.length + 1, 0);
  return [...above, ...panelSections(view, width, Math.max(least, height - used))];
};

/** The same as a few lines, where there is one column only. */
export const sideLines = (view: EngineView, theme: Theme, width: number, rows: number): readonly Row[] => {
  const { now } = view;
  const cluster = clusterOf(view);
  const known = cluster === null ? [] : clusterLines({ cluster, now, width, theme });
  if (rows < 24) return known.slice(0, 1);
  const panels = panelSections(view, width, 6)
    .flatMap(({ title, rows: own }) => [row(title, { bold: true }), ...own.slice(0, 3)])
    .slice(0, known.length > 0 ? 3 : 6);
  return [...known, ...panels];
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
