import { amountWords } from '../../gates/amount-words.ts';
import type { Baseline as Captured } from '../../gates/metric.ts';
import type { Baseline } from '../../runbook/model.ts';
import { baselineMetrics, capturingWords } from '../../session/baseline-due.ts';
import type { MetricOf } from '../../session/metric-of.ts';
import { timeOfDay } from '../../text/duration.ts';
import { safe, safeLine, safeText } from '../../text/safe-text.ts';
import { padTo, widthOf } from '../../text/width.ts';
import { blank, type Row, row, span, wrapRows } from '../rows.ts';
import type { StepView } from './step.ts';

interface Line {
  readonly title: string;
  readonly median: string;
  readonly most: string;
  readonly samples: string;
  readonly problem: string | null;
}

const lineOf = ({ title, meaning, problem }: MetricOf, known: Captured | undefined): Line => {
  const words = (value: number | null): string => (value === null ? '' : amountWords(value, meaning.unit));
  if (known === undefined) return { title, median: '', most: '', samples: '', problem };
  return {
    title,
    median: words(known.median),
    most: words(known.p95),
    samples: `${known.count} of ${known.values.length}`,
    problem: known.problem,
  };
};

/** What metrics were before the change, as far as it is captured; else what will be. */
export const baselineRows = ({ view, at, width }: StepView, baseline: Baseline): readonly Row[] => {
  const frame = view.session.frames[at.frame];
  if (frame === undefined) return [];
  const metrics = baselineMetrics(frame, baseline);
  const captured = metrics.flatMap(({ hash }) => view.session.baselines[hash] ?? []);
  const lines = metrics.map((metric) => lineOf(metric, view.session.baselines[metric.hash]));
  const [first] = captured;
  const head =
    first === undefined
      ? wrapRows(safe`Baseline: ${safeLine(capturingWords(frame, baseline))}.`, width, { dim: true })
      : [
          row(
            safe`Baseline: ${timeOfDay(first.from).slice(0, 5)} to ${timeOfDay(first.to).slice(0, 5)}, before the change`,
            { bold: true },
          ),
        ];
  return captured.length === 0
    ? [...head, ...problemRows(lines, width), blank]
    : [...head, ...table(lines, width), blank];
};

const problemRows = (lines: readonly Line[], width: number): readonly Row[] =>
  lines.flatMap(({ title, problem }) =>
    problem === null ? [] : wrapRows(safe`BLIND ${safeLine(`${title}: ${problem}`)}`, width, { tone: 'blind' }),
  );

const table = (lines: readonly Line[], width: number): readonly Row[] => {
  const most = (of: (line: Line) => string, head: string): number =>
    Math.max(head.length, ...lines.map((line) => widthOf(safeLine(of(line)))));
  const size = {
    median: most(({ median }) => median, 'median'),
    most: most((line) => line.most, 'p95'),
    samples: most(({ samples }) => samples, 'values'),
  };
  const room = width - size.median - size.most - size.samples - 9;
  const title = Math.max(
    8,
    Math.min(
      room,
      most((line) => line.title, 'metric'),
    ),
  );
  const cells = (line: Omit<Line, 'problem'>) =>
    safe`${padTo(safeLine(line.title), title)}   ${padTo(safeLine(line.median), size.median, 'right')}   ${padTo(safeLine(line.most), size.most, 'right')}   ${padTo(safeText(line.samples), size.samples, 'right')}`;
  return [
    row(cells({ title: 'metric', median: 'median', most: 'p95', samples: 'values' }), { dim: true }),
    ...lines.flatMap((line): readonly Row[] => [
      [span(cells(line))],
      ...(line.problem === null ? [] : wrapRows(safe`BLIND ${safeLine(line.problem)}`, width, { tone: 'blind' }, 2)),
    ]),
  ];
};
