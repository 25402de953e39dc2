import type { Press } from '../press.ts';
import type { Row } from '../rows.ts';
import { announcer, type Scene, type Size } from '../stage.tsx';
import type { Theme } from '../theme.ts';
import { RowsView } from '../widgets/rows-view.tsx';

/** A screen with a state of its own that ends in an answer. */
export interface Question<State, Answer> {
  readonly initial: State;
  readonly rows: (state: State, size: Size) => readonly Row[];
  readonly press: (state: State, press: Press, size: Size) => { readonly state: State } | { readonly answer: Answer };
  readonly paste?: (state: State, text: string) => State;
}

/** Shows a question until it is answered. */
export const askOnStage = <State, Answer>(
  show: (scene: Scene) => void,
  theme: Theme,
  question: Question<State, Answer>,
): Promise<Answer> =>
  new Promise((resolve) => {
    const { changed, subscribe, revision } = announcer();
    let state = question.initial;
    let size: Size = { columns: 80, rows: 24 };
    let answered = false;
    show({
      draw: (next) => {
        size = next;
        return <RowsView rows={question.rows(state, next)} theme={theme} />;
      },
      press: (press) => {
        if (answered) return;
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
      subscribe,
      revision,
    });
  });
