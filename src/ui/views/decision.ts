import type { EngineView } from '../../engine/view.ts';
import type { MainAction } from '../../session/main-action.ts';
import { rollbackLine } from '../../session/overview.ts';
import { choiceTargetWords } from '../../session/ui-words.ts';
import { safe, safeText } from '../../text/safe-text.ts';
import { type Row, span } from '../rows.ts';

const option = (key: string, words: string, detail: string): Row => [
  span(safe`${key.padEnd(6)}`, { tone: 'now', bold: true }),
  span(safe`${words}`, { bold: true }),
  span(safe`${detail === '' ? '' : `   ${detail}`}`, { dim: true }),
];

const rollbackOption = (view: EngineView): readonly Row[] => {
  const way = rollbackLine(view.session, view.now);
  if (way.source === null || way.running) return [];
  return [option('R', `Roll back: ${way.title}`, way.commands === 1 ? '1 command' : `${way.commands} commands`)];
};

/** The choices there are now, each with its key; empty when there is nothing to decide. */
export const decisionRows = (view: EngineView, main: MainAction): readonly Row[] => {
  switch (main.kind) {
    case 'decide':
      return [
        ...main.choices.map(({ label, target }, i) => option(String(i + 1), label, choiceTargetWords(target))),
        ...rollbackOption(view),
      ];
    case 'choose-phase':
      return main.phases.map((phase, i) =>
        option(String(i + 1), phase.title, phase.choice === null ? '' : phase.choice),
      );
    case 'accept':
      return [
        option('Enter', 'Accept it as it is', 'with a reason'),
        option('t', 'Try again', ''),
        option('F', 'It failed', 'with a reason'),
        ...rollbackOption(view),
      ];
    case 'resolve':
      return [
        option('Enter', 'Say what became of it', 'succeeded, failed, not applied; and how you know'),
        option('o', 'Look at its output', 'what was written before it was lost'),
      ];
    case 'nothing':
      return main.at?.state.status === 'failed'
        ? [
            option('t', 'Try again', ''),
            option('b', 'Go back', 'to this step or an earlier one (k, then b)'),
            option('S', 'Leave it out', 'with a reason'),
            ...rollbackOption(view),
          ]
        : [];
    case 'finish':
      return main.owed.length === 0
        ? []
        : main.owed.map(({ step }) => [
            span(safeText('owed  '), { tone: 'wait', bold: true }),
            span(safe`${step.title}`),
          ]);
    default:
      return [];
  }
};
