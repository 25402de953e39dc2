import type { Command } from '../../runbook/model.ts';
import { likenessWords } from '../../session/sample-likeness.ts';
import type { AttemptState } from '../../session/state.ts';
import { clock, spoken, timeOfDay } from '../../text/duration.ts';
import { safe, safeText } from '../../text/safe-text.ts';
import { bar, type Row, row, span, wrapRow, wrapRows } from '../rows.ts';
import { outputRow } from './output-line.ts';
import type { StepView } from './step.ts';

/** How an attempt goes or went, with the end of its output: at most `room` rows of it. */
export const attemptRows = (step: StepView, attempt: AttemptState, command: Command, room: number): readonly Row[] => {
  const { view, width } = step;
  const tail = view.tails[attempt.attempt];
  const ended = attempt.outcome === null ? [] : attempt.outcome.output.tail.replace(/\n$/, '').split('\n');
  const lines = tail?.tail ?? ended;
  const total = tail?.lines ?? attempt.outcome?.output.lines ?? 0;
  const last = lines.length === 1 && lines[0] === '' ? [] : lastOf(lines, room);
  const wrapped = last.flatMap((line) => wrapRow(outputRow(line), width - 2));
  const shown = lastOf(wrapped, room).map((line): Row => [span(safeText('  ')), ...line]);
  const more =
    total > last.length || wrapped.length > room ? [row(safe`  ${total} lines, o shows all`, { dim: true })] : [];
  const sample =
    attempt.outcome !== null && command.sample !== null
      ? sampleRows(command.sample.text, likenessWords(command.sample.text, attempt.outcome), width)
      : [];
  const elsewhere =
    view.observing !== null && attempt.status === 'running' && attempt.spec.tty
      ? [row(safeText('  interactive: it has the other terminal, its output is not captured'), { dim: true })]
      : [];
  return [...progressRows(step, attempt), ...elsewhere, ...more, ...shown, ...sample];
};

const lastOf = <T>(all: readonly T[], count: number): readonly T[] => all.slice(Math.max(0, all.length - count));

/** The output that the runbook expects; `likeness` says how the real one compares, null without one. */
export const sampleRows = (text: string, likeness: string | null, width: number): readonly Row[] => {
  const lines = text.trimEnd().split('\n');
  const shown = lines.slice(0, 6).flatMap((line) => wrapRows(safeText(line), width, { dim: true }, 2));
  const more = lines.length > 6 ? ` (first 6 of ${lines.length} lines)` : '';
  return [
    row(safe`  expected, by the runbook${more}${likeness === null ? '' : `: ${likeness}`}`, { dim: true }),
    ...shown,
  ];
};

const runningRow = ({ view, width, theme }: StepView, attempt: AttemptState): Row => {
  const { spec } = attempt;
  const elapsed = view.now - (attempt.startedAt ?? attempt.confirmedAt);
  const word = attempt.stopRequested ? 'stopping' : attempt.status === 'confirmed' ? 'starting' : 'running';
  if (spec.timeoutMs === null)
    return row(safe`  ${word} ${clock(elapsed)}, no time limit`, { tone: 'now', bold: true });
  const late = elapsed > spec.timeoutMs;
  const tone = late ? 'wait' : 'now';
  return [
    span(safe`  ${word} ${clock(elapsed)} of ${clock(spec.timeoutMs)}  `, { tone, bold: true }),
    span(bar(elapsed / spec.timeoutMs, Math.max(5, Math.min(24, width - 34)), theme), { tone }),
    ...(late ? [span(safeText('  wait: over its limit'), { tone, bold: true })] : []),
  ];
};

const progressRows = (step: StepView, attempt: AttemptState): readonly Row[] => {
  const { outcome, status, resolved } = attempt;
  if (status === 'running' || status === 'confirmed') return [runningRow(step, attempt)];
  if (status === 'unknown') {
    const words = safe`BLIND  UNKNOWN: started, no result recorded${survivorWords(attempt)}`;
    return wrapRows(words, step.width, { tone: 'blind', bold: true }, 2);
  }
  if (status === 'not-started') return [row(safeText('  NOT STARTED: it never ran; confirm it again'), { bold: true })];
  if (outcome === null)
    return resolved === null ? [] : [row(safe`  ${resolved.as}: ${resolved.evidence}`, { bold: true })];
  return outcomeRows(step, outcome, attempt.recovered);
};

const outcomeRows = (
  { width }: StepView,
  outcome: NonNullable<AttemptState['outcome']>,
  recovered: boolean,
): readonly Row[] => {
  const { exit, signal, explanation, expectation, startedAt, endedAt } = outcome;
  const ended = exit === null ? `ended by ${signal ?? 'a signal'}` : `exit ${exit}`;
  const why = explanation === null ? '' : `: ${explanation}`;
  const took = `${spoken(endedAt - startedAt)}, ended ${timeOfDay(endedAt)}`;
  const words = safe`${recovered ? 'RECOVERED  ' : ''}${ended}${why}   ${took}`;
  const met =
    expectation?.met === true ? wrapRows(safe`ok  ${expectation.because}`, width, { tone: 'ok', bold: true }, 2) : [];
  const notes = outcome.notes.flatMap((note) => wrapRows(safe`${note}`, width, { dim: true }, 2));
  const seen = outcome.interactive ? [row(safeText('  interactive, output not captured'), { dim: true })] : [];
  return [...wrapRows(words, width, { bold: true }, 2), ...met, ...seen, ...notes];
};

const survivorWords = ({ survivors }: AttemptState): string =>
  survivors.length === 0 ? '' : `. Still alive: ${survivors.map(({ pid, command }) => `${pid} ${command}`).join(', ')}`;
