import type { FilledForm, InputForm } from '../../engine/face.ts';
import { safe, safeText } from '../../text/safe-text.ts';
import { blank, wrapRows } from '../rows.ts';
import { formFor, pasteInForm, pressInForm } from '../run/form-keys.ts';
import type { FormState } from '../screen-state.ts';
import type { Theme } from '../theme.ts';
import { formEnter, formKeys, formRows, formScroll } from '../views/form.ts';
import { pageRoom, pageRows } from './page.ts';
import type { Question } from './question.tsx';

/** One form for all inputs without a value, the rules beside each field. */
export const inputsQuestion = (form: InputForm, theme: Theme): Question<FormState, FilledForm | null> => ({
  initial: formFor(form.fields),
  rows: (state, { columns, rows }) => {
    const { rows: fields, cursorRow } = formRows(state, { columns: columns - 2, height: rows, theme });
    const summary = form.summary === null ? [] : [...wrapRows(form.summary, columns - 2, { dim: true }), blank];
    const body = [...summary, ...fields];
    const last = state.at === state.fields.length - 1;
    return pageRows(
      {
        title: form.title,
        headline: safeText('what to fill in'),
        rows: body,
        scroll: formScroll(body.length, cursorRow + summary.length, pageRoom(rows)),
        enter: safe`${last ? 'Enter starts the checks; nothing runs yet.' : formEnter(state)}`,
        keys: formKeys,
      },
      columns,
      rows,
      theme,
    );
  },
  press: (state, press) => {
    if (press.name === 'char' && press.ctrl && press.char === 'c') return { answer: null };
    const outcome = pressInForm(state, press, form.validate);
    if (outcome.kind === 'back') return { answer: null };
    return outcome.kind === 'change'
      ? { state: outcome.form }
      : { answer: { values: outcome.values, secrets: outcome.secrets } };
  },
  paste: pasteInForm,
});
