import type { EngineView } from '../engine/view.ts';
import { acknowledgeable } from '../session/acknowledge-view.ts';
import { sourceWords } from '../session/cluster-words.ts';
import { type GateRow, type GateView, gateTitle, openGateViews } from '../session/gate-view.ts';
import { metricsSource } from '../session/metric-check.ts';
import { ageWords, oldestWords, silenceOf } from '../session/metric-live.ts';
import { timeOfDay } from '../text/duration.ts';

/** The worst that one thing has to tell. */
export interface Finding {
  readonly word: 'VIEW' | 'ok' | 'wait' | 'FAIL' | 'BLIND';
  readonly text: string;
  readonly right?: string;
  /** Stands in for it where there is no room. */
  readonly brief?: string;
  /** Stands in for the text where that has no room. */
  readonly tight?: string;
}

export type Watcher = (view: EngineView) => Finding | null;

/** A reason of several checks names its check already; of a single one its kind is enough, so that the cause is not cut. */
const gateText = (gate: GateView): string => {
  // The clock moves: it must not be what is cut.
  if (gate.word === 'wait') return `${gate.clock}, ${gateTitle(gate)}`;
  if (gate.because === null || gate.because === '') return gate.title;
  const metric = gate.rows.find((row) => row.metric !== null && row.word === gate.word);
  if (metric !== undefined && gate.word === 'FAIL') return failedMetric(metric);
  const [only, ...others] = gate.rows;
  if (only === undefined || others.length > 0) return gate.because;
  return `${only.title.split(' ')[0] ?? ''}: ${only.because ?? gate.because}`;
};

/** `p99 is 548 ms, limit 458 ms: 3 looks in a row, since 14:48:56`. */
const failedMetric = ({ title, because, value, at }: GateRow): string => {
  const said = (because ?? value).startsWith(`${title}: `)
    ? (because ?? value).slice(title.length + 2)
    : (because ?? value);
  const since = at === null || said.includes(', since ') ? '' : `, since ${timeOfDay(at)}`;
  return `${title} is ${said}${since}`;
};

const gateFinding = (gate: GateView, view: EngineView): Finding => {
  const source = view.cluster?.source;
  const { now } = view;
  const bad = gate.rows.filter(({ word }) => word === gate.word).length;
  const uncounted = bad === 0 || gate.rows.length < 2 || gate.word === 'wait';
  const what = gate.word === 'FAIL' ? 'failed' : 'cannot tell';
  const text = gateText(gate);
  // How old it is now, once: the reason says since when.
  const isStale = gate.word === 'BLIND' && source?.state === 'stale' && text.includes('no news since');
  const count = uncounted ? '' : `${bad} of ${gate.rows.length} checks ${what}`;
  const age = gate.rows.some(({ metric }) => metric !== null) ? (oldestWords(view.metrics, now) ?? '') : '';
  const right = isStale ? sourceWords(source, now) : [count, age].filter((part) => part !== '').join('   ');
  const [tight = text] = text.split(', since ');
  return { word: gate.word, text, tight, right, ...(count === '' || age === '' ? {} : { brief: count }) };
};

export const gate =
  (word: 'FAIL' | 'BLIND' | 'wait'): Watcher =>
  (view) => {
    const silence = word === 'BLIND' ? silenceOf(view.metrics, view.now) : null;
    const found = openGateViews(view.session, view.now).find(
      (each) => each.word === word && !(silence !== null && each.because?.includes(silence.because) === true),
    );
    return found === undefined ? null : gateFinding(found, view);
  };

/** The metrics server itself is silent: said once, not for each of its gates and criteria. */
export const metrics =
  (acknowledged: boolean): Watcher =>
  ({ metrics: asked, session, now, observing }) => {
    const silence = session.finished === null && session.mismatch === null ? silenceOf(asked, now) : null;
    if (silence === null) return null;
    const known = session.acknowledged.find(({ source }) => source === metricsSource);
    if ((known !== undefined) !== acknowledged) return null;
    const since = silence.forMs === null || silence.saysHowLong ? '' : `, ${ageWords(silence.forMs)}`;
    const asks =
      observing === null &&
      acknowledgeable(session, now).some((each) => each.kind === 'source' && each.source === metricsSource);
    const right = known === undefined ? (asks ? 'A acknowledges it' : '') : `${session.operator}: "${known.reason}"`;
    return { word: 'BLIND', text: `metrics: ${silence.because}${since}`, right };
  };
