import type { EngineView } from '../../engine/view.ts';
import type { MainAction } from '../../session/main-action.ts';
import { rollbackLine } from '../../session/overview.ts';
import { choiceTargetWords } from '../../session/ui-words.ts';
import { safe, safeText } from '../../text/safe-text.ts';
import { widthOf } from '../../text/width.ts';
import { changeOf } from '../change.ts';
import { countWords } from '../header-lines.ts';
import { fitRow, type Row, span, wrapRows } from '../rows.ts';

/** With fewer rows than this the first command of a rollback is left to `R`. */
const roomyRows = 8;

interface Option {
  readonly key: string;
  readonly words: string;
  readonly detail: string;
  /** Below them, as far as it fits in one row. */
  readonly below?: string;
}

const option = (key: string, words: string, detail: string): Option => ({ key, words, detail });

/** Keys, words and details as three columns; a detail that is longer is wrapped in its own. */
const aligned = (options: readonly Option[], columns: number): readonly Row[] => {
  const width = Math.min(48, Math.max(0, ...options.map(({ words }) => widthOf(words))));
  return options.flatMap(({ key, words, detail, below }): readonly Row[] => {
    const more = below === undefined ? [] : [fitRow([span(safe`${' '.repeat(6)}${below}`, { dim: true })], columns)];
    const head: Row = [
      span(safe`${key.padEnd(6)}`, { tone: 'now', bold: true }),
      span(safe`${words}${' '.repeat(Math.max(0, width - widthOf(words)))}`, { bold: true }),
    ];
    if (detail === '') return [head, ...more];
    const indent = 6 + width + 3;
    const room = columns - indent;
    if (room < 16) return [head, ...wrapRows(safe`${detail}`, columns, { dim: true }, 6), ...more];
    const [first, ...rest] = wrapRows(safe`${detail}`, room, { dim: true });
    const lead = span(safeText(' '.repeat(indent)));
    return [[...head, span(safeText('   ')), ...(first ?? [])], ...rest.map((line): Row => [lead, ...line]), ...more];
  });
};

/** One row each, cut where the place ends: every key stays in sight. */
const short = (options: readonly Option[], columns: number): readonly Row[] =>
  options.map(({ key, words, detail }) =>
    fitRow(
      [
        span(safe`${key.padEnd(3)}`, { tone: 'now', bold: true }),
        span(safe`${words}`, { bold: true }),
        ...(detail === '' ? [] : [span(safe`   ${detail}`, { dim: true })]),
      ],
      columns,
    ),
  );

const rollbackOption = (view: EngineView): readonly Option[] => {
  const way = rollbackLine(view.session, view.now);
  if (way.source === null || way.running) return [];
  const { back } = changeOf(view);
  const words = back === null ? `Roll back: ${way.title}` : `Roll back to ${back}`;
  const below = way.first === null ? {} : { below: `first: ${way.first}` };
  return [{ ...option('R', words, countWords(way, ', then ')), ...below }];
};

/** The choices there are now, each with its key, in `most` rows where they can be; empty when there is nothing to decide. */
export const decisionRows = (view: EngineView, main: MainAction, columns: number, most: number): readonly Row[] => {
  if (main.kind === 'finish')
    return main.owed.map(({ step }) => [
      span(safeText('owed  '), { tone: 'wait', bold: true }),
      span(safe`${step.title}`),
    ]);
  const options = optionsOf(view, main);
  const rows = aligned(most < roomyRows ? options.map(({ below: _, ...each }) => each) : options, columns);
  return rows.length <= most ? rows : short(options, columns);
};

/** At a wrong target: what is left to do. */
const stopped: readonly Option[] = [
  option('q', 'Leave the run', 'gonogo resume goes on once the target is right again'),
  option('a', 'Write a note', 'what you see, for the record'),
  option('Q', 'End the run here', 'with a reason; the record is written'),
];

const optionsOf = (view: EngineView, main: MainAction): readonly Option[] => {
  if (view.session.mismatch !== null) return stopped;
  switch (main.kind) {
    case 'decide': {
      const choices = main.choices.map(({ label, target }, i) =>
        option(String(i + 1), label, choiceTargetWords(target)),
      );
      return main.choices.some(({ target }) => target === 'rollback') ? choices : [...choices, ...rollbackOption(view)];
    }
    case 'gate':
      if (main.choices.length === 0) return [];
      return [
        ...rollbackOption(view),
        ...main.choices.map(({ label, detail }, i) => option(String(i + 1), label, detail)),
      ];
    case 'choose-phase':
      return main.phases.map((phase, i) => option(String(i + 1), phase.title, ''));
    case 'accept':
      return [
        option('Enter', 'Accept it as it is', 'with a reason'),
        option('t', 'Try again', ''),
        option('F', 'It failed', 'with a reason'),
        ...rollbackOption(view),
      ];
    case 'resolve':
      return [
        option('Enter', 'Say what became of it', 'and how you know'),
        option('o', 'Look at its output', 'as far as it was written'),
      ];
    case 'nothing':
      if (main.at?.state.status !== 'failed') return [];
      return [
        option('t', 'Try again', ''),
        option('b', 'Go back', 'to this step, or with k to an earlier one'),
        option('S', 'Leave it out', 'with a reason'),
        ...rollbackOption(view),
      ];
    default:
      return [];
  }
};
