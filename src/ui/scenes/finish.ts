import type { FaceOptions } from '../../engine/face.ts';
import type { Engine, EngineView } from '../../engine/view.ts';
import type { Outcome } from '../../session/events.ts';
import { lockWarning } from '../../session/lock-state.ts';
import { owed, stateWords } from '../../session/overview.ts';
import { stepTitle } from '../../session/ui-facts.ts';
import { isSettled, places, stepStateOf } from '../../session/walk.ts';
import { dateTime, spoken } from '../../text/duration.ts';
import { safe, safeLine, safeText } from '../../text/safe-text.ts';
import { padTo, shorten, widthOf } from '../../text/width.ts';
import { changeWords } from '../change.ts';
import { blank, labelled, type Row, row, type Tone } from '../rows.ts';
import type { Theme } from '../theme.ts';
import { targetWords } from '../views/dialog-confirm.ts';
import { pageRows } from './page.ts';

type FinishedRecord = NonNullable<ReturnType<Engine['lastRecord']>>;

const outcomes: Readonly<Record<Outcome, { readonly words: string; readonly tone: Tone }>> = {
  succeeded: { words: 'Succeeded', tone: 'ok' },
  partial: { words: 'Partial: some steps were skipped', tone: 'wait' },
  failed: { words: 'FAIL: ended with a failed step', tone: 'fail' },
  aborted: { words: 'Aborted', tone: 'wait' },
  'rolled-back': { words: 'Rolled back', tone: 'wait' },
};

/** Steps that did not go as written: failed, skipped, accepted, overridden, tried more than once, changed. */
const deviations = ({ session }: EngineView): readonly string[] => [
  ...session.frames.flatMap((frame) =>
    places(frame.runbook).flatMap(({ step }) => {
      const state = stepStateOf(frame, step);
      const odd =
        state.status === 'failed' ||
        state.status === 'skipped' ||
        (state.status === 'passed' &&
          (state.tries > 1 || state.how === 'accepted' || state.how === 'override' || state.how === 'by-eye'));
      return odd
        ? [`${stepTitle(frame, step.id)}: ${stateWords(state)}${state.reason === null ? '' : `, ${state.reason}`}`]
        : [];
    }),
  ),
  ...Object.values(session.attempts)
    .filter(({ edited }) => edited)
    .map((attempt) => `changed before it ran: ${attempt.spec.script.trim().split('\n')[0] ?? ''}`),
  ...session.overrides.map(({ what, reason }) => `went past ${what}: ${reason}`),
];

/** `12 of 71`: settled steps on the path, in all runbooks of the run that were walked. */
const stepsDone = ({ frames }: EngineView['session']): string => {
  const path = frames.flatMap((frame) =>
    places(frame.runbook)
      .filter(({ offPath }) => !offPath)
      .map(({ step }) => stepStateOf(frame, step).status),
  );
  return `${path.filter(isSettled).length} of ${path.length}`;
};

const list = (title: string, lines: readonly string[], width: number): readonly Row[] =>
  lines.length === 0
    ? []
    : [
        blank,
        row(safe`${title}`, { bold: true }),
        ...lines.flatMap((line) => labelled(safeText('  - '), safe`${line}`, width)),
      ];

const factRows = (view: EngineView, theme: Theme, width: number): readonly Row[] => {
  const { session } = view;
  const { startedAt, finished } = session;
  const fact = (name: string, text: string): readonly Row[] => labelled(safe`${name.padEnd(12)}`, safe`${text}`, width);
  const commands = Object.values(session.attempts).filter(({ status }) => status !== 'not-started').length;
  const time = (from: number): string =>
    `${dateTime(from)} to ${finished === null ? 'now' : dateTime(finished.at)} UTC, ${spoken((finished?.at ?? view.now) - from)}`;
  return [
    ...fact('steps', `${stepsDone(session)} done, ${commands} ${commands === 1 ? 'command' : 'commands'}`),
    ...fact('change', changeWords(view, theme) || 'not named'),
    ...fact('target', targetWords(session)),
    ...(startedAt === null ? [] : fact('time', time(startedAt))),
    ...fact('operator', session.operator),
  ];
};

/** A lock that this run leaves to others although it is done with it. */
const lockRows = ({ session }: EngineView, width: number): readonly Row[] => {
  const warning = lockWarning(session);
  if (warning?.isForOthers !== true) return [];
  return [blank, ...labelled(safeText('FAIL  '), safe`${safeLine(warning.text)}`, width, { tone: 'fail' })];
};

/** What could not be saved, and where the record is. */
const recordRows = ({ notice }: EngineView, record: FinishedRecord | null, width: number): readonly Row[] => {
  const error = notice?.level === 'error' ? notice : null;
  const words = error === null ? null : safe`${error.text}${error.nextStep === null ? '' : safe`. ${error.nextStep}`}`;
  const failed = words === null ? [] : [blank, ...labelled(safeText('FAIL  '), words, width, { tone: 'fail' })];
  if (record === null)
    return failed.length > 0 ? failed : [blank, row(safeText('The record is being written …'), { dim: true })];
  return [
    ...failed,
    blank,
    row(safe`Record${record.interim ? ' (INTERIM)' : ''}`, { bold: true }),
    ...record.paths.flatMap((path) => labelled(safeText('  '), safe`${path}`, width)),
    ...labelled(safeText('  '), safe`head ${record.head}`, width, { dim: true }),
  ];
};

/** Before the change and now; the record has the limits and the times beside them. */
const metricRows = (record: FinishedRecord | null, width: number): readonly Row[] => {
  const metrics = record?.metrics ?? [];
  const longest = Math.max(0, ...metrics.map(({ title }) => widthOf(title)));
  const column = Math.min(40, Math.floor(width / 3), longest) + 2;
  return metrics.length === 0
    ? []
    : [
        blank,
        row(safeText('Numbers, before the change and at the end'), { bold: true }),
        ...metrics.flatMap(({ title, words }) =>
          labelled(safe`  ${padTo(shorten(safeText(title), column - 2), column)}`, safe`${words}`, width),
        ),
      ];
};

const nextRows = (record: FinishedRecord | null, runId: string, width: number): readonly Row[] => [
  blank,
  row(safeText('Next'), { bold: true }),
  ...(record === null
    ? []
    : labelled(safeText('  '), safeText('y copies the record, to be pasted into the ticket'), width)),
  ...labelled(safeText('  '), safe`gonogo verify ${runId}`, width),
];

/** The last screen: outcome, deviations, what is owed, where the record went, what to paste. */
export const finishRows = (
  engine: Engine,
  options: FaceOptions,
  size: { readonly columns: number; readonly rows: number },
  theme: Theme,
  scroll: number,
): readonly Row[] => {
  const view = engine.view();
  const { session } = view;
  const { finished } = session;
  const record = engine.lastRecord();
  const width = size.columns - 2;
  const { words, tone } =
    finished === null ? { words: 'Left; it can be resumed', tone: 'wait' as const } : outcomes[finished.outcome];
  const open = owed(session).map(({ step }) => step.title);
  const odd = deviations(view);
  const rows = [
    row(safe`${words}${finished?.reason == null ? '' : `: ${finished.reason}`}`, { tone, bold: true }),
    blank,
    ...factRows(view, theme, width),
    ...lockRows(view, width),
    ...metricRows(record, width),
    ...list(`Deviations: ${odd.length}`, odd, width),
    ...list('Owed, still open', open, width),
    ...recordRows(view, record, width),
    ...nextRows(record, options.runId, width),
  ];
  const title = session.run === null ? safeText('Run') : safe`${session.frames[0]?.reference.title ?? 'Run'}`;
  const enter = safeText(record === null ? 'Enter leaves.' : 'Enter leaves.  y copies the record.');
  const keys = safeText(`${record === null ? '' : 'y copy the record   '}j k scroll   q leave`);
  return pageRows({ title, headline: safe`${words}`, rows, scroll, enter, keys }, size.columns, size.rows, theme);
};
