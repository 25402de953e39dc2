import { safeText } from '../../text/safe-text.ts';
import { chordOf } from '../chord.ts';
import { framed, type Guard, initialGuard, judge } from '../guard.ts';
import type { Press } from '../press.ts';
import { fitRow, type Row, row } from '../rows.ts';
import { announcer, type Scene, type Size } from '../stage.tsx';
import type { Theme } from '../theme.ts';
import { RowsView } from '../widgets/rows-view.tsx';

/** A screen with a state of its own that ends in an answer; null as an answer goes back. */
export interface Question<State, Answer> {
  readonly initial: State;
  readonly rows: (state: State, size: Size) => readonly Row[];
  readonly press: (state: State, press: Press, size: Size) => { readonly state: State } | { readonly answer: Answer };
  readonly paste?: (state: State, text: string) => State;
}

interface Place {
  readonly show: (scene: Scene) => void;
  readonly theme: Theme;
  /** Ms, for the guard of the keys that answer. */
  readonly clock: () => number;
}

/** Over the rule above the two last lines, where nothing else is. */
const withNotice = (rows: readonly Row[], columns: number): readonly Row[] =>
  rows.toSpliced(-3, 1, fitRow(row(safeText(' screen changed, press again '), { inverse: true, bold: true }), columns));

/** Shows a question until it is answered. A key that goes on is dropped while the screen is new or the key is held. */
export const askOnStage = <State, Answer>(
  { show, theme, clock }: Place,
  question: Question<State, Answer>,
): Promise<Answer> =>
  new Promise((resolve) => {
    const { changed, subscribe, revision } = announcer();
    let state = question.initial;
    let size: Size = { columns: 80, rows: 24 };
    let answered = false;
    let tooSoon = false;
    let guard: Guard = framed(initialGuard(clock()), 'question', clock());
    const goesOn = (press: Press): boolean => {
      const result = question.press(state, press, size);
      return 'answer' in result && result.answer !== null;
    };
    show({
      draw: (next) => {
        size = next;
        const rows = question.rows(state, next);
        return <RowsView rows={tooSoon ? withNotice(rows, next.columns) : rows} theme={theme} />;
      },
      press: (press) => {
        if (answered) return;
        tooSoon = false;
        if (goesOn(press)) {
          const judged = judge(guard, chordOf(press), press.burst, clock());
          guard = judged.guard;
          if (judged.verdict !== 'act') {
            tooSoon = judged.verdict === 'changed';
            return changed();
          }
        }
        const result = question.press(state, press, size);
        if ('answer' in result) {
          answered = true;
          resolve(result.answer);
          return;
        }
        state = result.state;
        changed();
      },
      paste: (text) => {
        if (question.paste === undefined || answered) return;
        state = question.paste(state, text);
        changed();
      },
      confirms: (press) => !answered && (press.name === 'enter' || goesOn(press)),
      subscribe,
      revision,
    });
  });
