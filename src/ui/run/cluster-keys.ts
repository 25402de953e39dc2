import type { WorkloadFacts } from '../../gates/workload.ts';
import { changesByOthers } from '../../session/foreign.ts';
import { chordOf } from '../chord.ts';
import { logSource } from '../log-sources.ts';
import type { Press } from '../press.ts';
import { type ClusterDialog, clamp } from '../screen-state.ts';
import { type ClusterPage, clusterPage, type PodPlace } from '../views/cluster-page.ts';
import type { Acting, Handled } from './acting.ts';
import { close, scrollBy } from './dialog-scroll.ts';
import { openDescribe, openLogs } from './openings.ts';

export const openCluster = (acting: Acting): void => {
  acting.act({ type: 'open', dialog: { kind: 'cluster', selected: null, scroll: 0, tails: {} } });
  askTails(acting);
};

const pageOf = (acting: Acting, { selected, tails }: ClusterDialog): ClusterPage => {
  const { cluster, now, session } = acting.view();
  if (cluster === null) return { rows: [], pods: [] };
  const changes = changesByOthers(session, cluster.foreignChanges);
  return clusterPage({ cluster, changes, now, width: acting.textColumns(), theme: acting.io.theme, selected, tails });
};

/** Keys of the cluster in full: the cursor, and what can be seen of a pod. */
export const clusterKey = (acting: Acting, dialog: ClusterDialog, press: Press): Handled => {
  const chord = chordOf(press);
  if (press.name === 'escape' || chord === 'q' || chord === 'c') return close(acting);
  const { pods } = pageOf(acting, dialog);
  const here = pods.find(({ pod }) => pod.uid === dialog.selected) ?? pods[0];
  if (chord === 'd' || press.name === 'enter') {
    const workload = acting.view().cluster?.workloads[0]?.reference ?? null;
    const what = here === undefined ? workload : `pod/${here.pod.name}`;
    return what === null ? acting.say('there is nothing to describe') : openDescribe(acting, what);
  }
  if (chord === 'l' || chord === 'p') return podLogs(acting, here, chord === 'p');
  if (chord === 'j' || chord === 'down') return moveTo(acting, dialog, pods, here, 1);
  if (chord === 'k' || chord === 'up') return moveTo(acting, dialog, pods, here, -1);
  const by = scrollBy(press, Math.max(3, acting.size().rows - 12));
  if (by === null) return;
  const scroll = clamp(dialog.scroll + by, acting.shown()?.mostScroll ?? 0);
  acting.act({ type: 'change', dialog: { ...dialog, scroll } });
};

const podLogs = (acting: Acting, here: PodPlace | undefined, previous: boolean): Handled => {
  if (here === undefined) return acting.say('there is no pod whose log could be read');
  const source = logSource(here.workload, here.pod);
  if (previous && !source.hasPrevious) return acting.say('this container had no run before the present one');
  openLogs(acting, [source], previous);
};

/** The next pod, kept in sight; past the last one the text moves on. */
const moveTo = (
  acting: Acting,
  dialog: ClusterDialog,
  pods: readonly PodPlace[],
  here: PodPlace | undefined,
  by: 1 | -1,
): Handled => {
  const next = here === undefined ? undefined : pods[pods.indexOf(here) + by];
  const most = acting.shown()?.mostScroll ?? 0;
  if (next === undefined)
    return acting.act({ type: 'change', dialog: { ...dialog, scroll: clamp(dialog.scroll + by, most) } });
  // Title and rule of the dialog and the six fixed lines stand around its rows.
  const room = Math.max(1, acting.size().rows - 9);
  const least = Math.max(0, next.row - room + 3);
  const scroll = clamp(Math.max(Math.min(dialog.scroll, Math.max(0, next.row - 1)), least), most);
  acting.act({ type: 'change', dialog: { ...dialog, selected: next.pod.uid, scroll } });
};

const mostTails = 8;
const tailLines = 3;

/** The last log lines of failing pods, asked for once each while the cluster is shown in full. */
export const askTails = (acting: Acting): void => {
  const dialog = acting.screen().dialogs.find(({ kind }) => kind === 'cluster');
  if (dialog?.kind !== 'cluster') return;
  const known = Object.keys(dialog.tails).length;
  const wanted = (acting.view().cluster?.workloads ?? []).flatMap((workload) =>
    workload.troubled
      .filter((pod) => (pod.class === 'FAILING' || pod.class === 'WARN') && dialog.tails[pod.uid] === undefined)
      .map((pod) => ({ workload, pod })),
  );
  for (const { workload, pod } of wanted.slice(0, Math.max(0, mostTails - known))) askTail(acting, workload, pod);
};

const askTail = (acting: Acting, workload: WorkloadFacts, pod: WorkloadFacts['troubled'][number]): void => {
  const { namespace, container } = logSource(workload, pod);
  const lines: string[] = [];
  acting.act({ type: 'tail', pod: pod.uid, lines: [] });
  acting.io.engine.logs(
    { namespace, pod: pod.name, container, previous: pod.hasPrevious, tailLines, follow: false },
    {
      line: (text) => {
        if (lines.length < tailLines) lines.push(text);
      },
      end: () => acting.act({ type: 'tail', pod: pod.uid, lines }),
    },
  );
};
