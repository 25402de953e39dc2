import type { FormField, ValueVerdict } from '../../engine/face.ts';
import type { Input } from '../../runbook/model.ts';
import type { Press } from '../press.ts';
import type { FormState } from '../screen-state.ts';
import { edit, fieldText, insert, textField } from '../text-field.ts';

export const formFor = (fields: readonly FormField[]): FormState => {
  const states = fields.map(({ input, value, last }) => ({
    input,
    field: textField(value),
    last,
    problem: null,
    warning: null,
  }));
  return {
    fields: states,
    at: Math.max(
      0,
      states.findIndex(({ field }) => field.chars.length === 0),
    ),
  };
};

export type FormOutcome =
  | { readonly kind: 'change'; readonly form: FormState }
  | { readonly kind: 'back' }
  | {
      readonly kind: 'done';
      readonly values: Readonly<Record<string, string>>;
      readonly secrets: Readonly<Record<string, string>>;
    };

type Validate = (input: Input, value: string) => ValueVerdict;

const put = (form: FormState, index: number, change: Partial<FormState['fields'][number]>): FormState => ({
  ...form,
  fields: form.fields.map((field, i) => (i === index ? { ...field, ...change } : field)),
});

const check = (form: FormState, index: number, validate: Validate): FormState => {
  const field = form.fields[index];
  if (field === undefined) return form;
  const verdict = validate(field.input, fieldText(field.field));
  return put(
    form,
    index,
    verdict.ok
      ? { problem: null, warning: verdict.warning }
      : { problem: `${verdict.message}. ${verdict.nextStep}` as typeof verdict.message, warning: null },
  );
};

const to = (form: FormState, at: number): FormState => ({
  ...form,
  at: Math.max(0, Math.min(form.fields.length - 1, at)),
});

/** Values go out only when every field is right; the cursor goes to the first that is not. */
const finish = (form: FormState, validate: Validate): FormOutcome => {
  const checked = form.fields.reduce((current, _, i) => check(current, i, validate), form);
  const wrong = checked.fields.findIndex(({ problem }) => problem !== null);
  if (wrong !== -1) return { kind: 'change', form: to(checked, wrong) };
  const values: Record<string, string> = {};
  const secrets: Record<string, string> = {};
  for (const { input, field } of checked.fields) {
    const verdict = validate(input, fieldText(field));
    if (verdict.ok) (verdict.secret ? secrets : values)[input.name] = verdict.value;
  }
  return { kind: 'done', values, secrets };
};

export const pressInForm = (form: FormState, press: Press, validate: Validate): FormOutcome => {
  const current = form.fields[form.at];
  if (press.name === 'escape') return { kind: 'back' };
  if (press.name === 'tab' || press.name === 'down')
    return { kind: 'change', form: to(check(form, form.at, validate), form.at + 1) };
  if (press.name === 'backtab' || press.name === 'up') return { kind: 'change', form: to(form, form.at - 1) };
  if (press.name === 'enter') {
    const checked = check(form, form.at, validate);
    if (checked.fields[form.at]?.problem !== null) return { kind: 'change', form: checked };
    return form.at === form.fields.length - 1
      ? finish(checked, validate)
      : { kind: 'change', form: to(checked, form.at + 1) };
  }
  if (current === undefined) return { kind: 'change', form };
  const field = edit(current.field, press);
  return { kind: 'change', form: field === null ? form : put(form, form.at, { field, problem: null }) };
};

export const pasteInForm = (form: FormState, text: string): FormState => {
  const current = form.fields[form.at];
  return current === undefined
    ? form
    : put(form, form.at, { field: insert(current.field, text, current.input.type === 'text'), problem: null });
};
