import type { Engine, EngineView, SessionEnd, WatchView } from '../engine/view.ts';
import { skewWords, sourceWords, workloadTrouble, workloadWord } from '../session/cluster-words.ts';
import { type CriterionRow, criterionRows } from '../session/criterion-view.ts';
import { answerWord } from '../session/metric-live.ts';
import { timeOfDay } from '../text/duration.ts';
import { type SafeText, safe, safeLine, safeText } from '../text/safe-text.ts';
import type { Lines } from './lines.ts';
import { metricLine } from './metrics.ts';
import { tellErrors } from './notices.ts';

/** Prints criteria and workloads of a run as they change, until it is over or left, or `q` is typed. */
export const watch = async (engine: Engine, lines: Lines, about: WatchView): Promise<SessionEnd> => {
  for (const line of heading(engine.view(), about)) lines.print(line);
  const told = tellErrors(engine, lines);
  const shown = showChanges(engine, lines);
  const interrupted = lines.onInterrupt(() => void engine.dispatch({ type: 'leave', why: 'signal' }));
  const { promise: over, resolve } = Promise.withResolvers<null>();
  const stop = engine.subscribe(() => engine.view().ended !== null && resolve(null));
  // A timer, since an input that has ended keeps no process alive.
  const alive = setInterval(() => undefined, 1000);
  try {
    while (engine.view().ended === null) {
      const line = await Promise.race([lines.ask(safeText('')), over]);
      if (line === null) await over;
      else if (line.trim() === 'q') await engine.dispatch({ type: 'leave', why: 'quit' });
      else if (line.trim() !== '') lines.print(safeText('  you are watching: nothing can be changed from here'));
    }
    return engine.view().ended ?? { why: 'left' };
  } finally {
    clearInterval(alive);
    stop();
    interrupted();
    shown();
    told();
  }
};

const heading = ({ session }: EngineView, { by }: WatchView): readonly SafeText[] => {
  const frame = session.frames[0];
  const { context = null, namespace = null, production = false } = session.run?.target ?? {};
  const place = [context, namespace].filter((name) => name !== null).join('/');
  const where = place === '' ? '' : ` on ${production ? 'PROD ' : ''}${place}`;
  const last = `${timeOfDay(session.lastAt)} UTC`;
  return [
    safe`${by} watches ${safeLine(frame?.reference.title ?? '')}${safeLine(where)}. q and Enter leave.`,
    session.left
      ? safe`The run was left at ${last}.`
      : safe`The run is open elsewhere, or its program was ended; its last entry is of ${last}.`,
    ...(frame?.restricted === true
      ? [safeText('The runbook is not trusted: none of its commands and addresses is asked.')]
      : []),
    ...(session.criteria.length === 0 ? [safeText('This run has no rollback criteria.')] : []),
  ];
};

const criterionLine = ({ criteria }: EngineView, each: CriterionRow): SafeText => {
  const live = criteria[each.criterion];
  const value = live?.value || each.value || '';
  const because = live?.because ?? each.because ?? '';
  const words = [value, because === value ? '' : because].filter((text) => text !== '').join(': ');
  return safe`${each.state} ${safeLine(each.title)}${words === '' ? '' : `: ${safeLine(words)}`}`;
};

/** One line for each thing that is watched, keyed by it; nothing for what has not answered yet. */
const current = (view: EngineView): ReadonlyMap<string, { readonly state: string; readonly line: SafeText }> => {
  const { session, now, cluster, criteria, observing } = view;
  const out = new Map<string, { state: string; line: SafeText }>();
  if (session.frames[0]?.restricted !== true)
    for (const row of criterionRows(session, now)) {
      if (row.state === 'ok' && (criteria[row.criterion]?.at ?? null) === null) continue;
      out.set(`criterion ${row.criterion}`, { state: row.state, line: criterionLine(view, row) });
    }
  for (const workload of cluster?.workloads ?? []) {
    const word = workloadWord(workload);
    if (workload.source.state === 'loading') continue;
    const trouble = workloadTrouble(workload, now);
    const said = word === 'ok' ? `${workload.reference}: ${workload.rollout?.text ?? ''}` : trouble;
    out.set(workload.reference, { state: word, line: safe`${word} ${safeLine(said ?? workload.reference)}` });
  }
  for (const metric of view.metrics) {
    const state = answerWord(metric);
    if (metric.state !== 'loading') out.set(`metric ${metric.name}`, { state, line: metricLine(metric, now) });
  }
  const skew = cluster === null ? null : skewWords(cluster);
  if (skew !== null) out.set('clock', { state: 'skew', line: safe`cluster ${skew}` });
  if (cluster !== null && cluster.workloads.length === 0)
    out.set('cluster', { state: cluster.source.state, line: safe`cluster ${sourceWords(cluster.source, now)}` });
  const { unkept = null, unverified = null } = observing?.watch ?? {};
  const kept = unkept === null ? safeText('what is seen is told by the next resume') : safe`NOT KEPT: ${unkept}`;
  out.set('kept', { state: unkept ?? '', line: kept });
  const target = unverified === null ? safeText('target verified') : safe`BLIND target not verified: ${unverified}`;
  out.set('target', { state: unverified ?? '', line: target });
  return out;
};

/** Each with the time when it changes; what was fine from the beginning is said once where it says something. */
const showChanges = (engine: Engine, lines: Lines): (() => void) => {
  const known = new Map<string, string>([
    ['kept', ''],
    ['target', ''],
  ]);
  const look = (): void => {
    const view = engine.view();
    for (const [key, { state, line }] of current(view)) {
      if (known.get(key) === state) continue;
      known.set(key, state);
      lines.print(safe`${timeOfDay(view.now)}  ${line}`);
    }
  };
  look();
  return engine.subscribe(look);
};
