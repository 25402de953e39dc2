import { connectionWords } from '../../session/cluster-words.ts';
import { changesByOthers } from '../../session/foreign.ts';
import { safe, safeText } from '../../text/safe-text.ts';
import { row } from '../rows.ts';
import type { ClusterDialog } from '../screen-state.ts';
import { clusterPage } from './cluster-page.ts';
import type { DialogView } from './dialog-view.ts';
import type { DialogContext } from './dialogs.ts';

/** The cluster in full. */
export const clusterView = (dialog: ClusterDialog, { view, theme, columns }: DialogContext): DialogView => {
  const { cluster, now, session } = view;
  const none = [row(safeText('No cluster is watched.'))];
  const shown =
    cluster === null
      ? { rows: none, pods: [] }
      : clusterPage({
          cluster,
          changes: changesByOthers(session, cluster.foreignChanges),
          now,
          width: columns,
          theme,
          selected: dialog.selected,
          tails: dialog.tails,
        });
  return {
    title: cluster === null ? safeText('Cluster') : safe`Cluster · ${connectionWords(cluster, now)}`,
    rows: shown.rows,
    scroll: dialog.scroll,
    menu: null,
    fixed: [],
    enter: safeText(
      shown.pods.length === 0
        ? 'Esc goes back.'
        : 'Enter and d describe the marked pod, l shows its logs.  Esc goes back.',
    ),
    keys: safeText('j k pod   d describe   l logs   p logs of the run before   PgDn PgUp scroll   Esc back'),
  };
};
