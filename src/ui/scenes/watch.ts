import type { EngineView, WatchView } from '../../engine/view.ts';
import { changesByOthers } from '../../session/foreign.ts';
import { clock, timeOfDay } from '../../text/duration.ts';
import { type SafeText, safe, safeLine, safeText } from '../../text/safe-text.ts';
import { padTo, truncate, widthOf } from '../../text/width.ts';
import { type CriterionNow, criteriaNow } from '../criteria-now.ts';
import type { Layout } from '../layout.ts';
import { beside, blank, fill, fitRow, pane, type Row, row, rule, type Section, span, wrapRows } from '../rows.ts';
import type { Theme } from '../theme.ts';
import { clusterSections, wordTone } from '../views/cluster-panel.ts';
import { metricSection } from '../views/metric-panel.ts';
import { panelSections } from '../views/panels.ts';

export interface WatchScene {
  readonly view: EngineView;
  readonly theme: Theme;
  readonly layout: Exclude<Layout, { kind: 'too-small' }>;
  readonly scroll: number;
}

interface Cells {
  readonly title: SafeText;
  readonly value: SafeText;
  readonly limit: SafeText;
  readonly state: SafeText;
  readonly tone: ReturnType<typeof wordTone> | undefined;
  readonly since: SafeText;
  readonly because: SafeText | null;
}

const cellsOf = ({ row: known, word, state, value, because }: CriterionNow): Cells => ({
  title: safeLine(known.title),
  value: safeLine(value),
  limit: safeLine(known.limit),
  state: safeLine(state),
  tone: state === 'not yet' ? undefined : wordTone(word),
  since: safeText(state === known.state ? (known.since ?? '') : ''),
  because: word === 'ok' || because === null || because === '' || because === value ? null : safeLine(because),
});

const widest = (cells: readonly Cells[], of: 'title' | 'value' | 'limit' | 'state' | 'since', least: number): number =>
  Math.max(least, ...cells.map((cell) => widthOf(cell[of])));

/** Criterion, value, limit, state and for how long; what makes it so stands below it. */
export const criteriaTable = (view: EngineView, width: number): readonly Row[] => {
  const cells = criteriaNow(view).map(cellsOf);
  if (cells.length === 0) return [row(safeText('This run has no rollback criteria.'))];
  const state = widest(cells, 'state', 5);
  const since = widest(cells, 'since', 3);
  const limit = width < 90 ? 0 : Math.min(30, widest(cells, 'limit', 5));
  const value = Math.min(24, widest(cells, 'value', 5));
  const room = Math.max(8, width - state - since - value - limit - (limit === 0 ? 6 : 8));
  const title = Math.min(room, widest(cells, 'title', 9));
  const cell = (text: SafeText, columns: number): SafeText => padTo(truncate(text, columns), columns);
  const line = (texts: readonly (readonly [SafeText, number])[]): SafeText =>
    safe`${texts
      .filter(([, columns]) => columns > 0)
      .map(([text, columns]) => cell(text, columns))
      .join('  ')}`;
  const head = line([
    [safeText('criterion'), title],
    [safeText('value'), value],
    [safeText('limit'), limit],
    [safeText('state'), state],
    [safeText('for'), since],
  ]);
  return [
    row(head, { dim: true }),
    ...cells.flatMap((each): readonly Row[] => [
      [
        span(
          line([
            [each.title, title],
            [each.value, value],
            [each.limit, limit],
          ]),
        ),
        span(safe`  ${cell(each.state, state)}`, each.tone === undefined ? {} : { tone: each.tone, bold: true }),
        span(safe`  ${each.since}`, { dim: true }),
      ],
      ...(each.because === null
        ? []
        : wrapRows(each.because, width, each.tone === undefined ? {} : { tone: each.tone }, 2)),
    ]),
  ];
};

/** Who has the run, who watches it since when, and whether it is written down. */
export const watchRows = (view: EngineView, watch: WatchView, width: number): readonly Row[] => {
  const { session, now } = view;
  const last = `${timeOfDay(session.lastAt)} UTC`;
  const run = session.left ? `the run was left at ${last}` : `the run is open elsewhere; its last entry is of ${last}`;
  const since = safe`${watch.by} watches since ${timeOfDay(watch.since)} UTC, for ${clock(now - watch.since)}`;
  const kept =
    watch.unkept === null
      ? [row(safeText('What is seen here is told by the next gonogo resume.'), { dim: true })]
      : wrapRows(safe`NOT KEPT: ${watch.unkept}`, width, { tone: 'wait', bold: true });
  const target =
    watch.unverified === null
      ? []
      : wrapRows(safe`the target cannot be verified: ${watch.unverified}`, width, { tone: 'blind', bold: true });
  const trust =
    session.frames[0]?.restricted === true
      ? wrapRows(safeText('The runbook is not trusted: none of its commands and addresses is asked.'), width, {
          tone: 'wait',
        })
      : [];
  return [...wrapRows(since, width), ...wrapRows(safeText(run), width), ...kept, ...target, ...trust];
};

const inset = (line: Row, columns: number): Row => fitRow([span(safeText(' ')), ...line], columns);

/** The body of the watch screen, and the furthest it can scroll. */
export const watchBody = (
  { view, theme, layout, scroll }: WatchScene,
  watch: WatchView,
): { readonly rows: readonly Row[]; readonly mostScroll: number } => {
  const { columns, body: height } = layout;
  const { cluster, now } = view;
  const changes = changesByOthers(view.session, cluster?.foreignChanges ?? []);
  const panels = layout.kind === 'columns' && cluster !== null ? Math.min(60, Math.floor(columns * 0.4)) : 0;
  const width = columns - panels - (panels === 0 ? 2 : 4);
  const place = { shown: new Set<string>(), width, height: Math.max(4, Math.floor(height / 3)), theme };
  const numbers = metricSection(view, place);
  const sections: readonly Section[] = [
    { title: safeText('Rollback criteria'), rows: [...criteriaTable(view, width), blank], accent: true },
    ...(numbers === null ? [] : [{ ...numbers, rows: [...numbers.rows, blank] }]),
    ...panelSections(view, width, Math.floor(height / 2)),
    ...(panels > 0 || cluster === null ? [] : clusterSections({ cluster, changes, now, width, theme }, height)),
    { title: safeText('This watch'), rows: watchRows(view, watch, width) },
  ];
  if (panels > 0 && cluster !== null) {
    const side = pane(
      clusterSections({ cluster, changes, now, width: panels - 4, theme }, height),
      panels,
      height,
      theme,
    );
    const all = sections.reduce((sum, { rows }) => sum + rows.length + 1, 1);
    return {
      rows: beside(pane(sections, columns - panels, height, theme), side),
      mostScroll: Math.max(0, all - height),
    };
  }
  const rows = sections.flatMap(({ title, rows: own }) => [
    rule(title, columns, theme),
    ...own.map((line) => inset(line, columns)),
  ]);
  const most = Math.max(0, rows.length - height + 1);
  const first = Math.min(scroll, most);
  return { rows: [...fill(rows.slice(first), height - 1), rule(null, columns, theme)], mostScroll: most };
};
