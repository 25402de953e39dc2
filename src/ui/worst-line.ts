import type { EngineView } from '../engine/view.ts';
import type { ForeignChange } from '../gates/workload.ts';
import {
  clusterWord,
  connectionWords,
  sourceWords,
  watchedWords,
  watchesNothing,
  workloadTrouble,
  workloadWord,
} from '../session/cluster-words.ts';
import { criterionRows } from '../session/criterion-view.ts';
import { changesByOthers, unownedChanges } from '../session/foreign.ts';
import { lockWarning } from '../session/lock-state.ts';
import { silenceOf } from '../session/metric-live.ts';
import { statusDue } from '../session/overview.ts';
import { currentFrame, mainAction, runningAttempts } from '../session/select.ts';
import type { StepState } from '../session/state.ts';
import { mismatchWords } from '../session/target.ts';
import { stepTitle } from '../session/ui-facts.ts';
import { clock, timeOfDay } from '../text/duration.ts';
import { safe, safeLine } from '../text/safe-text.ts';
import { criteriaNow } from './criteria-now.ts';
import type { FixedLine } from './header-lines.ts';
import { type Finding, gate, metrics, type Watcher } from './worst-gate.ts';

const tones = { VIEW: 'wait', ok: 'ok', wait: 'wait', FAIL: 'fail', BLIND: 'blind' } as const;

/** Line 3: the worst thing now. */
export const worstLine = (view: EngineView): FixedLine => {
  const found = firstOf(view) ?? fine(view);
  return {
    left: safe` ${found.word.padEnd(6)} ${safeLine(found.text)}`,
    right: safe`${safeLine(found.right ?? '')} `,
    ...(found.tight === undefined ? {} : { tight: safe` ${found.word.padEnd(6)} ${safeLine(found.tight)}` }),
    ...(found.brief === undefined ? {} : { brief: safe`${safeLine(found.brief)} ` }),
    tone: tones[found.word],
    marked: 7,
    yields: true,
  };
};

const firstOf = (view: EngineView): Finding | null => {
  for (const watcher of watchers) {
    const found = watcher(view);
    if (found !== null) return found;
  }
  return null;
};

const titleOf = ({ session }: EngineView, step: string): string => {
  const frame = currentFrame(session);
  return frame === null ? step : stepTitle(frame, step);
};

const stepsOf = ({ session }: EngineView): readonly StepState[] => Object.values(currentFrame(session)?.steps ?? {});

const observed: Watcher = ({ observing }) =>
  observing === null || observing.watch !== undefined ? null : { word: 'VIEW', text: observing.because };

/** A watch that cannot tell, or whose finds are lost. */
const watched: Watcher = ({ observing }) => {
  const { unverified = null, unkept = null } = observing?.watch ?? {};
  if (unverified !== null) return { word: 'BLIND', text: `the target cannot be verified: ${unverified}` };
  return unkept === null ? null : { word: 'wait', text: `what is seen here is not kept: ${unkept}` };
};

const wrongTarget: Watcher = ({ session: { mismatch } }) =>
  mismatch === null ? null : { word: 'FAIL', text: mismatchWords(mismatch) };

const disk: Watcher = ({ health }) => {
  if (health.kind === 'poisoned')
    return { word: 'FAIL', text: `E706 the disk refused to save: ${health.reason}. No new commands; R still works` };
  if (health.kind === 'full')
    return { word: 'FAIL', text: 'E707 the disk is full: outcomes are saved, new commands are not' };
  return null;
};

const criterion =
  (word: 'FAIL' | 'BLIND' | 'wait'): Watcher =>
  ({ session, now, criteria, observing, metrics: asked }) => {
    if (session.finished !== null) return null;
    const rows = criterionRows(session, now);
    // What the metrics server's own silence is the reason of is said once, for all of them.
    const silence = word === 'BLIND' ? silenceOf(asked, now) : null;
    const isSaid = (because: string | null): boolean => silence !== null && because?.includes(silence.because) === true;
    const worst = rows.find((row) => row.word === word && row.state !== 'not watched' && !isSaid(row.because));
    if (worst === undefined) return null;
    const value = criteria[worst.criterion]?.value || (worst.value ?? '');
    const since = worst.since === null ? '' : `, for ${worst.since}`;
    const limit = worst.limit === '' ? '' : ` (limit ${worst.limit})`;
    // Which pod, and what it has, says more than how many.
    const said = worst.because !== null && worst.because !== value ? worst.because : value && `${value}${limit}`;
    const text =
      word === 'BLIND'
        ? `rollback criterion ${worst.title}: ${worst.because ?? 'no data'}${since}`
        : `rollback criterion ${worst.state}: ${worst.title}${said === '' ? '' : `: ${said}`}${since}`;
    return { word, text, right: word === 'FAIL' && observing === null ? 'A acknowledges it' : '' };
  };

const unknownResult: Watcher = (view) => {
  const unknown = Object.values(view.session.attempts).find((attempt) => attempt.status === 'unknown');
  if (unknown === undefined) return null;
  return { word: 'BLIND', text: `UNKNOWN: "${titleOf(view, unknown.step)}" was started, no result recorded` };
};

const failedStep: Watcher = (view) => {
  const failed = stepsOf(view).find((step) => step.status === 'failed');
  if (failed === undefined) return null;
  const reason = failed.reason === null ? '' : `: ${failed.reason}`;
  const right = failed.endedAt === null ? '' : `since ${timeOfDay(failed.endedAt)}`;
  return { word: 'FAIL', text: `${titleOf(view, failed.id)}${reason}`, right };
};

const workload =
  (word: 'FAIL' | 'BLIND' | 'wait'): Watcher =>
  ({ cluster, session, now }) => {
    if (cluster === null || session.finished !== null) return null;
    const bad = cluster.workloads.filter((each) => workloadWord(each) === word);
    const worst = bad[0];
    if (worst === undefined) {
      if (word !== 'BLIND' || cluster.workloads.length > 0 || clusterWord(cluster) !== 'BLIND') return null;
      return { word, text: `cluster: ${sourceWords(cluster.source, now)}${nextOf(cluster.source.nextStep)}` };
    }
    const next = word === 'BLIND' ? nextOf(worst.source.nextStep) : '';
    const many = cluster.workloads.length < 2 ? '' : `${bad.length} of ${cluster.workloads.length} workloads`;
    const right = [many, worst.source.state === 'live' ? sourceWords(worst.source, now) : ''].filter(
      (part) => part !== '',
    );
    return { word, text: `${workloadTrouble(worst, now) ?? worst.name}${next}`, right: right.join('   ') };
  };

const nextOf = (nextStep: string | null): string => (nextStep === null ? '' : `. ${nextStep}`);

const lock =
  (kind: 'lost' | 'unlocked'): Watcher =>
  ({ session }) => {
    const warning = lockWarning(session);
    const isOver = session.finished !== null && warning?.isForOthers !== true;
    return warning?.kind === kind && !isOver ? { word: kind === 'lost' ? 'FAIL' : 'wait', text: warning.text } : null;
  };

const attention: Watcher = (view) => {
  const trouble = stepsOf(view).find((step) => step.status === 'attention');
  if (trouble === undefined) return null;
  const because = trouble.actions.find((action) => action.because !== null)?.because ?? 'a look';
  return { word: 'wait', text: `needs you: ${titleOf(view, trouble.id)}: ${because}` };
};

const overdue: Watcher = (view) => {
  const late = runningAttempts(view.session).find((attempt) => view.overdue.includes(attempt.attempt));
  return late === undefined ? null : { word: 'wait', text: `"${titleOf(view, late.step)}" runs longer than its limit` };
};

const held: Watcher = ({ session: { paused } }) =>
  paused === null ? null : { word: 'wait', text: `on hold: ${paused}`, right: 'P lifts it' };

const slowDisk: Watcher = ({ health, now }) =>
  health.kind === 'saving' ? { word: 'wait', text: `saving, for ${clock(now - health.since)}` } : null;

const update: Watcher = ({ session, now }) => {
  const due = statusDue(session, now);
  if (due === null || due.inMs >= 0) return null;
  return { word: 'wait', text: `status update overdue by ${clock(-due.inMs)}`, right: 'U posts it' };
};

const untrusted: Watcher = ({ session }) =>
  currentFrame(session)?.restricted === true
    ? { word: 'wait', text: 'not trusted: commands are shown and ticked by hand, none is run' }
    : null;

/** The name without its kind, the time without seconds: at 80 columns what was changed still shows. */
const changedWords = ({ at, workload, by, what }: ForeignChange): string =>
  `${workload.slice(workload.indexOf('/') + 1)} changed outside this run, ${timeOfDay(at).slice(0, 5)}, by ${by}: ${what}`;

/** A workload as somebody else left it after this run's last change: its gates judge nothing until that is taken on. */
const unowned: Watcher = ({ session, observing }) => {
  const last = session.finished === null ? unownedChanges(session).at(-1) : undefined;
  if (last === undefined) return null;
  return { word: 'wait', text: changedWords(last), right: observing === null ? 'A acknowledges it' : '' };
};

/** A change by others is news for as long. */
const foreignMs = 10 * 60_000;

const foreign: Watcher = ({ cluster, session, now }) => {
  const last = session.finished === null ? changesByOthers(session, cluster?.foreignChanges ?? []).at(-1) : undefined;
  return last === undefined || now - last.at > foreignMs ? null : { word: 'wait', text: changedWords(last) };
};

/** The worst first. */
const watchers: readonly Watcher[] = [
  observed,
  wrongTarget,
  disk,
  criterion('FAIL'),
  gate('FAIL'),
  failedStep,
  workload('FAIL'),
  unknownResult,
  metrics(false),
  gate('BLIND'),
  criterion('BLIND'),
  workload('BLIND'),
  watched,
  lock('lost'),
  unowned,
  attention,
  criterion('wait'),
  overdue,
  held,
  metrics(true),
  slowDisk,
  update,
  untrusted,
  lock('unlocked'),
  foreign,
  gate('wait'),
  workload('wait'),
];

/** Nothing is amiss: what that was judged by. */
const fine = (view: EngineView): Finding => {
  const { session, cluster, now } = view;
  if (mainAction(session, now).kind === 'over') return { word: 'ok', text: 'the run is over' };
  const criteria = criteriaNow(view);
  const watched = watchedWords(cluster?.workloads.length ?? 0, criteria.length);
  const suspects = criteria.filter(({ state }) => state === 'SUSPECT');
  const unseen = criteria.filter(({ word, state }) => word !== 'ok' && state !== 'SUSPECT').length;
  const live = cluster === null || watchesNothing(cluster) ? '' : connectionWords(cluster, now);
  if (unseen > 0) {
    const text = `no step failed; ${unseen} of ${criteria.length} rollback criteria without an answer yet`;
    return { word: 'wait', text, right: live };
  }
  const [suspect] = suspects;
  if (suspect !== undefined) {
    const now = suspect.value === '' ? '' : ` ${suspect.value}`;
    const text = `no step failed; ${suspects.length} of ${criteria.length} rollback criteria SUSPECT: ${suspect.row.title}${now}`;
    return { word: 'wait', text, right: live };
  }
  return { word: 'ok', text: `no step failed; ${watched}`, right: live };
};
