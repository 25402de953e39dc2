import type { EngineView } from '../../engine/view.ts';
import type { MainAction } from '../../session/main-action.ts';
import { rollbackLine } from '../../session/overview.ts';
import { choiceTargetWords } from '../../session/ui-words.ts';
import { safe, safeText } from '../../text/safe-text.ts';
import { widthOf } from '../../text/width.ts';
import { changeOf } from '../header-lines.ts';
import { type Row, span } from '../rows.ts';

interface Option {
  readonly key: string;
  readonly words: string;
  readonly detail: string;
}

const option = (key: string, words: string, detail: string): Option => ({ key, words, detail });

/** Keys, words and details as three columns. */
const aligned = (options: readonly Option[]): readonly Row[] => {
  const width = Math.min(40, Math.max(0, ...options.map(({ words }) => widthOf(words))));
  return options.map(({ key, words, detail }) => [
    span(safe`${key.padEnd(6)}`, { tone: 'now', bold: true }),
    span(safe`${words}${' '.repeat(Math.max(0, width - widthOf(words)))}`, { bold: true }),
    span(safe`${detail === '' ? '' : `   ${detail}`}`, { dim: true }),
  ]);
};

const rollbackOption = (view: EngineView): readonly Option[] => {
  const way = rollbackLine(view.session, view.now);
  if (way.source === null || way.running) return [];
  const { from } = changeOf(view);
  return [
    option(
      'R',
      from === null ? `Roll back: ${way.title}` : `Roll back to ${from}`,
      way.commands === 1 ? '1 command' : `${way.commands} commands`,
    ),
  ];
};

/** The choices there are now, each with its key; empty when there is nothing to decide. */
export const decisionRows = (view: EngineView, main: MainAction): readonly Row[] => {
  if (main.kind === 'finish')
    return main.owed.map(({ step }) => [
      span(safeText('owed  '), { tone: 'wait', bold: true }),
      span(safe`${step.title}`),
    ]);
  return aligned(optionsOf(view, main));
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
