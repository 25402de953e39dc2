import { type Verdict, verdictWord } from '../gates/sample.ts';
import { criteriaOf } from '../session/criterion-state.ts';
import type { Recorded, RecordedOf } from '../session/events.ts';
import { foreignWorkload } from '../session/foreign.ts';
import type { SessionState } from '../session/state.ts';
import { placeOf } from '../session/walk.ts';
import { reportedFact } from '../session/watch-line.ts';
import { spoken } from '../text/duration.ts';
import { outcomeWords } from './commands.ts';
import { lockWords } from './lock.ts';
import { type Collector, type Moment, phaseTitle, stepTitle } from './moments.ts';
import type { TimelineEntry } from './record.ts';
import { iso } from './times.ts';

/** What somebody who was not there needs to follow the run: turning points, not every tick. In the order of the journal. */
export const timeline = (): Collector<readonly TimelineEntry[]> => {
  const log: TimelineEntry[] = [];
  const begun = new Set<string>();
  const add = (event: Recorded, text: string, step: string | null): void => {
    log.push({ at: iso(event.at), by: event.actor, frame: event.frame, step, text });
  };
  return {
    see: (moment) => {
      const { event, before } = moment;
      const step = stepBegun(before, event);
      const phase = step === null ? '' : phaseTitle(before, event.frame, step);
      const key = `${event.frame}/${phase}`;
      if (phase !== '' && !begun.has(key)) {
        begun.add(key);
        add(event, `Phase: ${phase}`, null);
      }
      const text = words(moment);
      if (text !== null) add(event, text, 'step' in event.data ? event.data.step : null);
    },
    result: () => log,
  };
};

const beginning = new Set<Recorded['type']>([
  'step.started',
  'step.passed',
  'command.confirmed',
  'decision.made',
  'approval.given',
  'message.posted',
]);

/** The step with which a phase on the path begins. */
const stepBegun = (state: SessionState, event: Recorded): string | null => {
  if (!beginning.has(event.type) || !('step' in event.data) || event.data.step === null) return null;
  const frame = state.frames[event.frame];
  const place = frame === undefined ? undefined : placeOf(frame.runbook, event.data.step);
  return place === undefined || place.offPath ? null : event.data.step;
};

const because = (reason: string | null): string => (reason === null || reason === '' ? '' : `: ${reason}`);

const words = (moment: Moment): string | null => {
  const { event } = moment;
  if (event.type.startsWith('run.')) return runWords(event);
  if (event.type.startsWith('command.')) return commandWords(moment);
  if (event.type.startsWith('lock.')) return lockWords(event);
  return actionWords(moment);
};

const runWords = (event: Recorded): string | null => {
  switch (event.type) {
    case 'run.started':
      return `Started on ${event.data.host}`;
    case 'run.left':
      return 'Left';
    case 'run.gap': {
      const kinds = {
        left: 'left',
        killed: 'the program had ended',
        sleep: 'the machine slept',
        disconnect: 'disconnected',
      };
      const { from, to, kind } = event.data;
      return `Back after ${spoken(Math.max(0, to - from))} (${kinds[kind]})`;
    }
    case 'run.paused':
      return `On hold: ${event.data.reason}`;
    case 'run.unpaused':
      return `Hold lifted${because(event.data.reason)}`;
    case 'run.finished':
      return `Ended: ${event.data.outcome === 'rolled-back' ? 'rolled back' : event.data.outcome}${because(event.data.reason)}`;
    default:
      return null;
  }
};

const commandWords = ({ event, before, after }: Moment): string | null => {
  if (!('attempt' in event.data)) return null;
  const attempt = before.attempts[event.data.attempt];
  if (attempt === undefined) return null;
  const title = stepTitle(before, attempt.frame, attempt.step);
  switch (event.type) {
    case 'command.finished': {
      const { outcome, recovered } = event.data;
      const troubled = after.frames[attempt.frame]?.steps[attempt.step]?.status === 'attention';
      if ((attempt.spec.risk === 'read' && !troubled) || attempt.part === 'send') return null;
      const took = outcome.endedAt >= outcome.startedAt ? ` (took ${spoken(outcome.endedAt - outcome.startedAt)})` : '';
      const found = recovered ? ', found again after the program had ended' : '';
      return `${title}: ${outcomeWords(outcome, attempt.spec.endsInMatch)}${took}${found}`;
    }
    case 'command.stop-requested':
      return attempt.spec.background ? null : `${title}: stop asked for`;
    case 'command.unknown':
      return attempt.status === 'unknown' ? null : `${title}: UNKNOWN, no result was recorded`;
    case 'command.resolved':
      return event.data.as === 'not-started' ? `${title}: never started${because(event.data.evidence)}` : null;
    default:
      return null;
  }
};

const gateWords = (verdict: Verdict, title: string, why: string): string | null => {
  const word = verdictWord(verdict);
  return word === 'wait' ? null : `${title}: ${word}${because(why)}`;
};

const criterionWords = (
  state: SessionState,
  event: Extract<
    Recorded,
    { type: 'criterion.breached' | 'criterion.recovered' | 'criterion.blind' | 'criterion.acknowledged' }
  >,
): string | null => {
  const title = criteriaOf(state)[event.data.criterion]?.title ?? 'a criterion';
  switch (event.type) {
    case 'criterion.breached':
      return `Rollback criterion ${title}: breached${because(event.data.value)}${event.data.happenedAt === undefined ? '' : `, at ${iso(event.data.happenedAt).slice(11, 19)} while nobody watched`}`;
    case 'criterion.recovered':
      return `Rollback criterion ${title}: well again${because(event.data.value)}`;
    case 'criterion.blind':
      return `Rollback criterion ${title}: BLIND${because(event.data.because)}`;
    case 'criterion.acknowledged':
      return `Rollback criterion ${title}: acknowledged${because(event.data.reason)}`;
  }
};

const baselineWords = ({ data }: RecordedOf<'baseline.captured'>): string => {
  const titles = (isFull: boolean): string =>
    data.metrics.flatMap(({ title, problem }) => ((problem === null) === isFull ? [title] : [])).join(', ');
  const [full, lacking] = [titles(true), titles(false)];
  return [full === '' ? '' : `captured ${full}`, lacking === '' ? '' : `not enough data for ${lacking}`]
    .filter((part) => part !== '')
    .join(', ');
};

/** Told once, with its end: for how long it was there. A watch that was killed is found in the times only. */
const watchWords = (event: RecordedOf<'watch.reported'>, after: SessionState): string | null => {
  const fact = reportedFact(event);
  if (fact?.type !== 'watch.ended') return null;
  const spans = after.watches.find(({ session }) => session === event.data.session)?.spans ?? [];
  const total = spans.reduce((sum, { from, to }) => sum + to - from, 0);
  const why = fact.data.why === 'stopped' ? '; it stopped at another target' : '';
  return `${fact.who} had watched criteria and panels for ${spoken(total)}${why}`;
};

const actionWords = ({ event, before, after }: Moment): string | null => {
  const title = (): string =>
    'step' in event.data && event.data.step !== null ? stepTitle(before, event.frame, event.data.step) : '';
  switch (event.type) {
    case 'operator.changed':
      return `${event.data.to} took over from ${event.data.from}`;
    case 'frame.opened':
      return event.data.purpose === 'handoff' ? `Went over to ${event.data.runbook.title}` : null;
    case 'frame.closed':
      return `Came back from ${before.frames[event.frame]?.reference.title ?? 'the other runbook'}`;
    case 'step.failed':
      return `${title()}: failed${because(event.data.reason)}`;
    case 'decision.made':
      return `${title()}: decided "${event.data.label}"${because(event.data.reason)}`;
    case 'approval.given':
      return `${title()}: approved by ${event.data.by}${event.data.verified ? '' : ' (unverified)'}`;
    case 'approval.refused':
      return `${title()}: approval refused${event.data.by === null ? '' : ` by ${event.data.by}`}: ${event.data.reason}`;
    case 'approval.voided':
      return `${title()}: approval voided: ${event.data.because}`;
    case 'gate.verdict':
      return gateWords(event.data.verdict, title(), event.data.because);
    case 'gate.overridden':
      return `${title()}: gone past the gate${because(event.data.reason)}`;
    case 'gate.by-eye':
      return `${title()}: judged by eye${because(event.data.seen)}`;
    case 'criterion.breached':
    case 'criterion.recovered':
    case 'criterion.blind':
    case 'criterion.acknowledged':
      return criterionWords(before, event);
    case 'baseline.captured':
      return `${title()}: ${baselineWords(event)}`;
    case 'baseline.accepted':
      return `${title()}: gone on without a full baseline${because(event.data.reason)}`;
    case 'source.acknowledged':
      return foreignWorkload(event.data.source) === null
        ? `${event.data.source} known to be away${because(event.data.reason)}`
        : null;
    case 'change.foreign':
      return `${event.data.workload} was changed outside this run by ${event.data.by}${because(event.data.what)}`;
    case 'message.posted':
      return `${title()}: message ${event.data.how === 'sent' ? 'sent' : 'copied'}${event.data.to === null ? '' : ` to ${event.data.to}`}`;
    case 'watch.reported':
      return watchWords(event, after);
    case 'status.posted':
      return 'Status update';
    case 'rollback.started':
      return 'Rollback started';
    case 'rollback.finished':
      return `Rollback ${event.data.outcome}`;
    default:
      return null;
  }
};
