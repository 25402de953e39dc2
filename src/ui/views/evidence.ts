import { type GateRow, gateView } from '../../session/gate-view.ts';
import { ageWords } from '../../session/metric-live.ts';
import type { MetricRow } from '../../session/metric-row.ts';
import type { StepState } from '../../session/state.ts';
import { dateTime, spoken, timeOfDay } from '../../text/duration.ts';
import { safe, safeLine, safeText } from '../../text/safe-text.ts';
import { blank, labelled, type Row, row } from '../rows.ts';
import type { DialogContext } from './dialogs.ts';
import { scriptRows } from './step-command.ts';

const fact = (name: string, text: string, columns: number): readonly Row[] =>
  labelled(safe`${name.padEnd(12)}`, safeText(text), columns);

/** Attempts of a step's commands: what ran, who confirmed it, how it ended. */
export const attemptEvidence = (state: StepState, { view, columns }: DialogContext): readonly Row[] =>
  state.actions
    .flatMap(({ attempts }) => attempts)
    .flatMap((number): readonly Row[] => {
      const attempt = view.session.attempts[number];
      if (attempt === undefined) return [];
      const { outcome } = attempt;
      const flags = `${attempt.recovered ? ', RECOVERED' : ''}${attempt.edited ? ', changed by the operator' : ''}`;
      return [
        blank,
        row(safe`Attempt ${number}: ${attempt.status}${flags}`, { bold: true }),
        ...scriptRows(attempt.spec.script, columns),
        ...fact('confirmed', `${dateTime(attempt.confirmedAt)} UTC by ${attempt.by}`, columns),
        ...fact('hash', attempt.hash, columns),
        ...(outcome === null
          ? []
          : [
              ...fact(
                'ended',
                `${dateTime(outcome.endedAt)} UTC, ${outcome.exit === null ? (outcome.signal ?? 'signal') : `exit ${outcome.exit}`}`,
                columns,
              ),
              ...fact(
                'output',
                `${outcome.output.lines} ${outcome.output.lines === 1 ? 'line' : 'lines'}, ${outcome.output.bytes} bytes, sha256 ${outcome.output.sha256}`,
                columns,
              ),
            ]),
      ];
    });

const known = (name: string, text: string | null, columns: number): readonly Row[] =>
  text === null || text === '' ? [] : fact(`  ${name}`, text, columns);

const checkRows = (each: GateRow, columns: number): readonly Row[] => {
  const { title, limit, value, word, because, looks, at, metric } = each;
  return [
    row(safe`${safeLine(title)}  ${word}`, { bold: true }),
    ...(metric === null ? known('limit', limit, columns) : metricRows(metric, limit, columns)),
    ...(metric === null ? known('value', value, columns) : []),
    ...known('because', because, columns),
    ...known(
      'looks',
      metric === null || metric.words.tally === '' ? looks : `${looks}, ${metric.words.tally}`,
      columns,
    ),
    ...known('asked', at === null ? null : `${timeOfDay(at)} UTC`, columns),
  ];
};

/** Limit with its rule, what it was held against, window, age and the query as it was asked. */
const metricRows = (metric: MetricRow, limit: string, columns: number): readonly Row[] => {
  const { words, figures, query, stableQuery, rangeMs, requests, window } = metric;
  const age = figures?.ageMs ?? null;
  return [
    ...known('limit', words.limit === '' || words.limit === limit ? limit : `${words.limit}: ${limit}`, columns),
    ...known('value', words.canary, columns),
    ...known('stable', words.stable, columns),
    ...known('baseline', words.baseline, columns),
    ...known('window', rangeMs === 0 ? null : spoken(rangeMs), columns),
    ...known('in a look', window?.words ?? null, columns),
    ...known('traffic', requests === null ? 'unknown' : requests.words, columns),
    ...known('data age', figures === null ? null : age === null ? 'unknown' : `${ageWords(age)} when asked`, columns),
    ...known('query', query, columns),
    ...known('control', stableQuery, columns),
  ];
};

/** Gates of a step: verdict, clock, and each check with its limit, last value and looks. */
export const gateEvidence = (frame: number, state: StepState, { view, columns }: DialogContext): readonly Row[] =>
  state.actions.flatMap((_, action): readonly Row[] => {
    const gate = gateView(view.session, { frame, step: state.id, action }, view.now);
    if (gate === null) return [];
    return [
      blank,
      row(safe`Gate, try ${gate.try}: ${gate.verdict}, ${gate.clock}`, { bold: true }),
      ...(gate.because === null || gate.because === '' ? [] : fact('because', gate.because, columns)),
      ...(gate.voided === null ? [] : fact('began anew', gate.voided, columns)),
      ...gate.rows.flatMap((each) => checkRows(each, columns)),
    ];
  });
